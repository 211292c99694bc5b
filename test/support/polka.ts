/** A driver for Polka 1, and the hook as the build injects it. Polka 0.5 leaves what handlers throw to the process. */
import type { ServerResponse } from 'node:http';
import express from 'express';
import polka from 'polka1';
import type { IError, Middleware, NextHandler, Polka, Request } from 'polka1';
import { polkaApp } from '../../runtime/adapters/polka.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Its handlers are given to the app itself. */
export const polkaHooks: Hooks = { ...NO_HOOKS, app: polkaApp };

export const POLKA: Driver = {
  name: 'Polka',
  framework: 'polka',
  hooks: polkaHooks,
  diesOfErrorHandlers: true,
  build(define, hooks) {
    const app = create(define, hooks);
    return (request, response) => void app.handler(request as Request, response, undefined as never);
  },
};

function create(define: (app: Application) => void, hooks: Hooks): Polka {
  let onError: Parameters<Application['onError']>[0] | undefined;
  // An app is given its error handler when it is made, so that what the driver is given later has to be found out first.
  define({ ...nothing, onError: (handler) => (onError = handler) });
  const answer = onError;
  const app = hooks.app(
    polka(
      answer && {
        onError: (error, request, response, next) => void answer(error, exchangeOf(request, response, next)),
      },
    ),
  );
  const parser = express.json({ limit: '1mb' }) as unknown as Middleware;
  app.use(parser);
  define({ ...router(app, ''), use: (handler) => void app.use(middleware(handler)), mountApp, onError() {} });
  return app;

  function mountApp(path: string, inner: (app: Application) => void): void {
    app.use(path, create(inner, hooks));
  }
}

const nothing: Application = { on() {}, use() {}, mount() {}, mountApp() {}, onError() {} };

/** There are no routers: applications put path and middleware in front of every route. */
function router(app: Polka, prefix: string): Application {
  const before: Middleware[] = [];
  return {
    on(method, path, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      const whole = prefix + (prefix !== '' && path === '/' ? '' : path);
      app[method](whole, ...before, ...handlers.map(middleware), handler);
    },
    use: (handler) => void before.push(middleware(handler)),
    mount: (path, define) => define(router(app, prefix + path)),
    mountApp: notHere,
    onError: notHere,
  };
}

function notHere(): never {
  throw new Error('A path in front of routes is no app');
}

function native(handler: Handler): Middleware {
  return (request, response, next) => handler(exchangeOf(request, response, next)) as Promise<void>;
}

function middleware(handler: Handler): Middleware {
  return async (request, response, next) => {
    await handler(exchangeOf(request, response, next));
    return next();
  };
}

function exchangeOf(request: Request, response: ServerResponse, next: NextHandler): Exchange {
  const answer = (body: string | Uint8Array | null, type: string, status: number): void => {
    response.writeHead(status, body === null ? {} : { 'content-type': type });
    response.end(request.method === 'HEAD' || body === null ? undefined : body);
  };
  return {
    raw: request,
    header: (name) => request.headers[name] as string | undefined,
    param: (name) => request.params[name],
    body: async () => request.body as unknown,
    json: (value, status = 200) => answer(JSON.stringify(value), 'application/json', status),
    send: (body, type = 'text/plain', status = 200) => answer(body, `${type}; charset=utf-8`, status),
    redirect: (path) => void response.writeHead(302, { location: path }).end(),
    stream(type, produce) {
      response.writeHead(200, { 'content-type': type });
      streamOf(produce).pipe(response);
    },
    pass: (error) => next(error as IError),
  };
}
