/** What is Hono's own: patterns, mounted apps, exceptions that are answers, and the many forms of a body. */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createServerAdapter } from '@whatwg-node/server';
import type { Context, Next } from 'hono';
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expressApp, expressHandler } from '../../../runtime/adapters/express.ts';
import { honoApp, honoHandler } from '../../../runtime/adapters/hono.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { express5 } from '../../support/express.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test[Symbol.asyncDispose]();
});

/** Serves the app on Node, and gives the events of requests to these paths. */
async function eventsOf(app: Hono, ...paths: string[]): Promise<ReplayStackEvent[]> {
  await using server = await startServer(getRequestListener(app.fetch));
  for (const path of paths) await (await fetch(server.url + path, { redirect: 'manual' })).text();
  await server.idle();
  return await test.events();
}

const handler = (context: Context): Response => context.text('ok');

/** An app with a route and one that fails. */
function stock(): Hono {
  const app = honoApp(new Hono());
  app.get('/stock/:id', honoHandler(app, handler));
  app.get(
    '/fails/:id',
    honoHandler(app, () => {
      throw new RangeError('inner');
    }),
  );
  return app;
}

/** The event of a request to a server of Node's own. */
async function eventOf(
  listener: RequestListener,
  path: string,
  init: RequestInit = {},
): Promise<ReplayStackEvent | undefined> {
  const node = nodeServer(createServer(listener));
  await using server = await startServer((...exchange) => void node.emit('request', ...exchange));
  await (
    await fetch(server.url + path, { ...init, headers: { connection: 'close', ...init.headers } })
  ).text();
  await server.idle();
  return (await test.events())[0];
}

describe('requests to Hono', () => {
  it('give the pattern of the handler, not of middleware in front of it', async () => {
    const app = honoApp(new Hono());
    app.use(honoHandler(app, async (_context: Context, next: Next) => await next()));
    app.use(
      '/admin/*',
      honoHandler(app, async (_context: Context, next: Next) => await next()),
    );
    app.get('/admin/:id', honoHandler(app, handler));
    app.get('/files/*', honoHandler(app, handler));
    const events = await eventsOf(app, '/admin/7', '/files/a/b', '/none');
    expect(events.map(({ metadata }) => metadata?.['route'])).toEqual(['/admin/:id', '/files/*', undefined]);
  });

  it('are captured for chains that begin with the app', async () => {
    const app = honoApp(new Hono()).get('/x', honoHandler(true, handler));
    expect(await eventsOf(app, '/x')).toMatchObject([{ metadata: { route: '/x' } }]);
  });

  it('are captured when the server has what basePath returned, and every handler is in another app', async () => {
    const users = new Hono();
    users.get('/:id', honoHandler(users, handler));
    const app = honoApp(new Hono()).basePath('/api').basePath('/v1');
    app.route('/users', users);
    expect(await eventsOf(app, '/api/v1/users/7')).toMatchObject([
      { metadata: { route: '/api/v1/users/:id' } },
    ]);
  });

  it('are one event when an app is mounted, or based on a path', async () => {
    const inner = honoApp(new Hono());
    inner.get('/x', honoHandler(inner, handler));
    const app = honoApp(new Hono());
    app.mount('/mounted', inner.fetch);
    app.basePath('/based').get('/x', honoHandler(app, handler));
    const events = await eventsOf(app, '/mounted/x', '/based/x');
    expect(events.map(({ endpoint }) => endpoint)).toEqual(['/mounted/x', '/based/x']);
  });

  it('are one event when Express has them first', async () => {
    const inner = honoApp(new Hono());
    inner.get('/inner/:id', honoHandler(inner, handler));
    const app = expressApp(express5());
    app.use(expressHandler(app, getRequestListener(inner.fetch)));
    await using server = await startServer(app);
    expect(await (await fetch(`${server.url}/inner/7`)).text()).toBe('ok');
    await server.idle();
    expect(await test.events()).toMatchObject([{ metadata: { framework: 'express', route: '/inner/:id' } }]);
  });

  it('are its own where a listener of Node asks an app for the answer', async () => {
    const app = stock();
    const event = await eventOf(async (request, response) => {
      const answer = await app.request(request.url ?? '/');
      response.statusCode = answer.status;
      response.end(await answer.text());
    }, '/stock/1?full=1');
    expect(event).toMatchObject({
      endpoint: '/stock/1',
      responsePayload: 'ok',
      metadata: { framework: 'hono', route: '/stock/:id' },
    });
  });

  it('keep the body of a listener of Node that asks an app for something else', async () => {
    const app = stock();
    const event = await eventOf(
      async (request, response) => {
        const body = await json(request);
        await app.request('/fails/1');
        response.end(JSON.stringify(body));
      },
      '/orders',
      { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    );
    expect(event).toMatchObject({
      status: 'success',
      requestPayload: { a: 1 },
      metadata: { framework: 'http' },
    });
    expect(event?.metadata).not.toHaveProperty('route');
    expect(event).not.toHaveProperty('errorName');
  });

  it('are its own behind an adapter that has a class of its own for requests', async () => {
    const event = await eventOf(createServerAdapter(stock().fetch) as RequestListener, '/stock/1');
    expect(event).toMatchObject({ metadata: { framework: 'hono', route: '/stock/:id' } });
  });

  it('are not what a handler of Express asks an app for', async () => {
    const inner = stock();
    const app = expressApp(express5());
    app.get(
      '/a',
      expressHandler(app, async (_, response) => {
        await inner.request('/fails/1');
        response.send(await (await inner.request('/stock/1')).text());
      }),
    );
    await using server = await startServer(app);
    expect(await (await fetch(`${server.url}/a`)).text()).toBe('ok');
    await server.idle();
    const events = await test.events();
    expect(events).toMatchObject([{ status: 'success', metadata: { framework: 'express', route: '/a' } }]);
    expect(events[0]).not.toHaveProperty('errorName');
  });

  it.each<[string, (context: Context) => unknown]>([
    ['alone', () => undefined],
    ['with its environment', ({ env }) => env],
  ])('are not what a handler asks its own app for, %s', async (_kind, environment) => {
    const ids = honoApp(new Hono());
    ids.get('/:id', honoHandler(ids, handler));
    const app = stock();
    app.use('/a/*', async (_, next) => await next());
    app.get(
      '/a/:id',
      honoHandler(app, async (context: Context) => {
        const env = environment(context) as object;
        await app.request('/fails/1', {}, env);
        await ids.request('/1', {}, env);
        return context.text(await (await app.request('/stock/1', {}, env)).text());
      }),
    );
    const [event, ...more] = await eventsOf(app, '/a/1');
    expect(more).toEqual([]);
    expect(event).toMatchObject({ status: 'success', metadata: { route: '/a/:id' } });
    expect(event).not.toHaveProperty('errorName');
  });

  it('have the pattern that an app is mounted at, and the errors of that app', async () => {
    const inner = stock();
    inner.get('/', honoHandler(inner, handler));
    const middle = honoApp(new Hono());
    middle.mount('/shops/:shop', inner.fetch);
    const app = honoApp(new Hono());
    app.use('*', async (_, next) => await next());
    app.mount('/sub', inner.fetch);
    app.mount('/v1', middle.fetch);
    const events = await eventsOf(app, '/sub/stock/1', '/v1/shops/7/stock/1', '/sub', '/sub/fails/1');
    expect(events).toMatchObject([
      { metadata: { route: '/sub/stock/:id' } },
      { metadata: { route: '/v1/shops/:shop/stock/:id' } },
      { metadata: { route: '/sub/' } },
      { metadata: { route: '/sub/fails/:id' }, errorName: 'RangeError' },
    ]);
  });

  it('have the pattern of the handler that middleware stood in front of and answered', async () => {
    const app = honoApp(new Hono());
    app.use('/admin/*', basicAuth({ username: 'ada', password: 'secret' }));
    app.get('/admin/:id', honoHandler(app, handler));
    app.get('/*', honoHandler(app, handler));
    const plain = honoApp(new Hono());
    plain.use('*', basicAuth({ username: 'ada', password: 'secret' }));
    await eventsOf(app, '/admin/7');
    const events = await eventsOf(plain, '/none');
    expect(events.map(({ statusCode, metadata }) => [statusCode, metadata?.['route']])).toEqual([
      [401, '/admin/:id'],
      [401, undefined],
    ]);
  });

  it('are handled when they end in an HTTPException, which is its own answer', async () => {
    const app = honoApp(new Hono());
    app.get(
      '/x',
      honoHandler(app, () => {
        throw new HTTPException(403, { message: 'keep out' });
      }),
    );
    app.get(
      '/later',
      honoHandler(app, async () => {
        throw new HTTPException(500, { message: 'broken' });
      }),
    );
    expect(await eventsOf(app, '/x', '/later')).toMatchObject([
      { status: 'warning', statusCode: 403, errorMessage: 'keep out', metadata: { handled: true } },
      { status: 'failed', statusCode: 500, errorMessage: 'broken', metadata: { handled: true } },
    ]);
  });

  it('show the body behind middleware that changes the answer', async () => {
    const app = honoApp(new Hono());
    app.use(
      honoHandler(app, async (context: Context, next: Next) => {
        await next();
        context.header('x-time', '1');
        context.res = new Response(`<${await context.res.text()}>`, context.res);
      }),
    );
    app.get('/x', honoHandler(app, handler));
    expect(await eventsOf(app, '/x')).toMatchObject([
      { responsePayload: '<ok>', responseHeaders: { 'x-time': '1' } },
    ]);
  });

  it('do not show a stream of server-sent events', async () => {
    const app = honoApp(new Hono());
    app.get(
      '/events',
      honoHandler(app, (context: Context) =>
        streamSSE(context, async (stream) => await stream.writeSSE({ data: 'one' })),
      ),
    );
    expect(await eventsOf(app, '/events')).toMatchObject([{ responsePayload: { captured: false } }]);
  });

  it.each<[string, RequestInit, (context: Context) => Promise<unknown>, payload: unknown]>([
    [
      'JSON',
      { body: '{"a":1}', headers: { 'content-type': 'application/json' } },
      ({ req }) => req.json(),
      { a: 1 },
    ],
    ['text', { body: 'text', headers: { 'content-type': 'text/plain' } }, ({ req }) => req.text(), 'text'],
    [
      'text that looks like JSON',
      { body: '1', headers: { 'content-type': 'text/plain' } },
      ({ req }) => req.text(),
      '1',
    ],
    ['a form', { body: new URLSearchParams({ a: '1' }) }, ({ req }) => req.parseBody(), { a: '1' }],
    [
      'a form in its own form',
      { body: new URLSearchParams({ a: '1' }) },
      ({ req }) => req.formData(),
      { a: '1' },
    ],
    [
      'bytes',
      { body: Uint8Array.of(0, 255) },
      ({ req }) => req.arrayBuffer(),
      { captured: false, reason: 'Binary body not captured' },
    ],
    [
      'broken JSON',
      { body: '{', headers: { 'content-type': 'application/json' } },
      ({ req }) => req.json().catch(() => 0),
      '{',
    ],
  ])('show a body that was read as %s', async (_kind, init, read, payload) => {
    const app = honoApp(new Hono());
    app.post(
      '/x',
      honoHandler(app, async (context: Context) => {
        await read(context);
        return context.text('ok');
      }),
    );
    await using server = await startServer(getRequestListener(app.fetch));
    expect((await fetch(`${server.url}/x`, { method: 'POST', ...init })).status).toBe(200);
    await server.idle();
    expect((await test.events())[0]?.requestPayload).toEqual(payload);
  });

  it('are captured when a server is started in the middle of another request', async () => {
    const app = honoApp(new Hono());
    app.get('/x', honoHandler(app, handler));
    const outer = honoApp(new Hono());
    let url = '';
    const server = createServer(getRequestListener(app.fetch));
    outer.get(
      '/start',
      honoHandler(outer, async (context: Context) => {
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
        await (await fetch(`${url}/x`)).text();
        return context.text('started');
      }),
    );
    const events = await eventsOf(outer, '/start');
    expect(events.map(({ endpoint }) => endpoint)).toEqual(['/x', '/start']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
