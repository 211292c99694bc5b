/** The same small application on every platform that is not Node: one success, one failure, by-hand captures, delivered. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { bun, deno, nodes } from './platforms.ts';

const KEY = 'rs_live_smoke';

interface Platform {
  name: string;
  /** Of the application. */
  entry: string;
  /** Settings of esbuild. */
  config: object;
  /** The program that runs, given the bundle. */
  run(bundle: string): { command: string; args: string[] };
  /** Frames are those of the source; else they are as the engine wrote them. */
  mapped: boolean;
  /** Observed functions leave their breadcrumbs with the request, however long they wait. */
  follows: boolean;
  byHand?: boolean;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const node22 = nodes['Node 22'] ?? '';

const WORKERD = { platform: 'browser', conditions: ['workerd', 'worker', 'browser'] };
const EDGE_LIGHT = {
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['edge-light'],
  format: 'iife',
  splitting: false,
};

/** The environment comes as bindings, in the handler's second argument. */
function worker(name: string, entry: string, options: object, more: Partial<Platform>): Platform {
  const run: Platform['run'] = (bundle) => {
    const bindings = { REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url };
    return {
      command: node22,
      args: [here('serve-worker.js'), bundle, JSON.stringify({ bindings, ...options })],
    };
  };
  return { name, entry, config: WORKERD, run, mapped: false, follows: true, ...more };
}

const WITH_NODE = { compatibilityDate: '2026-07-01', compatibilityFlags: ['nodejs_compat'] };
const PLAIN = { compatibilityDate: '2026-07-01' };
const OLD = { compatibilityDate: '2023-10-01' };

const platforms: Platform[] = [
  {
    name: 'Bun',
    entry: 'src/serve.ts',
    config: {},
    run: (bundle) => ({ command: bun, args: ['run', bundle] }),
    mapped: true,
    follows: true,
  },
  {
    name: 'Deno',
    entry: 'src/serve.ts',
    config: {},
    run: (bundle) => ({ command: deno, args: ['run', '--allow-all', bundle] }),
    mapped: true,
    follows: true,
  },
  worker('workerd', 'src/worker.ts', PLAIN, { follows: false }),
  worker('workerd of 2023', 'src/worker.ts', OLD, { follows: false }),
  worker('workerd with nodejs_compat', 'src/worker.ts', WITH_NODE, {}),
  worker('workerd, by hand', 'src/by-hand.ts', PLAIN, { follows: false, byHand: true }),
  worker('workerd with nodejs_compat, by hand', 'src/by-hand.ts', WITH_NODE, { byHand: true }),
  {
    name: 'edge-runtime',
    entry: 'src/vercel.ts',
    config: EDGE_LIGHT,
    run: (bundle) => ({ command: process.execPath, args: [here('serve-edge-function.js'), bundle] }),
    mapped: false,
    follows: false,
  },
];

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: KEY });
});

afterAll(() => receiver.close());

describe.each(platforms)('$name', ({ name, entry, config, run, mapped, follows, byHand = false }) => {
  let project: Project;
  let service: Service;
  let code: string;
  const onEdge = !/^(Bun|Deno)$/.test(name);

  beforeAll(async () => {
    project = createProject('apps/worker');
    // Everything goes into the bundle: there is no node_modules where it runs.
    const { file } = await build(project, 'esbuild', { entry, external: [], config });
    code = readFileSync(file, 'utf8');
    const { command, args } = run(file);
    const environment = { REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url };
    service = await startService(project.dir, args, environment, command);
  });

  afterAll(() => service?.stop());

  const ask = async (path: string, init: RequestInit = {}) => {
    const traceId = `${name}-${Math.random()}`.replaceAll(/[^\w-]/g, '');
    const response = await fetch(service.url + path, {
      ...init,
      headers: { ...init.headers, 'x-trace-id': traceId },
    });
    await response.text();
    const event = await receiver.waitFor((event) => event.traceId === traceId);
    expect(receiver.events.filter((event) => event.traceId === traceId)).toHaveLength(1);
    return { status: response.status, event };
  };

  test('the bundle needs nothing of Node', () => {
    if (!onEdge) return;
    expect(code).not.toMatch(/(?:import|from|require\()\s*["'](?:node:|undici)/);
    expect(code).not.toContain('undici');
  });

  test('a success is delivered and masked', async () => {
    const { status, event } = await ask('/notes?token=SECRET', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer SECRET' },
      body: JSON.stringify({ text: 'second', password: 'SECRET' }),
    });
    expect(status).toBe(201);
    expect(event).toMatchObject({
      method: 'POST',
      endpoint: '/notes',
      requestUrl: expect.stringMatching(/\/notes\?token=\[MASKED\]$/),
      authMode: 'bearer',
      requestPayload: { text: 'second', password: '[MASKED]' },
      responsePayload: { saved: 'second' },
      statusCode: 201,
      serviceName: byHand ? 'by-hand' : 'notes-worker',
      appVersion: '4.5.6',
      commitHash: project.commit,
      metadata: byHand ? { framework: 'fetch' } : { framework: 'hono', route: '/notes' },
    });
    expect(JSON.stringify(event)).not.toContain('SECRET');
    if (follows) expect(outline(event.breadcrumbs)).toContain('saveNote');
  });

  test('a failure is delivered with its error, its way, and its frames', async () => {
    const id = `none-${Math.random()}`;
    const { status, event } = await ask(`/notes/${id}`);
    expect(status).toBe(500);
    expect(event).toMatchObject({
      status: 'failed',
      errorName: 'RangeError',
      errorMessage: `There is no note ${id}`,
      metadata: { handled: !byHand },
    });
    const trail = event.metadata?.['trail'] as { functionName: string; arguments: object }[];
    expect(trail[0]).toMatchObject({ functionName: 'readNote', fileName: 'src/notes.ts', arguments: { id } });
    const [frame] = event.stackFrames ?? [];
    expect(frame?.raw).toMatch(/^at|@/);
    if (mapped)
      expect(frame).toMatchObject({ functionName: 'readNote', fileName: 'src/notes.ts', lineNumber: 6 });
    else expect(frame?.lineNumber).toBeGreaterThan(0);
    if (follows) {
      const inner = byHand ? ['readNote!'] : ['GET /notes/:id!', 'readNote!'];
      expect(outline(event.breadcrumbs).slice(1, -2)).toEqual(inner);
    }
    // Nothing of it is an event of its own.
    expect(receiver.events.filter(({ errorMessage }) => errorMessage?.includes(id))).toHaveLength(1);
  });

  test('what the application handles is no failure', async () => {
    if (byHand) return;
    const { status, event } = await ask('/handled/none');
    expect(status).toBe(404);
    expect(event).not.toHaveProperty('errorName');
    expect(event).toMatchObject({ status: 'warning', metadata: { route: '/handled/:id' } });
  });

  test('requests at the same time keep apart', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `at-a-time-${index}`);
    const all = await Promise.all(ids.map((id) => ask(`/notes/${id}`)));
    for (const [index, { event }] of all.entries()) {
      const id = ids[index];
      expect(event).toMatchObject({ endpoint: `/notes/${id}`, errorMessage: `There is no note ${id}` });
      expect(event.metadata?.['trail']).toMatchObject([{ arguments: { id } }, ...(byHand ? [] : [{}])]);
    }
  });
});
