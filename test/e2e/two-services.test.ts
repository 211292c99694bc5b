/** One service that asks another: outbound calls, trace ids that go along, and what the usual loggers say. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { note, step } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

const services: Service[] = [];
let project: Project;
let receiver: Receiver;
let warehouse: Service;
let shops: Record<'built' | 'absent', string>;

const at = {
  levelOf: ['src/warehouse-client.ts', 'export async function levelOf'],
  priceOf: ['src/warehouse-client.ts', 'export async function priceOf'],
} as const;

async function start(file: string, name: string, more: Record<string, string> = {}): Promise<Service> {
  const service = await startService(project.dir, [file], {
    NODE_ENV: 'production',
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
    REPLAYSTACK_SERVICE_NAME: name,
    REPLAYSTACK_TIMEOUT_MS: '20000',
    ...more,
  });
  services.push(service);
  return service;
}

beforeAll(async () => {
  project = createProject('apps/two-services');
  receiver = await startReceiver();
  const external = ['express', 'pino', 'winston'];
  const of = (name: string): { entry: string; external: string[] } => ({ entry: `src/${name}.ts`, external });
  const { file } = await build(project, 'esbuild', { ...of('warehouse'), outDir: 'dist-warehouse' });
  shops = {
    built: (await build(project, 'esbuild', of('shop'))).file,
    absent: (await build(project, 'esbuild', { ...of('shop'), outDir: 'dist-absent', plugin: 'absent' }))
      .file,
  };
  warehouse = await start(file, 'warehouse');
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await receiver?.close();
});

const eventsOf = async (id: string, count: number): Promise<ReplayStackEvent[]> => {
  await receiver.waitFor(({ traceId, serviceName }) => traceId === id && serviceName === 'shop');
  await expect.poll(() => receiver.events.filter(({ traceId }) => traceId === id).length).toBe(count);
  return receiver.events.filter(({ traceId }) => traceId === id);
};

const call = (path: string, id: string): { path: string; headers: Record<string, string> } => ({
  path,
  headers: { 'x-trace-id': id },
});

test('calls to another service are breadcrumbs of the request that makes them, among its functions', async () => {
  const shop = await start(shops.built, 'shop', { WAREHOUSE: warehouse.url });
  const { body } = await send(shop.url, call('/teas/assam', 'alone'));
  expect(JSON.parse(body)).toEqual({ name: 'assam', level: 12, price: 4 });
  // Nobody has said that trace ids may go there.
  const [event] = await eventsOf('alone', 1);
  const made = { method: 'GET', durationMs: expect.any(Number) as unknown, statusCode: 200 };
  const { url } = warehouse;
  expect(event?.breadcrumbs?.slice(1, -1)).toEqual([
    note('GET /teas/:name', 'function', 'info', expect.anything() as object),
    step(project, 'levelOf', at.levelOf),
    note(`GET ${url}/levels/assam`, 'http', 'info', { ...made, url: `${url}/levels/assam?token=[MASKED]` }),
    step(project, 'priceOf', at.priceOf),
    note(`GET ${url}/prices/assam`, 'http', 'info', { ...made, url: `${url}/prices/assam` }),
  ]);
  expect(event).not.toHaveProperty('logs');
});

test('the trace id goes to a host that may have it, and what is logged belongs to the request', async () => {
  const shop = await start(shops.built, 'shop', {
    WAREHOUSE: warehouse.url,
    REPLAYSTACK_PROPAGATE: '127.0.0.1',
    REPLAYSTACK_CAPTURE_CONSOLE: 'true',
    REPLAYSTACK_LOG_LEVEL: 'warn',
  });
  const id = '0af76519-16cd-43dd-8448-eb211c80319c';
  await send(shop.url, call('/teas/oolong', id));
  // Node's own client tells of its requests in time from Node.js 22.12 on.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isTold = major > 22 || (major === 22 && minor >= 12);
  const events = await eventsOf(id, isTold ? 3 : 2);
  const first = events.find(({ endpoint }) => endpoint === '/levels/oolong');
  expect(first).toMatchObject({
    endpoint: '/levels/oolong',
    requestHeaders: {
      'x-trace-id': id,
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
    },
    responsePayload: { level: 0, carries: true },
  });
  const event = events.find(({ serviceName }) => serviceName === 'shop');
  expect(event?.breadcrumbs).toContainEqual(
    expect.objectContaining({
      message: `GET ${warehouse.url}/prices/oolong`,
      level: 'warning',
      metadata: expect.objectContaining({ statusCode: 404 }) as unknown,
    }),
  );
  expect(event?.logs).toMatchObject([
    { level: 'warning', message: 'out of stock', metadata: { tea: 'oolong', token: '[MASKED]' } },
    { level: 'error', message: 'nobody has ordered', metadata: { tea: 'oolong' } },
    { level: 'error', message: 'no oolong left' },
  ]);
});

test('loggers write what they write without us', async () => {
  const written = await Promise.all(
    [shops.built, shops.absent].map(async (file) => {
      const shop = await start(file, 'shop', { WAREHOUSE: warehouse.url });
      await send(shop.url, call('/teas/oolong', 'written'));
      // What it wrote may come after its answer; it is all there once it has ended.
      await shop.stop();
      const lines = (shop.stdout() + shop.stderr()).split('\n').slice(1);
      return lines.map((line) => line.replaceAll(/"(?:time|pid)":\d+/g, '')).sort();
    }),
  );
  expect(written[0]).toEqual(written[1]);
  expect(written[0]?.join('\n')).toContain('out of stock');
});
