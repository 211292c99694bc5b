/** What is Fastify's own: its hooks and plugins, requests that come past its server, and what applications read of an app. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fastifyApp } from '../../../runtime/adapters/fastify.ts';
import { enter, exit, fail as failed } from '../../../runtime/observe/hooks.ts';
import { express5 } from '../../support/express.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let app: FastifyInstance | undefined;

beforeEach(async () => {
  test = await startRuntime();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await test[Symbol.asyncDispose]();
});

function create(options: FastifyServerOptions = {}): FastifyInstance {
  return (app = fastifyApp(fastify(options)) as FastifyInstance);
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  if (app?.server.listening === false) await app.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(urlOf(app as FastifyInstance) + path, init);
  await response.clone().arrayBuffer();
  return response;
}

function urlOf({ server }: FastifyInstance): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Leaves a breadcrumb where it is called. */
function mark(name: string): void {
  exit(enter(`src/x.ts:1:${name}`));
}

const routesOf = async (): Promise<unknown[]> =>
  (await test.events()).map(({ endpoint, statusCode, metadata }) => [
    endpoint,
    statusCode,
    metadata?.['route'],
  ]);

describe('an app of Fastify', () => {
  it('is what it was', async () => {
    const plain = fastify();
    const keys = Reflect.ownKeys(plain);
    const { routing } = plain;
    app = fastifyApp(plain);
    expect(app).toBe(plain);
    expect(fastifyApp(app)).toBe(plain);
    expect(Reflect.ownKeys(app)).toEqual(keys);
    expect(app.routing).toBe(routing);
    expect(app.server.listeners('request')).toHaveLength(1);
  });

  it('hands its routes to hooks as they were registered, and runs their handlers as they are', async () => {
    const seen: unknown[] = [];
    const handler = function (this: FastifyInstance): object {
      return { self: this === app };
    };
    const schema = { response: { 200: { type: 'object', properties: { self: { type: 'boolean' } } } } };
    create().addHook('onRoute', (options) => void seen.push(options.handler, options.schema));
    app?.get('/x', { schema, exposeHeadRoute: false }, handler);
    expect(await (await ask('/x')).json()).toEqual({ self: true });
    expect(seen).toEqual([handler, schema]);
  });

  it('keeps its decorators to the plugin that made them', async () => {
    create().decorateRequest('user', '');
    app?.register(async (plugin) => {
      plugin.decorate('inner', 1);
      plugin.decorateReply('say', 'hello');
    });
    await app?.ready();
    expect(app?.hasDecorator('inner')).toBe(false);
    expect(app?.hasReplyDecorator('say')).toBe(false);
    expect(app?.hasRequestDecorator('user')).toBe(true);
  });

  const addHook = vi.fn();

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'fastify'],
    ['a mock', { addHook, server: { listeners: addHook }, routing: addHook }],
    ['an app of Express', express5()],
    [
      'a hostile object',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('trap');
          },
        },
      ),
    ],
  ])('is not %s', (_name, value) => {
    expect(fastifyApp(value)).toBe(value);
    expect(addHook).not.toHaveBeenCalled();
  });
});

describe('the scope of a request to Fastify', () => {
  it('is open in all that Fastify calls, from the first to the last, and is opened once', async () => {
    const run = vi.spyOn(AsyncLocalStorage.prototype, 'run');
    create({
      genReqId: () => (mark('genReqId'), 'id'),
      rewriteUrl: ({ url = '' }) => (mark('rewriteUrl'), url.replace('/old', '')),
    });
    app?.addHook('onRequest', (_request, _reply, done) => (mark('onRequest'), done()));
    app?.addHook('preParsing', async () => mark('preParsing'));
    app?.addHook('preValidation', async () => mark('preValidation'));
    app?.addHook('preHandler', (_request, _reply, done) => (mark('preHandler'), done()));
    app?.addHook(
      'preSerialization',
      async (_request, _reply, payload) => (mark('preSerialization'), payload),
    );
    app?.addHook('onSend', async (_request, _reply, payload) => (mark('onSend'), payload));
    app?.addHook('onResponse', async () => mark('onResponse'));
    app?.addContentTypeParser('text/x', async (_request: unknown, body: NodeJS.ReadableStream) => {
      mark('parser');
      return await text(body);
    });
    app?.setReplySerializer((payload) => (mark('serialise'), JSON.stringify(payload)));
    app?.register(
      async (plugin) => {
        plugin.post('/:id', async (request) => (mark('handler'), { got: request.body }));
      },
      { prefix: '/plugin' },
    );
    const headers = { 'content-type': 'text/x' };
    const response = await ask('/old/plugin/1?a=b', { method: 'POST', body: 'text', headers });
    expect(await response.json()).toEqual({ got: 'text' });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual([
      'HTTP request started',
      'rewriteUrl',
      'genReqId',
      'onRequest',
      'preParsing',
      'parser',
      'preValidation',
      'preHandler',
      'handler',
      'preSerialization',
      'serialise',
      'onSend',
      'onResponse',
      'HTTP request finished',
    ]);
    expect(event).toMatchObject({
      endpoint: '/old/plugin/1',
      requestPayload: 'text',
      metadata: { route: '/plugin/:id' },
    });
    // The delivery runs in no scope.
    expect(run.mock.calls.filter(([scope]) => scope !== undefined)).toHaveLength(1);
    run.mockRestore();
  });

  it('is found again by a parser of a whole body, whose errors are the request’s', async () => {
    const parser = async (_request: unknown, body: string): Promise<never> => {
      const call = enter('src/x.ts:1:parser');
      try {
        throw new Error(await Promise.resolve(`no ${body}`));
      } catch (error) {
        throw failed(call, error, { body });
      } finally {
        exit(call);
      }
    };
    create().addContentTypeParser('text/x', { parseAs: 'string' }, parser);
    app?.post('/x', async () => 'never');
    await ask('/x', { method: 'POST', body: 'text', headers: { 'content-type': 'text/x' } });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      errorMessage: 'no text',
      breadcrumbs: [{}, { message: 'parser' }, {}, {}],
      metadata: { trail: [{ functionName: 'parser', arguments: { body: 'text' } }] },
    });
  });

  it('is opened by the app where a request comes by inject(), each its own', async () => {
    create().get('/inner', async () => (mark('inner'), 'inner'));
    app?.get('/outer', async () => {
      mark('outer');
      return (await app?.inject('/inner'))?.payload;
    });
    expect((await app?.inject('/outer'))?.payload).toBe('inner');
    const events = await test.events();
    expect(events.map(({ endpoint, breadcrumbs }) => [endpoint, breadcrumbs?.[1]?.message])).toEqual([
      ['/inner', 'inner'],
      ['/outer', 'outer'],
    ]);
    for (const { metadata } of events) expect(metadata).not.toHaveProperty('aborted');
    expect(await routesOf()).toEqual([
      ['/inner', 200, '/inner'],
      ['/outer', 200, '/outer'],
    ]);
  });

  it('is opened by the app where its server calls it from a listener of its own', async () => {
    create({ serverFactory: (handler) => createServer((request, response) => handler(request, response)) });
    app?.get('/x', async () => (mark('handler'), { x: 1 }));
    const response = await ask('/x');
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ traceId: response.headers.get('x-trace-id'), responsePayload: { x: 1 } });
    expect(event?.breadcrumbs?.map(({ message }) => message)).toContain('handler');
  });

  it('is not opened for the connection of a WebSocket, which has no answer', async () => {
    create().get('/x', async () => 'hello');
    const { headers } = (await app?.inject({ url: '/x', headers: { upgrade: 'WebSocket' } })) ?? {};
    expect(headers).not.toHaveProperty('x-trace-id');
    expect(await test.events()).toEqual([]);
  });

  it('holds for HTTP/2', async () => {
    const h2 = fastifyApp(fastify({ http2: true }));
    h2.post('/x/:id', async (request) => ({ got: request.body }));
    h2.get('/large', async () => 'x'.repeat(70_000));
    await h2.listen({ port: 0, host: '127.0.0.1' });
    const session = connect(`http://127.0.0.1:${(h2.server.address() as AddressInfo).port}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/x/1',
      'content-type': 'application/json',
    });
    stream.end('{"a":1}');
    expect(await text(stream)).toBe('{"got":{"a":1}}');
    expect(await text(session.request({ ':path': '/large' }))).toHaveLength(70_000);
    session.close();
    await h2.close();
    const events = await test.events();
    expect(events).toMatchObject([
      { requestPayload: { a: 1 }, responsePayload: { got: { a: 1 } }, metadata: { route: '/x/:id' } },
      { endpoint: '/large', statusCode: 200 },
    ]);
  });
});

describe('a request to Fastify', () => {
  it('has the address that trusted proxies tell of', async () => {
    create({ trustProxy: true }).get('/x', async (request) => ({ ip: request.ip }));
    const headers = { 'x-forwarded-for': '10.0.0.7, 127.0.0.1' };
    expect(await (await ask('/x', { headers })).json()).toEqual({ ip: '10.0.0.7' });
    expect(await test.events()).toMatchObject([{ sourceIp: '10.0.0.7' }]);
  });

  it('has no body where a parser hands on the stream', async () => {
    create().addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    app?.post('/x', async (request) => await text(request.body as NodeJS.ReadableStream));
    const headers = { 'content-type': 'text/x' };
    expect(await (await ask('/x', { method: 'POST', body: 'text', headers })).text()).toBe('text');
    const [event] = await test.events();
    expect(event).not.toHaveProperty('requestPayload');
    expect(event).toMatchObject({ responsePayload: 'text' });
  });

  it('has one event, however its answer comes', async () => {
    create().get('/hijacked', (_request, reply) => {
      reply.hijack();
      reply.raw.end('by hand');
    });
    app?.get('/trailers', (_request, reply) => reply.trailer('etag', async () => 'x').send({ a: 1 }));
    app?.get('/twice', async (_request, reply) => {
      reply.send('first');
      return reply;
    });
    app?.get('/void', (_request, reply) => void setTimeout(() => reply.send('later'), 1));
    app?.get('/late', async (_request, reply) => {
      reply.send('sent');
      throw new Error('too late');
    });
    app?.get('/missing', (_request, reply) => reply.callNotFound());
    const paths = ['/hijacked', '/trailers', '/twice', '/void', '/late', '/missing', '/%E0%A4%A', '/none'];
    for (const path of paths) await ask(path);
    const events = await test.events();
    expect(events.map(({ endpoint }) => endpoint)).toEqual(paths);
    expect(events.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200, 404, 400, 404]);
    const payloads = events.map(({ responsePayload }) => responsePayload);
    expect(payloads.slice(2, 5)).toEqual(['first', 'later', 'sent']);
    expect(payloads[0]).toBe('by hand');
  });

  it.each<[handled: boolean, name: string, define: (app: FastifyInstance) => unknown]>([
    [false, 'nobody', () => {}],
    [true, 'the handler of the app', (app) => app.setErrorHandler(() => 'sorry')],
    [true, 'an asynchronous one', (app) => app.setErrorHandler(async () => await Promise.resolve('sorry'))],
    [false, 'one that hands it on', (app) => app.setErrorHandler((error, _, reply) => reply.send(error))],
    [
      false,
      'one that throws it again',
      (app) =>
        app.setErrorHandler((error) => {
          throw error;
        }),
    ],
    [
      true,
      'that of a plugin, by way of the app',
      (app) => {
        app.setErrorHandler(() => 'sorry');
        void app.register(async (plugin) => {
          plugin.setErrorHandler((error, _, reply) => reply.send(error));
          plugin.get('/plugin', fail);
        });
      },
    ],
    [true, 'that of a route', (app) => app.get('/route', { errorHandler: () => 'sorry' }, fail)],
  ])('that fails is handled: %s, by %s', async (handled, _name, define) => {
    define(create());
    app?.get('/x', fail);
    await app?.ready();
    const path = ['/plugin', '/route'].find((url) => app?.hasRoute({ method: 'GET', url })) ?? '/x';
    await ask(path);
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      errorMessage: 'broken',
      metadata: { route: path, handled },
    });
  });
});

function fail(): never {
  throw new TypeError('broken');
}
