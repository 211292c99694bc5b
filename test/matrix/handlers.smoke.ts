/** What platforms take as an exported object, or as an argument of their servers: on workerd, Deno and Bun. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import type { BundlerName } from '../support/e2e-bundlers.ts';
import { build } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { bun, deno, nodes } from './platforms.ts';

const KEY = 'rs_live_handlers';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Platform {
  name: string;
  framework: string;
  entry: string;
  bundler: BundlerName;
  config?: object;
  run(bundle: string): { command: string; args: string[] };
}

function worker(name: string, bundler: BundlerName, config: object, flags: string[]): Platform {
  const run: Platform['run'] = (bundle) => {
    const options = {
      bindings: { REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url },
      compatibilityDate: '2026-07-01',
      compatibilityFlags: flags,
      unsafeTriggerHandlers: true,
      queueProducers: { NOTES: 'notes' },
      queueConsumers: { notes: { maxBatchTimeout: 0.05, maxRetries: 0 } },
    };
    return {
      command: nodes['Node 22'] ?? '',
      args: [here('serve-worker.js'), bundle, JSON.stringify(options)],
    };
  };
  return { name, framework: 'workers', entry: 'src/handlers.ts', bundler, config, run };
}

const CONDITIONS = ['workerd', 'worker', 'browser'];
const ESBUILD = { platform: 'browser', conditions: CONDITIONS };
const ROLLDOWN = { platform: 'browser', resolve: { conditionNames: [...CONDITIONS, 'import'] } };

const platforms: Platform[] = [
  worker('workerd, by esbuild', 'esbuild', ESBUILD, []),
  worker('workerd with nodejs_compat, by rolldown', 'rolldown', ROLLDOWN, ['nodejs_compat']),
  {
    name: 'Deno',
    framework: 'deno',
    entry: 'src/serve-deno.ts',
    bundler: 'esbuild',
    run: (bundle) => ({ command: deno, args: ['run', '--allow-all', bundle] }),
  },
  {
    name: 'Bun',
    framework: 'bun',
    entry: 'src/serve-bun.ts',
    bundler: 'esbuild',
    run: (bundle) => ({ command: bun, args: ['run', bundle] }),
  },
];

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: KEY });
});

afterAll(() => receiver.close());

describe.each(platforms)('$name', ({ name, framework, entry, bundler, config = {}, run }) => {
  let project: Project;
  let service: Service;

  beforeAll(async () => {
    project = createProject('apps/worker');
    const { file } = await build(project, bundler, { entry, external: [], config });
    const { command, args } = run(file);
    const environment = { REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url };
    service = await startService(project.dir, args, environment, command);
  });

  afterAll(() => service?.stop());

  async function ask(path: string, init: RequestInit = {}): Promise<[number, ReplayStackEvent, unknown]> {
    const traceId = `trace-${Math.random()}`;
    const headers = { ...init.headers, 'x-trace-id': traceId };
    const response = await fetch(service.url + path, { ...init, headers });
    const text = await response.text();
    const event = await receiver.waitFor((event) => event.traceId === traceId);
    expect(receiver.events.filter((event) => event.traceId === traceId)).toHaveLength(1);
    if (response.ok) expect(response.headers.get('x-trace-id')).toBe(traceId);
    return [response.status, event, text];
  }

  test('a request', async () => {
    const [status, event, text] = await ask('/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'new', token: 'SECRET' }),
    });
    expect([status, JSON.parse(String(text))]).toMatchObject([201, { saved: 'new' }]);
    expect(event).toMatchObject({
      eventType: 'api',
      requestPayload: { text: 'new', token: '[MASKED]' },
      responsePayload: { saved: 'new' },
      statusCode: 201,
      metadata: { framework },
    });
    if (framework !== 'workers') expect(outline(event.breadcrumbs)).toContain('saveNote');
  });

  test('a failure', async () => {
    const [status, event] = await ask('/none');
    expect(status).toBe(500);
    expect(event).toMatchObject({
      status: 'failed',
      errorMessage: 'There is no note none',
      metadata: { framework },
    });
    const trail = event.metadata?.['trail'] as object[];
    expect(trail[0]).toMatchObject({ functionName: 'readNote', arguments: { id: 'none' } });
    // What a handler is given has the environment's secrets in it.
    expect(JSON.stringify(trail.slice(1))).not.toContain(KEY);
  });

  if (framework === 'bun') {
    test('a route', async () => {
      const [, event] = await ask('/by-id/1');
      expect(event).toMatchObject({ statusCode: 200, metadata: { route: '/by-id/:id' } });
    });
  }

  if (framework === 'workers') {
    test.each(['0 * * * *', '1 * * * *'])('a point in time, %s', async (cron) => {
      await fetch(`${service.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`);
      const event = await receiver.waitFor(({ endpoint }) => endpoint === cron);
      const status = cron.startsWith('1') ? 'failed' : 'success';
      expect(event).toMatchObject({ eventType: 'cron', status, metadata: { framework } });
      receiver.events.splice(receiver.events.indexOf(event), 1);
    });

    test('a batch of a queue', async () => {
      await ask('/queue');
      const event = await receiver.waitFor(({ eventType }) => eventType === 'queue');
      expect(event).toMatchObject({
        endpoint: 'notes',
        status: 'failed',
        errorMessage: 'There is no note none',
        requestPayload: [{ body: { id: '1' } }, { body: { id: 'none' } }],
        metadata: { messageIds: [expect.any(String), expect.any(String)] },
      });
      receiver.events.splice(receiver.events.indexOf(event), 1);
    });
  }

  test('nothing is said about it', () => {
    expect(`${name}${service.stderr()}`).not.toContain('replaystack:');
  });
});
