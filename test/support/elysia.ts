/** A driver for Elysia, and the hook as the build injects it. Its requests come from a server of Node's. */
import type { RequestListener } from 'node:http';
import { node } from '@elysiajs/node';
import type { Context } from 'elysia';
import { Elysia } from 'elysia';
import type { H3 } from 'h3';
import { toNodeHandler } from 'h3';
import { elysiaApp } from '../../runtime/adapters/elysia.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Its handlers are left alone. */
export const elysiaHooks: Hooks = { ...NO_HOOKS, app: elysiaApp };

export const ELYSIA: Driver = {
  name: 'Elysia',
  framework: 'elysia',
  hooks: elysiaHooks,
  diesOfErrorHandlers: true,
  build(define, hooks) {
    const app = create(define, hooks);
    return toNodeHandler(app as unknown as H3) as unknown as RequestListener;
  },
};

type App = ReturnType<typeof newApp>;

function newApp(prefix = '') {
  return new Elysia({ adapter: node(), prefix });
}

function create(define: (app: Application) => void, hooks: Hooks, prefix = ''): App {
  const app = hooks.app(newApp(prefix));
  const mount = (path: string, define: (app: Application) => void): void =>
    void app.use(create(define, hooks, path));
  // Hooks hold for what is registered behind them.
  define({
    ...NOTHING,
    onError: (handler) => void app.onError((context) => answer(handler, context as unknown as Context)),
  });
  define({
    on(method, path, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      const own = prefix !== '' && path === '/' ? '' : path;
      app.route(method.toUpperCase(), own, handler, { beforeHandle: handlers.map(middleware) });
    },
    use: (handler) => void app.onBeforeHandle(middleware(handler)),
    mount,
    mountApp: mount,
    onError() {},
  });
  return app;
}

const NOTHING: Application = { on() {}, use() {}, mount() {}, mountApp() {}, onError() {} };

function native(handler: Handler): (context: Context) => unknown {
  return (context) => handler(exchangeOf(context));
}

function middleware(handler: Handler): (context: Context) => Promise<void> {
  return async (context) => void (await handler(exchangeOf(context)));
}

function answer(
  handler: Parameters<Application['onError']>[0],
  context: Context & { error?: unknown },
): unknown {
  return handler(context.error, exchangeOf(context));
}

function exchangeOf(context: Context): Exchange {
  const { request, params, set } = context;
  return {
    raw: { req: { raw: request } },
    header: (name) => request.headers.get(name) ?? undefined,
    // A route without any has none at all.
    param: (name) => (params as Record<string, string | undefined> | undefined)?.[name],
    body: async () => context.body,
    json(value, status = 200) {
      set.status = status;
      return value;
    },
    send(body, type = 'text/plain', status = 200) {
      set.status = status;
      if (body === null) return;
      set.headers['content-type'] = `${type}; charset=utf-8`;
      // Of a text, Elysia knows the type better.
      return typeof body === 'string' && type !== 'text/plain' ? Buffer.from(body) : body;
    },
    redirect: (path) => context.redirect(path),
    stream(type, produce) {
      set.headers['content-type'] = type;
      return pieces(produce);
    },
    pass(error) {
      throw error;
    },
  };
}

async function* pieces(produce: Parameters<Exchange['stream']>[1]): AsyncGenerator<string> {
  for await (const piece of streamOf(produce)) yield String(piece);
}
