/** Drivers for h3 1 and 2, and the hook as the build injects it. */
import { Readable } from 'node:stream';
import type { H3Event } from 'h3';
import { H3, HTTPError, toNodeHandler } from 'h3';
import type { App, EventHandler, H3Event as H3Event1, Router } from 'h3-1';
import * as h3v1 from 'h3-1';
import { h3App } from '../../runtime/adapters/h3.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Handlers are left as they are. */
export const h3Hooks: Hooks = { ...NO_HOOKS, app: h3App };

export const H3_1: Driver = {
  name: 'h3 1',
  framework: 'h3',
  hooks: h3Hooks,
  diesOfErrorHandlers: true,
  build: (define, hooks) => h3v1.toNodeListener(build1(define, hooks)),
};

export const H3_2: Driver = {
  name: 'h3 2',
  framework: 'h3',
  hooks: h3Hooks,
  build: (define, hooks) => toNodeHandler(build2(define, hooks)) as never,
};

/** The error handlers that an application defines, of which some come too late for the options of an app. */
type ErrorHandler = Parameters<Application['onError']>[0];

/** What h3 has made an error of its own of. */
function original(error: unknown): unknown {
  const { unhandled, cause } = error as { unhandled?: boolean; cause?: unknown };
  return unhandled === true && cause !== undefined ? cause : error;
}

/** The app itself, for servers that are not Node's. */
export function build1(define: (app: Application) => void, hooks: Hooks): App {
  let answer: ErrorHandler | undefined;
  const options: NonNullable<Parameters<typeof h3v1.createApp>[0]> = {};
  define({ ...recorder, onError: (handler) => (answer = handler) });
  if (answer !== undefined) {
    const handler: ErrorHandler = answer;
    options.onError = async (error, event) => {
      await h3v1.send(event, (await handler(original(error), exchangeOf1(event))) as string);
    };
  }
  const app = hooks.app(h3v1.createApp(options));
  define({
    ...routes1('', app, hooks),
    onError: () => {},
  });
  return app;
}

/** Hears of error handlers alone. */
const recorder: Application = { on() {}, use() {}, mount() {}, mountApp() {}, onError() {} };

/** Routers of version 1 see the whole path: what is mounted is registered below its prefix. */
function routes1(prefix: string, app: App, hooks: Hooks): Application {
  const router = (): Router => {
    const created = h3v1.createRouter();
    app.use(created);
    return created;
  };
  return {
    on(method, path, ...handlers) {
      const steps = handlers.map((handler) => handler);
      const answer: EventHandler = h3v1.defineEventHandler(async (event) => {
        const exchange = exchangeOf1(event);
        for (const step of steps.slice(0, -1)) await step(exchange);
        return steps.at(-1)?.(exchange);
      });
      const whole = path === '/' && prefix !== '' ? prefix : prefix + path;
      router().add(whole, answer, method === 'get' ? ['get', 'head'] : method);
    },
    use(handler) {
      const middleware = h3v1.defineEventHandler(async (event) => {
        await handler(exchangeOf1(event));
      });
      // Those of a prefix with a parameter have nothing that they could be registered on.
      if (!prefix.includes(':')) app.use(prefix, middleware);
    },
    mount: (path, define) => define(routes1(prefix + path, app, hooks)),
    mountApp: (path, define) =>
      void app.use(path, h3v1.fromNodeMiddleware(h3v1.toNodeListener(build1(define, hooks)))),
    onError() {},
  };
}

function exchangeOf1(event: H3Event1): Exchange {
  return {
    raw: event.node.req,
    header: (name) => h3v1.getRequestHeader(event, name),
    param: (name) => h3v1.getRouterParam(event, name),
    body: () => h3v1.readBody(event),
    json(value, status = 200) {
      h3v1.setResponseStatus(event, status);
      h3v1.setResponseHeader(event, 'content-type', 'application/json');
      return JSON.stringify(value);
    },
    send(body, type = 'text/plain', status = 200) {
      h3v1.setResponseStatus(event, status);
      if (body === null) return null;
      h3v1.setResponseHeader(event, 'content-type', `${type}; charset=utf-8`);
      return typeof body === 'string' ? body : Buffer.from(body);
    },
    redirect: (path) => h3v1.sendRedirect(event, path),
    stream(type, produce) {
      h3v1.setResponseHeader(event, 'content-type', type as 'text/plain');
      return h3v1.sendStream(event, streamOf(produce));
    },
    pass(error) {
      throw error;
    },
  };
}

export function build2(define: (app: Application) => void, hooks: Hooks): H3 {
  let answer: ErrorHandler | undefined;
  define({ ...recorder, onError: (handler) => (answer = handler) });
  const handler = answer as ErrorHandler | undefined;
  const app = hooks.app(
    new H3(
      handler === undefined
        ? {}
        : { onError: (error, event) => handler(original(error), exchangeOf2(event)) as string },
    ),
  );
  define(routes2(app, hooks));
  return app;
}

function routes2(app: H3, hooks: Hooks): Application {
  return {
    on(method, path, ...handlers) {
      const answer = handlers.pop() as Handler;
      const middleware = handlers.map((handler) => async (event: H3Event) => {
        await handler(exchangeOf2(event));
      });
      app.on(method, path, (event) => answer(exchangeOf2(event)), { middleware });
    },
    use: (handler) =>
      void app.use(async (event) => {
        await handler(exchangeOf2(event));
      }),
    mount(path, define) {
      const inner = new H3();
      define(routes2(inner, hooks));
      app.mount(path, inner);
    },
    mountApp: (path, define) => void app.mount(path, { fetch: build2(define, hooks).fetch }),
    onError() {},
  };
}

function exchangeOf2(event: H3Event): Exchange {
  return {
    raw: event.runtime?.node?.req ?? event.req,
    header: (name) => event.req.headers.get(name) ?? undefined,
    param: (name) => event.context.params?.[name],
    async body() {
      try {
        return await event.req.json();
      } catch (cause) {
        throw new HTTPError({ status: 400, message: 'Invalid JSON body', cause });
      }
    },
    json(value, status = 200) {
      event.res.status = status;
      return value;
    },
    send(body, type = 'text/plain', status = 200) {
      event.res.status = status;
      if (body !== null) event.res.headers.set('content-type', `${type}; charset=utf-8`);
      return body;
    },
    redirect: (path) => new Response(null, { status: 302, headers: { location: path } }),
    stream: (type, produce) =>
      new Response(Readable.toWeb(streamOf(produce)) as ReadableStream, {
        headers: { 'content-type': type },
      }),
    pass(error) {
      throw error;
    },
  };
}
