/** Handlers of the fetch standard that no build has seen. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FetchOptions } from '../../../runtime/adapters/fetch-middleware.ts';
import { replayStackFetch } from '../../../runtime/adapters/fetch-middleware.ts';
import { enter, exit } from '../../../runtime/observe/hooks.ts';
import { activeScope } from '../../../runtime/scope.ts';
import { jsonBody } from '../../support/application.ts';
import { buildHono, honoHooks } from '../../support/hono.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime({ ignoredPaths: ['/internal'] })));
afterEach(() => test[Symbol.asyncDispose]());

const ORDERS = 'https://shop.example.com/orders?token=SECRET';

/** Wraps a handler with a new wrapper. */
function capture<Rest extends unknown[], Result>(
  handler: (request: Request, ...rest: Rest) => Result,
  options: FetchOptions = {},
): (request: Request, ...rest: Rest) => Result {
  return replayStackFetch(test.client, options)(handler);
}

describe('a handler', () => {
  it('gets what it is called with, and its request is one event', async () => {
    const ours = { own: true };
    const handler = replayStackFetch(test.client)(async function (
      this: unknown,
      request: Request,
      env: object,
      context: object,
    ) {
      exit(enter('src/x.ts:1:work'));
      test.client.addBreadcrumb('by hand');
      return Response.json({
        same: this === ours && env === ours && context === ours,
        n: await request.json(),
      });
    });
    const request = new Request(ORDERS, { ...jsonBody({ password: 'SECRET', n: 1 }) });
    request.headers.set('cf-connecting-ip', '192.0.2.7');
    const response = await Reflect.apply(handler, ours, [request, ours, ours]);
    expect(await response.json()).toMatchObject({ same: true });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      traceId: response.headers.get('x-trace-id'),
      method: 'POST',
      endpoint: '/orders',
      requestUrl: 'https://shop.example.com/orders?token=[MASKED]',
      requestPayload: { password: '[MASKED]', n: 1 },
      responsePayload: { same: true, n: { password: '[MASKED]' } },
      sourceIp: '192.0.2.7',
      status: 'success',
      metadata: { framework: 'fetch' },
    });
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual([
      'HTTP request started',
      'work',
      'by hand',
      'HTTP request finished',
    ]);
  });

  it('may answer at once, fail at once, or fail later', async () => {
    const error = new TypeError('broken');
    const answer = new Response('text');
    expect(capture(() => answer)(new Request(ORDERS))).toBe(answer);
    const fail = (): Response => {
      throw error;
    };
    expect(() => capture(fail)(new Request(ORDERS))).toThrow(error);
    await expect(capture(async () => fail())(new Request(ORDERS))).rejects.toBe(error);
    const events = await test.events();
    expect(
      events.map(({ errorMessage, metadata }) => `${errorMessage} ${String(metadata?.['handled'])}`).sort(),
    ).toEqual(['broken false', 'broken false', 'undefined undefined']);
  });

  it('is left alone when what comes is no request', async () => {
    expect(capture((request: unknown) => request)('text' as never)).toBe('text');
    expect(await test.events()).toEqual([]);
  });

  it('is left alone by a client that is not enabled', async () => {
    await using off = await startRuntime({ enabled: false });
    const answer = Promise.resolve(new Response());
    expect(replayStackFetch(off.client)(() => answer)(new Request(ORDERS))).toBe(answer);
    expect(await off.events()).toEqual([]);
  });
});

describe('the body of a request', () => {
  const form: URLSearchParams = new URLSearchParams({ otp: '123', name: 'Ada' });

  it.each<[string, (request: Request) => Promise<unknown>, string | URLSearchParams, payload: unknown]>([
    ['json()', (request) => request.json(), '{"otp":"1","n":1}', { otp: '[MASKED]', n: 1 }],
    ['text()', (request) => request.text(), '{"otp":"1","n":1}', { otp: '[MASKED]', n: 1 }],
    ['arrayBuffer()', (request) => request.arrayBuffer(), '{"otp":"1"}', { otp: '[MASKED]' }],
    ['formData()', (request) => request.formData(), form, { otp: '[MASKED]', name: 'Ada' }],
    ['clone().json()', (request) => request.clone().json(), '{"otp":"1"}', { otp: '[MASKED]' }],
    ['nothing', async () => 0, '{"otp":"1"}', undefined],
  ])('is what the handler got by %s', async (_way, read, body, payload) => {
    const type = body === form ? 'application/x-www-form-urlencoded' : 'application/json';
    const request = new Request(ORDERS, { method: 'POST', body, headers: { 'content-type': type } });
    let got: unknown;
    await capture(async (request) => {
      got = await read(request);
      return new Response();
    })(request);
    expect(got).toEqual(
      await read(new Request(ORDERS, { method: 'POST', body, headers: { 'content-type': type } })),
    );
    expect((await test.events())[0]?.requestPayload).toEqual(payload);
  });

  it('fails to be read as it does without us', async () => {
    const wrapped = capture(async (request) => new Response(String(await request.json().catch(String))));
    const response = await wrapped(new Request(ORDERS, { method: 'POST', body: '{' }));
    expect(await response.text()).toMatch(/^SyntaxError/);
    expect(await test.events()).toHaveLength(1);
  });
});

describe('options', () => {
  it('hold for these requests, over those of the client', async () => {
    const wrapped = capture(async (request) => new Response(await request.text()), {
      captureRequestBody: false,
      captureResponseBody: false,
      captureHeaders: false,
      ignoredPaths: ['/private'],
      getTraceId: (request) => request.headers.get('x-request-id') ?? undefined,
      shouldCapture: ({ path }) => path !== '/unwanted',
    });
    for (const path of ['/internal', '/private', '/unwanted', '/x']) {
      const headers = { 'x-request-id': 'mine', authorization: 'Bearer x' };
      await wrapped(
        new Request(`https://shop.example.com${path}`, { method: 'POST', body: 'text', headers }),
      );
    }
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ endpoint: '/x', traceId: 'mine', authMode: 'bearer' });
    for (const key of ['requestHeaders', 'responseHeaders', 'requestPayload', 'responsePayload']) {
      expect(event).not.toHaveProperty(key);
    }
  });
});

describe('what keeps the platform running', () => {
  /** Whatever the platform was given to wait for, and whether all of it has settled. */
  function platform(): { waitUntil(promise: Promise<unknown>): void; settled(): Promise<unknown> } {
    const promises: Promise<unknown>[] = [];
    return {
      waitUntil(this: { waitUntil?: unknown }, promise) {
        // As a method: those of platforms look for their context in `this`.
        if (this.waitUntil === undefined) throw new TypeError('Illegal invocation');
        promises.push(promise);
      },
      settled: async () => {
        for (let count = -1; count < promises.length;) {
          count = promises.length;
          await Promise.all(promises);
        }
      },
    };
  }

  it.each<[string, (context: object) => unknown[]]>([
    ["Workers' context", (context) => [{ KEY: 'value' }, context]],
    ['the event of edge functions', (context) => [context]],
  ])('is %s, until the event has been delivered', async (_name, rest) => {
    const context = platform();
    await capture(async (_request, ..._rest: unknown[]) => new Response('text'))(
      new Request(ORDERS),
      ...rest(context),
    );
    await context.settled();
    expect(test.receiver.accepted()).toHaveLength(1);
  });

  it.each(['@vercel/request-context', '@next/request-context'])('is that of %s', async (name) => {
    const context = platform();
    const holder = globalThis as Record<symbol, unknown>;
    holder[Symbol.for(name)] = { get: () => context };
    await capture(async () => new Response('text'))(new Request(ORDERS));
    delete holder[Symbol.for(name)];
    await context.settled();
    expect(test.receiver.accepted()).toHaveLength(1);
  });

  it('is what the options name, as `after` of Next.js', async () => {
    const promises: Promise<unknown>[] = [];
    const after = (promise: Promise<unknown>): void => void promises.push(promise);
    const others = platform();
    await capture(async (_request, _context: object) => new Response('text'), { waitUntil: after })(
      new Request(ORDERS),
      others,
    );
    for (let index = 0; index < promises.length; index++) await promises[index];
    expect(test.receiver.accepted()).toHaveLength(1);
  });

  it('waits for what the handler captures by hand as well', async () => {
    const context = platform();
    await capture(async (_request, _context: object) => {
      void test.client.captureEvent({ endpoint: 'by hand' });
      return new Response('text');
    })(new Request(ORDERS), context);
    await context.settled();
    expect(
      test.receiver
        .accepted()
        .map(({ endpoint }) => endpoint)
        .sort(),
    ).toEqual(['/orders', 'by hand']);
  });

  it('is released when nothing is sent, and may fail', async () => {
    const context = platform();
    const unwanted = capture(async (_request, _context: object) => new Response(), {
      shouldCapture: () => false,
    });
    await unwanted(new Request(ORDERS), context);
    await context.settled();
    const broken = {
      waitUntil: () => {
        throw new Error('too late');
      },
    };
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    const response = await capture(async (_request, ..._rest: object[]) => new Response('text'))(
      new Request(ORDERS),
      hostile,
      broken,
    );
    expect(await response.text()).toBe('text');
    expect(await test.events()).toHaveLength(1);
    expect(test.errors).toEqual([]);
  });
});

describe('together with what the build instruments', () => {
  const app = () =>
    buildHono((app) => {
      app.on('post', '/orders/:id', async (exchange) => exchange.json({ got: await exchange.body() }));
      app.on('get', '/scope', (exchange) => exchange.json({ open: activeScope()?.closed === false }));
    }, honoHooks);

  it('a request to an app of Hono is one event, with its route', async () => {
    const wrapped = capture(app().fetch as (request: Request) => Promise<Response>, {
      captureResponseBody: false,
    });
    await wrapped(new Request('https://shop.example.com/orders/7', jsonBody({ n: 1 })));
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      requestPayload: { n: 1 },
      metadata: { framework: 'fetch', route: '/orders/:id' },
    });
    expect(event).not.toHaveProperty('responsePayload');
  });

  it("so it is behind Hono's server on Node", async () => {
    const wrapped = capture(app().fetch as (request: Request) => Promise<Response>);
    const server = serve({ fetch: wrapped, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/orders/7`, jsonBody({ n: 1 }));
    expect(await response.json()).toEqual({ got: { n: 1 } });
    await new Promise((resolve) => server.close(resolve));
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ requestPayload: { n: 1 }, metadata: { route: '/orders/:id' } });
  });

  it('options for the end of a request count where the build has opened it', async () => {
    const inner = capture(async (request) => Response.json({ got: await request.json() }), {
      captureRequestBody: false,
      captureResponseBody: false,
    });
    const outer = honoHooks.app({
      fetch: (request: Request) => inner(request),
      basePath: () => 0,
      routes: [],
    });
    await outer.fetch(new Request(ORDERS, jsonBody({ n: 1 })));
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).not.toHaveProperty('requestPayload');
    expect(event).not.toHaveProperty('responsePayload');
  });
});
