/** The fetch standard's form of a request, as a server that is not Node's gives it. */
import { createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runWebRequest } from '../../../runtime/adapters/web.ts';
import { activeScope } from '../../../runtime/scope.ts';
import { jsonBody } from '../../support/application.ts';
import { buildHono, honoHooks } from '../../support/hono.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(async () => {
  vi.unstubAllEnvs();
  await test[Symbol.asyncDispose]();
});

const STREAMING = { captured: false, reason: 'Streaming response body not captured' };

function run<R>(handle: () => R, request: Request = new Request('https://shop.example.com/x?a=1')): R {
  const exchange = { framework: 'test', sourceIp: '192.0.2.1', requestBody: async () => undefined };
  return runWebRequest(request, exchange, handle);
}

describe('a request', () => {
  it('is one event, and its answer carries the trace id', async () => {
    const request = new Request('https://shop.example.com/x?a=1', {
      headers: { 'x-trace-id': 'trace-1', 'user-agent': 'tea/1', authorization: 'Basic eDp5' },
    });
    const answer = Response.json({ token: 'SECRET', n: 1 }, { status: 201 });
    const response = await run(async () => answer, request);
    expect(response).toBe(answer);
    expect(response.headers.get('x-trace-id')).toBe('trace-1');
    expect(await response.json()).toEqual({ token: 'SECRET', n: 1 });
    expect(await test.events()).toEqual([
      expect.objectContaining({
        traceId: 'trace-1',
        method: 'GET',
        endpoint: '/x',
        requestUrl: 'https://shop.example.com/x?a=1',
        authMode: 'basic',
        sourceIp: '192.0.2.1',
        userAgent: 'tea/1',
        status: 'success',
        statusCode: 201,
        responsePayload: { token: '[MASKED]', n: 1 },
        responseHeaders: { 'content-type': 'application/json', 'x-trace-id': 'trace-1' },
        metadata: { framework: 'test' },
      }),
    ]);
  });

  it('may be answered at once', async () => {
    const answer = new Response('text');
    expect(run(() => answer)).toBe(answer);
    expect(await test.events()).toMatchObject([{ responsePayload: 'text' }]);
  });

  it('may be answered with a Response of another make, which is left as it is', async () => {
    const { Response: OtherResponse } = createYoga({}).fetchAPI;
    const answer = new OtherResponse('text', { status: 404, headers: { 'content-type': 'text/plain' } });
    const response = await run(async () => answer);
    expect(response).toBe(answer);
    expect(response.headers.get('x-trace-id')).toMatch(/-/);
    expect(await response.text()).toBe('text');
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'warning', statusCode: 404 });
    expect(event?.responseHeaders).toMatchObject({ 'content-type': 'text/plain' });
    expect(event).not.toHaveProperty('responsePayload');
  });

  it('is one event, whoever else sees it', async () => {
    const request = new Request('https://shop.example.com/x');
    await run(() => run(async () => new Response('once'), request), request);
    // An app that is mounted in another is given a request of its own.
    await run(
      async () => await run(async () => new Response('mounted'), new Request('https://shop.example.com/y')),
    );
    expect((await test.events()).map(({ endpoint }) => endpoint)).toEqual(['/x', '/x']);
  });

  it('gives its url as the client knows it, from behind proxies', async () => {
    const headers = { 'x-forwarded-host': 'public.example.com, inner', 'x-forwarded-proto': 'HTTP' };
    await run(async () => new Response(), new Request('https://inner/x?a=1', { headers }));
    expect(await test.events()).toMatchObject([{ requestUrl: 'http://public.example.com/x?a=1' }]);
  });

  it('gives its url as it is where those tell of no protocol of the web, or of no host', async () => {
    const headers = { 'x-forwarded-host': 'a b', 'x-forwarded-proto': 'lorem' };
    await run(async () => new Response(), new Request('https://inner/x?a=1', { headers }));
    expect(await test.events()).toMatchObject([{ requestUrl: 'https://inner/x?a=1' }]);
  });

  it('whose body does not let itself be read is an event without it', async () => {
    const requestBody = async (): Promise<never> => {
      throw new Error('inside');
    };
    const exchange = { framework: 'test', sourceIp: undefined, requestBody };
    await runWebRequest(
      new Request('https://shop.example.com/x'),
      exchange,
      async () => new Response('text'),
    );
    const [event] = await test.events();
    expect(event).toMatchObject({ statusCode: 200, responsePayload: 'text' });
    expect(event).not.toHaveProperty('requestPayload');
    expect(test.errors.map(({ message }) => message)).toEqual(['inside']);
  });

  it('runs mute when its path is ignored', async () => {
    const muted = run(() => activeScope()?.trail.muted, new Request('https://shop.example.com/health'));
    expect(muted).toBe(true);
    expect(await test.events()).toEqual([]);
  });

  it('is nothing to us without a client: the very promise of the handler comes back', () => {
    forgetClient();
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    const promise = Promise.resolve(new Response());
    expect(run(() => promise)).toBe(promise);
    expect(activeScope()).toBeUndefined();
  });
});

describe('a request that fails', () => {
  const error = new TypeError('broken');

  it.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw error;
      },
    ],
    ['later', () => Promise.reject(error)],
  ])('%s fails as before, and is an event with its error', async (_when, handle) => {
    await expect((async () => await run(handle))()).rejects.toBe(error);
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ status: 'failed', errorMessage: 'broken', metadata: { handled: false } });
    expect(event).not.toHaveProperty('statusCode');
  });

  it('failed even if what was thrown steers', async () => {
    const thrown = new Response(null, { status: 302 });
    await expect(run(() => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(await test.events()).toMatchObject([{ status: 'failed' }]);
  });
});

describe('an answer', () => {
  it('with headers that cannot be changed is left as it is', async () => {
    const answer = Response.redirect('https://shop.example.com/y', 302);
    expect(await run(async () => answer)).toBe(answer);
    expect(await test.events()).toMatchObject([{ statusCode: 302 }]);
    expect(test.errors).toEqual([]);
  });

  it.each<[string, () => unknown, payload: unknown]>([
    ['none', () => new Response(null, { status: 204 }), undefined],
    ['an empty text', () => new Response(''), ''],
    [
      'bytes',
      () => new Response(Uint8Array.of(1, 2), { headers: { 'content-type': 'image/png' } }),
      STREAMING,
    ],
    [
      'events',
      () => new Response('data: x\n\n', { headers: { 'content-type': 'text/event-stream' } }),
      STREAMING,
    ],
    ['no Response at all', () => 'text', undefined],
  ])('has a body that is %s', async (_name, handle, payload) => {
    await run(handle);
    expect((await test.events())[0]?.responsePayload).toEqual(payload);
  });

  it('is read no further than the largest payload', async () => {
    const response = await run(async () => new Response('x'.repeat(700_000)));
    expect(await response.text()).toHaveLength(700_000);
    expect((await test.events())[0]?.responsePayload).toMatchObject({ __truncated: true });
  });

  it('that goes on is not waited for, and ends when its reader leaves', async () => {
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
      cancel: (reason) => void (cancelled = reason),
    });
    const response = await run(async () => new Response(body, { headers: { 'content-type': 'text/plain' } }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    expect(await test.events()).toMatchObject([{ statusCode: 200, responsePayload: STREAMING }]);
    await reader.cancel('left');
    expect(cancelled).toBeDefined();
  });

  it('whose body breaks is an event all the same', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) });
    const response = await run(async () => new Response(body, { headers: { 'content-type': 'text/plain' } }));
    await expect(response.text()).rejects.toThrow('cut');
    expect(await test.events()).toMatchObject([{ statusCode: 200 }]);
  });

  it('to a request of HEAD is an event without the body, which is not sent', async () => {
    const request = new Request('https://shop.example.com/x', { method: 'HEAD' });
    await run(async () => Response.json({ n: 1 }), request);
    const [event] = await test.events();
    expect(event).toMatchObject({ method: 'HEAD', responseHeaders: { 'content-type': 'application/json' } });
    expect(event).not.toHaveProperty('responsePayload');
  });

  it('whose body was read already is an event without it', async () => {
    const answer = new Response('text');
    await answer.text();
    await run(async () => answer);
    expect((await test.events())[0]).not.toHaveProperty('responsePayload');
  });
});

describe('an app of Hono that is not on Node', () => {
  it('tells of bodies, route and address', async () => {
    const app = buildHono((app) => {
      app.on('post', '/orders/:id', async (exchange) => exchange.json({ got: await exchange.body() }));
    }, honoHooks);
    const headers = { 'content-type': 'application/json', 'cf-connecting-ip': '192.0.2.7' };
    await app.request('/orders/7', { ...jsonBody({ password: 'SECRET', n: 1 }), headers });
    expect(await test.events()).toMatchObject([
      {
        endpoint: '/orders/7',
        sourceIp: '192.0.2.7',
        requestPayload: { password: '[MASKED]', n: 1 },
        responsePayload: { got: { password: '[MASKED]', n: 1 } },
        metadata: { framework: 'hono', route: '/orders/:id' },
      },
    ]);
  });

  it('does not wait for a request body that never ends', async () => {
    const app = buildHono((app) => {
      app.on('post', '/x', (exchange) => {
        void exchange.body();
        return exchange.json({ early: true });
      });
    }, honoHooks);
    const body = new ReadableStream();
    const response = await app.request('/x', { method: 'POST', body, ...({ duplex: 'half' } as object) });
    expect(await response.json()).toEqual({ early: true });
    expect(await test.events()).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['bindings of these names', { incoming: 'a binding', outgoing: {} }],
    [
      'one that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('trap');
          },
        },
      ),
    ],
    ['none', undefined],
  ])('is not on Node either when its environment is %s', async (_name, env) => {
    const app = buildHono((app) => app.on('get', '/x', (exchange) => exchange.send('ok')), honoHooks);
    const response = await app.fetch(new Request('https://shop.example.com/x'), env as object);
    expect(await response.text()).toBe('ok');
    expect(await test.events()).toHaveLength(1);
  });
});
