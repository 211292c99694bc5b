/** Next.js with a base path, a cache of components and middleware on the edge, shipped as a server of its own; built with an API key. */
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { checkEvent, passed, requestEvent, step } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { buildNext, checkOwnFrames, type NextBuild, routeTable } from '../support/e2e-next.ts';
import { freePort, type Service, startService } from '../support/e2e-service.ts';

const at = {
  get: ['app/api/books/[id]/route.ts', 'export async function GET'],
  isLent: ['lib/books.ts', 'export async function isLent'],
} as const;

let absent: NextBuild;
let built: NextBuild;
let receiver: Receiver;
let service: Service;
let without: Service;
let sentByBuild: number;

/** Starts what is shipped, where nothing else of the build is. */
async function ship({ project }: NextBuild, environment: Record<string, string> = {}): Promise<Service> {
  const shipped = join(dirname(project.dir), 'shipped');
  cpSync(project.path('.next/standalone'), shipped, { recursive: true });
  rmSync(project.path('.next'), { recursive: true });
  const PORT = String(await freePort());
  return startService(shipped, ['server.js'], { PORT, HOSTNAME: '127.0.0.1', ...environment });
}

beforeAll(async () => {
  absent = await buildNext('next-cache', 'turbopack', { REPLAYSTACK_ABSENT: '1' });
});

beforeAll(async () => {
  receiver = await startReceiver();
  const environment = { REPLAYSTACK_API_KEY: 'rs_test', REPLAYSTACK_ENDPOINT: receiver.url };
  built = await buildNext('next-cache', 'turbopack', environment);
  sentByBuild = receiver.requests.length;
  without = await ship(absent);
  service = await ship(built, environment);
});

afterAll(async () => {
  await Promise.all([service?.stop(), without?.stop()]);
  await receiver?.close();
});

test('what is rendered in advance is the same as without, and nothing is sent meanwhile', () => {
  expect(routeTable(built.printed)).toEqual(routeTable(absent.printed));
  expect(routeTable(built.printed).join('\n')).toContain('◐ /books/emma');
  expect(built.printed).toContain('[replaystack] 2 routes and 6 functions in 5 files');
  expect(sentByBuild).toBe(0);
});

test.each(['/library', '/library/books/emma', '/nowhere'])(
  '%s is answered as without, and no event',
  async (path) => {
    const [answer, other] = [await send(service.url, { path }), await send(without.url, { path })];
    expect(answer.status).toBe(other.status);
    expect(Object.keys(answer.headers)).toEqual(Object.keys(other.headers));
    expect(receiver.events.filter(({ endpoint }) => endpoint === path)).toEqual([]);
  },
);

test('a request that middleware on the edge answers itself', async () => {
  const headers = { 'x-trace-id': 'turned-away', 'x-api-key': 'hidden' };
  const { status } = await send(service.url, { path: '/library/api/books/emma', headers });
  expect(status).toBe(401);
  expect(await receiver.waitFor(({ traceId }) => traceId === 'turned-away')).toMatchObject({
    endpoint: '/library/api/books/emma',
    requestUrl: `${service.url}/library/api/books/emma`,
    status: 'warning',
    statusCode: 401,
    requestHeaders: { 'x-api-key': '[MASKED]' },
    responsePayload: { error: 'Who are you?', token: '[MASKED]' },
    metadata: { framework: 'next' },
  });
});

test('a request that it lets through, and what the cache has is no part of it', async () => {
  const call = { path: '/library/api/books/emma?card=1', headers: { 'x-trace-id': 'let-in' } };
  const answer = await send(service.url, call);
  expect(JSON.parse(answer.body)).toEqual({ title: 'Emma', lent: true });
  const event = await receiver.waitFor(({ traceId }) => traceId === 'let-in');
  const { project } = built;
  checkEvent(
    event,
    requestEvent(project, service.url, call, answer, {
      requestHeaders: expect.objectContaining(answer.sent),
      responseHeaders: { 'content-type': 'application/json', 'x-trace-id': 'let-in' },
      responsePayload: { title: 'Emma', lent: true },
      sourceIp: undefined,
      breadcrumbs: [step(project, 'GET', at.get), step(project, 'isLent', at.isLent)],
      metadata: { framework: 'next', route: '/api/books/[id]' },
    }),
  );
});

test('maps are shipped with what they are for', async () => {
  const { project } = built;
  const call = { path: '/library/api/books/lost?card=1', headers: { 'x-trace-id': 'lost' } };
  expect((await send(service.url, call)).status).toBe(500);
  const event = await receiver.waitFor(({ traceId }) => traceId === 'lost');
  expect(event).toMatchObject({
    status: 'failed',
    errorMessage: 'Nobody has seen lost',
    metadata: {
      trail: [passed(project, 'isLent', at.isLent, { slug: 'lost' }), passed(project, 'GET', at.get)],
    },
  });
  checkOwnFrames(project, event, [
    { functionName: 'isLent', file: 'lib/books.ts', at: 'RangeError(' },
    { file: 'app/api/books/[id]/route.ts', at: 'await isLent(' },
  ]);
});

test('what fails while the cache is filled is an event of its own', async () => {
  await send(service.url, { path: '/library/api/books/none?card=1', headers: { 'x-trace-id': 'none' } });
  const event = await receiver.waitFor(({ endpoint }) => endpoint === 'titleOf');
  expect(event).toMatchObject({ eventType: 'custom', errorName: 'TypeError' });
  checkOwnFrames(built.project, event, [{ functionName: 'titleOf', file: 'lib/books.ts', at: 'title;\n}' }]);
});
