/** Drivers for Express 4 and 5, and the hooks as the build injects them. */
import type { RequestListener } from 'node:http';
import express5 from 'express';
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
// @ts-expect-error Express 4 comes without types; those of 5 describe what is used of it.
import untyped4 from 'express4';
import { expressApp, expressHandler } from '../../runtime/adapters/express.ts';
import { replayStackExpress } from '../../runtime/adapters/express-middleware.ts';
import { runtime } from '../../runtime/state.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS } from './application.ts';

export const express4: typeof express5 = untyped4 as typeof express5;
export { express5 };

export const expressHooks: Hooks = { app: expressApp, handler: expressHandler };

/** Without the build: middleware of the client that hooks would report to. */
const byHand: Hooks = { ...NO_HOOKS };

export const EXPRESS_4: Driver = driver('Express 4', express4);
export const EXPRESS_5: Driver = driver('Express 5', express5);
export const MIDDLEWARE_4: Driver = driver('middleware for Express 4', express4, byHand);
export const MIDDLEWARE_5: Driver = driver('middleware for Express 5', express5, byHand);

/** Of the client that there is when a request comes. */
function middlewareOfClient(): RequestHandler {
  const made = new WeakMap<object, RequestHandler>();
  return (request, response, next) => {
    const { client } = runtime();
    if (!client) return next();
    const middleware = made.get(client) ?? replayStackExpress(client);
    made.set(client, middleware);
    middleware(request, response, next);
  };
}

function driver(name: string, express: typeof express5, own: Hooks = expressHooks): Driver {
  return {
    name,
    framework: 'express',
    hooks: own,
    mountsUnknown: own === byHand,
    build(define, hooks) {
      const app = hooks.app(express());
      if (hooks === byHand) app.use(middlewareOfClient());
      app.use(hooks.handler(app, express.json({ limit: '1mb' })));
      wire(express, app, define, hooks);
      return app as RequestListener;
    },
  };
}

function wire(
  express: typeof express5,
  router: Router,
  define: (app: Application) => void,
  hooks: Hooks,
): void {
  const native = express === express5 ? express5Handler : express4Handler;
  const mount = (path: string, inner: Router, define: (app: Application) => void): void => {
    wire(express, inner, define, hooks);
    router.use(path, hooks.handler(router, inner, path));
  };
  const errorHandlers: ((error: unknown, exchange: Exchange) => unknown)[] = [];
  define({
    on(method, path, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      const before = handlers.map((handler) => hooks.handler(router, middleware(handler)));
      router[method](path, ...before, hooks.handler(router, handler));
    },
    use: (handler) => void router.use(hooks.handler(router, middleware(handler))),
    mount: (path, define) => mount(path, express.Router(), define),
    mountApp: (path, define) => mount(path, hooks.app(express()), define),
    onError: (handler) => void errorHandlers.push(handler),
  });
  for (const handler of errorHandlers) {
    router.use(
      hooks.handler(router, (error: unknown, request: Request, response: Response, next: NextFunction) => {
        void handler(error, exchangeOf(request, response, next));
      }),
    );
  }
}

function middleware(handler: Handler): RequestHandler {
  return (request, response, next) => {
    Promise.resolve(handler(exchangeOf(request, response, next))).then(() => next(), next);
  };
}

function express5Handler(handler: Handler): RequestHandler {
  return (request, response, next) => handler(exchangeOf(request, response, next));
}

/** What applications put around an async handler, since Express 4 does not look at what it returns. */
function express4Handler(handler: Handler): RequestHandler {
  return (request, response, next) => {
    const result = handler(exchangeOf(request, response, next));
    if (result instanceof Promise) result.catch(next);
  };
}

function exchangeOf(request: Request, response: Response, next: NextFunction): Exchange {
  return {
    raw: request,
    header: (name) => request.get(name),
    param: (name) => request.params[name] as string | undefined,
    body: async () => request.body as unknown,
    json: (value, status = 200) => void response.status(status).json(value),
    send(body, type = 'text/plain', status = 200) {
      response.status(status);
      if (body === null) response.end();
      else response.type(type).send(typeof body === 'string' ? body : Buffer.from(body));
    },
    redirect: (path) => response.redirect(path),
    async stream(type, produce) {
      response.writeHead(200, { 'content-type': type });
      await produce((piece) => new Promise((resolve) => void response.write(piece, () => resolve())));
      response.end();
    },
    pass: (error) => next(error),
  };
}
