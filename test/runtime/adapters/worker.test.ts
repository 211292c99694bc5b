/** Objects that platforms take as a default export: they stay themselves, and calls of nobody's pass through. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayStackFetch } from '../../../runtime/adapters/fetch-middleware.ts';
import { bunServe, denoServe } from '../../../runtime/adapters/serve.ts';
import { workerHandlers } from '../../../runtime/adapters/worker.ts';
import { runtime } from '../../../runtime/state.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

const request = (): Request => new Request('http://localhost/x?a=1');
const answer = (..._: unknown[]): Response => new Response('ok');

function context(): { waitUntil(promise: Promise<unknown>): void; pending: Promise<unknown>[] } {
  const pending: Promise<unknown>[] = [];
  return { waitUntil: (promise) => void pending.push(promise), pending };
}

describe('an object', () => {
  it('is itself, and its handlers are called as its members', async () => {
    const object = {
      name: 'mine',
      fetch(this: unknown, ..._: unknown[]) {
        return Response.json(this === object);
      },
    };
    const worker = workerHandlers('default', '', object);
    expect(worker).toBe(object);
    expect(workerHandlers('default', '', worker)).toBe(object);
    const waiting = context();
    const response = worker.fetch(request(), {}, waiting);
    expect(await response.json()).toBe(true);
    expect(waiting.pending).not.toHaveLength(0);
    expect(await test.events()).toMatchObject([
      { endpoint: '/x', statusCode: 200, metadata: { framework: 'workers' } },
    ]);
  });

  it.each([
    ['a Request alone', [request()]],
    ['a text', ['http://localhost', {}, context()]],
    ['nothing', []],
  ])("called with %s is nobody's", async (_, args) => {
    const worker = workerHandlers('default', '', { fetch: answer });
    expect(worker.fetch(...args)).toBeInstanceOf(Response);
    expect(await test.events()).toEqual([]);
  });

  it('around a client by hand leaves the event to that', async () => {
    await using other = await startRuntime({ serviceName: 'by-hand', maskFields: ['x'] });
    // The one that hooks report to started first, from the environment.
    runtime().client = test.client;
    const capture = replayStackFetch(other.client);
    const worker = workerHandlers('default', '', {
      fetch: capture((_request: Request, ..._: unknown[]) => Response.json({ x: 1 })),
    });
    worker.fetch(request(), {}, context());
    expect(await other.events()).toMatchObject([
      { serviceName: 'by-hand', responsePayload: { x: '[MASKED]' }, metadata: { framework: 'fetch' } },
    ]);
    expect(await test.events()).toEqual([]);
  });

  it('that is frozen, has getters or is none, stays as it is', () => {
    const frozen = Object.freeze({ fetch: answer });
    expect(workerHandlers('default', '', frozen).fetch).toBe(answer);
    const lazy = {
      get fetch(): never {
        throw new Error('Nobody asked for it');
      },
    };
    expect(workerHandlers('default', '', lazy)).toBe(lazy);
    expect(workerHandlers('default', '', undefined)).toBeUndefined();
  });

  it('is told of messages and points in time', async () => {
    const error = new Error('no');
    const worker = workerHandlers('default', '', {
      scheduled: async (..._: unknown[]) => 'ignored',
      queue: (..._: unknown[]): void => {
        throw error;
      },
      email: (..._: unknown[]) => undefined,
    });
    const waiting = context();
    await worker.scheduled({ cron: '* * * * *', scheduledTime: 1 }, {}, waiting);
    const batch = { queue: 'q', messages: [{ id: 'm', body: { password: 'p' }, attempts: 1 }] };
    expect(() => worker.queue(batch, {}, waiting)).toThrow(error);
    worker.email({ from: 'a@example.com', to: 'b@example.com' }, {}, waiting);
    void worker.scheduled('anything');
    expect(await test.events()).toMatchObject([
      { eventType: 'cron', endpoint: '* * * * *', status: 'success', metadata: { scheduledTime: 1 } },
      {
        eventType: 'queue',
        endpoint: 'q',
        status: 'failed',
        errorMessage: 'no',
        requestPayload: [{ id: 'm', body: { password: '[MASKED]' } }],
        metadata: { messageIds: ['m'] },
      },
      { eventType: 'custom', endpoint: 'email', metadata: { from: 'a@example.com' } },
    ]);
  });
});

describe('servers', () => {
  it("of Deno's, with the handler alone or among options", async () => {
    const info = { remoteAddr: { hostname: '192.0.2.1' } };
    expect(denoServe('serve', '', answer)(request(), info)).toBeInstanceOf(Response);
    const options = { port: 1, handler: answer };
    const given = denoServe('serve', '', options);
    expect([given.port, options.handler]).toEqual([1, answer]);
    given.handler(request(), info);
    given.handler('anything');
    expect(await test.events()).toMatchObject([
      { metadata: { framework: 'deno' }, sourceIp: '192.0.2.1' },
      { metadata: { framework: 'deno' } },
    ]);
  });

  it("of Bun's, with routes", async () => {
    const server = { requestIP: () => ({ address: '192.0.2.1' }) };
    const still = new Response('still');
    const given = bunServe('serve', '', {
      fetch: answer,
      routes: { '/still': still, '/x': answer, '/by/:id': { GET: answer } },
    });
    given.fetch(request(), server);
    given.routes['/x'](request(), server);
    given.routes['/by/:id'].GET(request(), server);
    expect(given.routes['/still']).toBe(still);
    expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
      undefined,
      '/x',
      '/by/:id',
    ]);
  });

  it('given anything else hand it back', () => {
    for (const value of [undefined, null, 'x', { port: 1 }]) {
      expect(denoServe('serve', '', value)).toBe(value);
      expect(bunServe('serve', '', value)).toBe(value);
    }
  });
});
