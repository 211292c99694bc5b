/** A driver for Hono on Node's server, and the hooks as the build injects them. */
import { getRequestListener } from '@hono/node-server';
import type { Context, Next } from 'hono';
import { Hono } from 'hono';
import { honoApp, honoHandler } from '../../runtime/adapters/hono.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';

export const honoHooks: Hooks = { app: honoApp, handler: honoHandler };

export const HONO: Driver = {
  name: 'Hono',
  framework: 'hono',
  hooks: honoHooks,
  build: (define, hooks) => getRequestListener(buildHono(define, hooks).fetch),
};

/** The app itself, for servers that are not Node's. */
export function buildHono(define: (app: Application) => void, hooks: Hooks): Hono {
  const app = hooks.app(new Hono());
  const native = (handler: Handler) =>
    hooks.handler(app, (context: Context) => handler(exchangeOf(context)) as Promise<void>);
  const middleware = (handler: Handler) =>
    hooks.handler(app, async (context: Context, next: Next) => {
      await handler(exchangeOf(context));
      await next();
    });
  const mount = (path: string, define: (app: Application) => void): void =>
    void app.route(path, hooks.handler(app, buildHono(define, hooks)));
  define({
    on(method, path, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      app.on(method, [path], ...handlers.map(middleware), handler);
    },
    use: (handler) => void app.use(middleware(handler)),
    mount,
    mountApp: mount,
    onError: (handler) =>
      void app.onError(
        hooks.handler(
          app,
          (error: unknown, context: Context) => handler(error, exchangeOf(context)) as Response,
        ),
      ),
  });
  return app;
}

function exchangeOf(context: Context): Exchange {
  return {
    raw: context,
    header: (name) => context.req.header(name),
    param: (name) => context.req.param(name),
    body: () => context.req.json(),
    json: (value, status = 200) => context.json(value as object, status as 200),
    send: (body, type = 'text/plain', status = 200) =>
      context.body(body as string, status as 200, { 'content-type': `${type}; charset=utf-8` }),
    redirect: (path) => context.redirect(path),
    stream: (type, produce) => new Response(streamOf(produce), { headers: { 'content-type': type } }),
    pass: (error) => {
      throw error;
    },
  };
}

function streamOf(produce: Parameters<Exchange['stream']>[1]): ReadableStream {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  // A client that leaves is no failure of the producer.
  void produce((piece) => writer.write(piece).catch(() => {})).then(() => writer.close().catch(() => {}));
  return readable.pipeThrough(new TextEncoderStream());
}
