/** What is Hono's own: patterns, mounted apps, exceptions that are answers, and the many forms of a body. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Context, Next } from 'hono';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expressApp, expressHandler } from '../../../runtime/adapters/express.ts';
import { honoApp, honoHandler } from '../../../runtime/adapters/hono.ts';
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
