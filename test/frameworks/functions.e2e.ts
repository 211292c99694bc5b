/** Functions of Google Cloud, by its own framework, and of Vercel and Netlify, as these call them on Node; built by esbuild. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

const KEY = 'rs_live_functions';

let project: Project;
let receiver: Receiver;
const services: Service[] = [];

beforeAll(async () => {
  project = createProject('apps/functions');
  receiver = await startReceiver({ apiKey: KEY });
  const entry = {
    google: 'src/google.ts',
    node: 'api/stock.ts',
    web: 'api/stock/[sku].ts',
    fetch: 'api/fetch.ts',
    netlify: 'netlify/functions/stock.mts',
  };
  await build(project, 'esbuild', { entry, external: ['@google-cloud/functions-framework'] });
});

afterAll(async () => {
  for (const service of services) await service.stop();
  await receiver.close();
});

async function start(args: string[], environment: Record<string, string> = {}): Promise<Service> {
  // A busy machine may take its time for the first event.
  const patient = { REPLAYSTACK_TIMEOUT_MS: '20000', REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '20000' };
  const own = { REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url, ...patient };
  const service = await startService(project.dir, args, { ...own, ...environment });
  services.push(service);
  return service;
}

async function ask(
  { url }: Service,
  path: string,
  init: RequestInit = {},
): Promise<{ response: Response; text: string; event: ReplayStackEvent }> {
  const traceId = `trace-${Math.random()}`;
  const response = await fetch(url + path, { ...init, headers: { ...init.headers, 'x-trace-id': traceId } });
  const text = await response.text();
  const event = await receiver.waitFor((event) => event.traceId === traceId);
  expect(receiver.events.filter((event) => event.traceId === traceId)).toHaveLength(1);
  return { response, text, event };
}

const json = { 'content-type': 'application/json' };

describe('Google Cloud', () => {
  test('functions over HTTP', async () => {
    const service = await start(['serve-google.mjs', project.path('dist/google.mjs'), 'stock']);
    const body = JSON.stringify({ note: 'n', password: 'SECRET' });
    const { response, text, event } = await ask(service, '/?sku=a', { method: 'POST', body, headers: json });
    expect(JSON.parse(text)).toEqual({ sku: 'a', count: 3, asked: 'n' });
    expect(response.headers.get('x-trace-id')).toBe(event.traceId);
    expect(event).toMatchObject({
      eventType: 'api',
      statusCode: 200,
      requestPayload: { note: 'n', password: '[MASKED]' },
      responsePayload: { sku: 'a', count: 3 },
      metadata: { framework: 'google-cloud' },
    });
    const failure = await ask(service, '/?sku=none');
    expect(failure.response.status).toBe(500);
    expect(failure.event).toMatchObject({ status: 'failed', errorMessage: 'There is no none' });
  });

  test('events are answered when they are out', async () => {
    const service = await start(['serve-google.mjs', project.path('dist/google.mjs'), 'restock']);
    const head = { 'ce-specversion': '1.0', 'ce-type': 'shop.restocked', 'ce-source': '/shop' };
    for (const sku of ['a', 'none']) {
      const headers = { ...json, ...head, 'ce-id': sku };
      const before = receiver.events.length;
      const response = await fetch(service.url, { method: 'POST', headers, body: JSON.stringify({ sku }) });
      expect(response.status).toBe(sku === 'a' ? 204 : 500);
      expect(receiver.events).toHaveLength(before + 1);
      expect(receiver.events.at(-1)).toMatchObject({
        eventType: 'custom',
        endpoint: 'restock',
        status: sku === 'a' ? 'success' : 'failed',
        requestPayload: { sku },
        metadata: { framework: 'google-cloud', id: sku, type: 'shop.restocked', source: '/shop' },
      });
    }
  });
});

describe('Vercel', () => {
  const launch = (name: string): Promise<Service> =>
    start(['launch.mjs', project.path(`dist/${name}.mjs`)], { VERCEL: '1' });

  test('a handler of request and response', async () => {
    const service = await launch('node');
    const { response, event } = await ask(service, '/api/stock?sku=a');
    expect(response.headers.get('x-trace-id')).toBe(event.traceId);
    expect(event).toMatchObject({
      statusCode: 200,
      responsePayload: { sku: 'a' },
      metadata: { framework: 'vercel', route: '/api/stock' },
    });
    expect((await ask(service, '/api/stock?sku=none')).event).toMatchObject({ errorName: 'RangeError' });
  });

  test('a handler by method', async () => {
    const service = await launch('web');
    const body = JSON.stringify({ sku: 'a', token: 'SECRET' });
    const { event } = await ask(service, '/api/stock/a', { method: 'POST', body, headers: json });
    expect(event).toMatchObject({
      method: 'POST',
      statusCode: 201,
      requestPayload: { sku: 'a', token: '[MASKED]' },
      metadata: { framework: 'vercel', route: '/api/stock/[sku]' },
    });
  });

  test('an object with fetch', async () => {
    const { event } = await ask(await launch('fetch'), '/api/fetch?sku=a');
    expect(event).toMatchObject({ statusCode: 200, metadata: { framework: 'vercel' } });
  });

  test('elsewhere the same function is nothing of theirs', async () => {
    const service = await start(['launch.mjs', project.path('dist/node.mjs')]);
    const before = receiver.events.length;
    expect(await (await fetch(`${service.url}/api/stock?sku=a`)).json()).toEqual({ sku: 'a', count: 3 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(receiver.events).toHaveLength(before);
  });
});

test('Netlify', async () => {
  const service = await start(['launch.mjs', project.path('dist/netlify.mjs')]);
  const { response, event } = await ask(service, '/stock?sku=a');
  expect(response.headers.get('x-trace-id')).toBe(event.traceId);
  expect(event).toMatchObject({
    statusCode: 200,
    sourceIp: '192.0.2.7',
    metadata: { framework: 'netlify' },
  });
  expect((await ask(service, '/stock?sku=none')).event).toMatchObject({ status: 'failed' });
});
