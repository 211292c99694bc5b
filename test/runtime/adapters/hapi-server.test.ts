/** What is Hapi's own: Boom errors, extensions and plugins, injected requests, compressed answers, listeners of the application's. */
import { createServer } from 'node:http';
import type { Request, Server, ServerOptions } from '@hapi/hapi';
import * as Hapi from '@hapi/hapi';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { hapiServer } from '../../../runtime/adapters/hapi.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let server: Server;

beforeEach(async () => void (test = await startRuntime()));

afterEach(async () => {
  await server?.stop({ timeout: 10 });
  await test[Symbol.asyncDispose]();
});

function create(options: ServerOptions = {}): Server {
  server = hapiServer(Hapi.server({ debug: false, host: '127.0.0.1', ...options }));
  return server;
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  await server.start();
  const response = await fetch(server.info.uri + path, { ...init, headers: { connection: 'close' } });
  await response.clone().arrayBuffer();
  return response;
}

const errors = async (): Promise<unknown[]> =>
  (await test.events()).map(({ statusCode, errorMessage, metadata }) => [
    statusCode,
    errorMessage,
    metadata?.['handled'],
  ]);

/** An error with an answer, as the application's own copy of @hapi/boom makes it. */
function boom(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), {
    isBoom: true,
    isServer: statusCode >= 500,
    data: null,
    reformat() {},
    output: { statusCode, headers: {}, payload: { statusCode, error: 'Broken', message } },
  });
}

describe('a server of Hapi', () => {
  it('is what it was', () => {
    const plain = Hapi.server();
    const keys = Object.keys(plain);
    const made = hapiServer(plain);
    expectTypeOf(made).toEqualTypeOf<Server>();
    expect(made).toBe(plain);
    expect(Object.keys(made)).toEqual(keys);
    expect(made.table()).toEqual([]);
    expect(hapiServer(made).inject).toBe(Hapi.server().inject);
    server = made;
  });

  it.each([undefined, null, 1, {}, { listener: {}, ext() {}, inject() {} }, { listener: {}, _core: {} }])(
    'is not what looks otherwise: %j',
    (value) => {
      expect(hapiServer(value)).toBe(value);
    },
  );

  it('answers as before without a client', async () => {
    await test.client.close();
    create().route({ method: 'GET', path: '/', handler: () => String(activeScope()) });
    const response = await ask('/');
    expect([await response.text(), response.headers.get('x-trace-id')]).toEqual(['undefined', null]);
  });

  it('calls handlers, and extensions as ever', async () => {
    const order: string[] = [];
    const handler = vi.fn(function handler(this: unknown) {
      order.push('handler');
      return 'fine';
    });
    create().route({ method: 'GET', path: '/x', handler, options: { id: 'known', bind: { mine: true } } });
    expect(server.lookup('known')?.settings.handler).toBe(handler);
    for (const point of ['onRequest', 'onPreHandler', 'onPreResponse'] as const) {
      server.ext(point, (_, h) => {
        order.push(point);
        return h.continue;
      });
    }
    await ask('/x');
    expect(order).toEqual(['onRequest', 'onPreHandler', 'handler', 'onPreResponse']);
    expect(handler.mock.contexts).toEqual([{ mine: true }]);
  });
});

describe('an error', () => {
  it.each([
    [404, 'There is no order 7'],
    [422, 'An order needs an item'],
    [503, 'Later'],
  ])('with an answer of its own is unhandled: %d', async (statusCode, message) => {
    create().route({
      method: 'GET',
      path: '/x',
      handler() {
        throw boom(statusCode, message);
      },
    });
    const response = await ask('/x');
    expect(response.status).toBe(statusCode);
    expect(response.headers.get('x-trace-id')).toMatch(/^[\da-f-]{36}$/);
    expect(await errors()).toEqual([[statusCode, message, false]]);
  });

  it('of an extension is unhandled, in front of every route, too', async () => {
    create().ext('onRequest', () => {
      throw boom(429, 'Too many');
    });
    await ask('/x');
    expect(await errors()).toEqual([[429, 'Too many', false]]);
  });

  it('that an extension answers is handled', async () => {
    create().route({
      method: 'GET',
      path: '/x',
      handler: () => Promise.reject(new TypeError('broken')),
    });
    server.ext('onPreResponse', ({ response }, h) =>
      response instanceof Error ? h.response({ sorry: true }).code(503) : h.continue,
    );
    await ask('/x');
    expect(await errors()).toEqual([[503, 'broken', true]]);
  });

  it('in what is sent, or of what is asked, is unhandled', async () => {
    create().route([
      {
        method: 'GET',
        path: '/circle',
        handler() {
          const circle: { self?: unknown } = {};
          circle.self = circle;
          return circle;
        },
      },
      {
        method: 'GET',
        path: '/valid',
        options: {
          validate: {
            query() {
              throw new Error('a page is a number');
            },
            failAction: 'error',
          },
        },
        handler: () => 'fine',
      },
    ]);
    await ask('/circle');
    await ask('/valid?page=x');
    expect(await errors()).toEqual([
      [500, expect.stringContaining('circular'), false],
      [400, 'Invalid request query input', false],
    ]);
  });

  it('is none where a path leads nowhere', async () => {
    create();
    await ask('/none');
    expect(await errors()).toEqual([[404, undefined, undefined]]);
  });
});

describe('an injected request', () => {
  it('is one event, and stays what it is', async () => {
    create().route({
      method: 'POST',
      path: '/orders/{id}',
      handler: ({ payload, params }: Request) => ({
        payload,
        id: params['id'] as string,
        scope: !!activeScope(),
      }),
    });
    const { statusCode, result, request } = await server.inject({
      method: 'POST',
      url: '/orders/7?page=2',
      payload: { item: 'tea', password: 'hidden' },
    });
    expect(statusCode).toBe(200);
    expect(result).toEqual({ payload: { item: 'tea', password: 'hidden' }, id: '7', scope: true });
    expect(request.path).toBe('/orders/7');
    expect(await test.events()).toEqual([
      expect.objectContaining({
        method: 'POST',
        endpoint: '/orders/7',
        statusCode: 200,
        requestPayload: { item: 'tea', password: '[MASKED]' },
        responsePayload: expect.objectContaining({ id: '7' }),
        metadata: { framework: 'hapi', route: '/orders/{id}' },
      }),
    ]);
  });
});

describe('an answer', () => {
  it('that Hapi compresses is known as it was given', async () => {
    const words = Array.from({ length: 500 }, (_, index) => `word ${index}`);
    create().route([
      { method: 'GET', path: '/words', handler: () => ({ words, token: 'hidden' }) },
      {
        method: 'GET',
        path: '/bytes',
        handler: (_, h) => h.response(Buffer.from(words.join())).type('text/csv'),
      },
    ]);
    expect((await ask('/words')).headers.get('content-encoding')).toBe('gzip');
    expect((await ask('/bytes')).headers.get('content-encoding')).toBe('gzip');
    expect((await test.events()).map(({ responsePayload }) => responsePayload)).toEqual([
      { words, token: '[MASKED]' },
      words.join(),
    ]);
  });

  it('is left out where it is not wanted', async () => {
    await test[Symbol.asyncDispose]();
    test = await startRuntime({ captureResponseBody: false, captureRequestBody: false });
    create().route({ method: 'POST', path: '/x', handler: () => 'long '.repeat(500) });
    await ask('/x', { method: 'POST', body: '{}' });
    const [event] = await test.events();
    expect(event).not.toHaveProperty('responsePayload');
    expect(event).not.toHaveProperty('requestPayload');
  });
});

describe('a listener of the application', () => {
  it.each([false, true])('hands its requests over, seen by the build: %s', async (seen) => {
    const plain = createServer();
    create({ listener: seen ? nodeServer(plain) : plain }).route({
      method: 'GET',
      path: '/{name}',
      handler: ({ params }) => params['name'] as string,
    });
    expect(await (await ask('/ada')).text()).toBe('ada');
    expect(await test.events()).toMatchObject([
      { responsePayload: 'ada', metadata: { framework: 'hapi', route: '/{name}' } },
    ]);
  });
});
