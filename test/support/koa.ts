/** A driver for Koa and its router, and the hook as the build injects it. */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Context, Middleware, Next } from 'koa';
import mount from 'koa-mount';
import { koaApp } from '../../runtime/adapters/koa.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Its middleware is given to the app itself. */
export const koaHooks: Hooks = { ...NO_HOOKS, app: koaApp };

export const KOA: Driver = {
  name: 'Koa',
  framework: 'koa',
  hooks: koaHooks,
  marksErrors: true,
  build(define, hooks) {
    const app = create(define, hooks);
    return app.callback() as never;
  },
};

function create(define: (app: Application) => void, hooks: Hooks): Koa {
  const app = hooks.app(new Koa());
  let onError: Parameters<Application['onError']>[0] | undefined;
  app.use(async (context: Context, next: Next) => {
    try {
      await next();
    } catch (error) {
      if (onError === undefined) throw error;
      await onError(error, exchangeOf(context));
    }
  });
  app.use(bodyParser());
  define({
    ...routes((router) => void app.use(router.routes() as Middleware)),
    use: (handler) => void app.use(middleware(handler)),
    mountApp: (path, inner) => void app.use(mount(path, create(inner, hooks))),
    onError: (handler) => (onError = handler),
  });
  return app;
}

/** @param add takes each router as soon as it has its route, so that all is in the order in which it was defined */
function routes(add: (router: Router) => void): Pick<Application, 'on' | 'mount'> {
  return {
    on(method, path, ...handlers) {
      const last = handlers.pop() as Handler;
      const router = new Router();
      router[method](path, ...(handlers.map(middleware) as never[]), handlerOf(last) as never);
      add(router);
    },
    mount(path, define) {
      const router = new Router();
      define({
        ...routes((inner) => void router.use(inner.routes())),
        use: (handler) => void router.use(middleware(handler) as never),
        mountApp: notHere,
        onError: notHere,
      });
      const parent = new Router();
      parent.use(path, router.routes());
      add(parent);
    },
  };
}

function notHere(): never {
  throw new Error('Routers of Koa have neither apps nor error handlers');
}

function middleware(handler: Handler): Middleware {
  return async (context: Context, next: Next) => {
    await handler(exchangeOf(context));
    await next();
  };
}

function handlerOf(handler: Handler): Middleware {
  return (context: Context) => handler(exchangeOf(context)) as Promise<void>;
}

function exchangeOf(context: Context): Exchange {
  const answer = (body: unknown, status: number): void => {
    context.status = status;
    context.body = body;
  };
  return {
    raw: context.req,
    header: (name) => context.get(name) || undefined,
    param: (name) => (context['params'] as Record<string, string | undefined>)[name],
    body: async () => (context.request as { body?: unknown }).body,
    json: (value, status = 200) => answer(value, status),
    send(body, type = 'text/plain', status = 200) {
      context.type = `${type}; charset=utf-8`;
      answer(body instanceof Uint8Array ? Buffer.from(body) : body, status);
    },
    redirect: (path) => context.redirect(path),
    stream(type, produce) {
      context.type = type;
      answer(streamOf(produce), 200);
    },
    pass(error) {
      throw error;
    },
  };
}
