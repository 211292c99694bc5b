/**
 * Elysia. The scope opens where an app takes a Request. Handlers stay as they are, since Elysia reads their text to find out
 * what it has to prepare for them.
 */
import { activeClient } from '../start.ts';
import { adoptErrors, observeAnswers } from './elysia-errors.ts';
import type { ElysiaApp } from './elysia-routes.ts';
import { adoptRoutes, noteVisit } from './elysia-routes.ts';
import { runServerRequest } from './server-request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';

let adopted: WeakSet<object> | undefined;

/** Injected around `new Elysia()`. Returns its argument. */
export function elysiaApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

function isApp(value: unknown): value is ElysiaApp {
  if (typeof value !== 'object' || value === null) return false;
  const { compile, handleError, wrap, router, event, config } = value as Partial<ElysiaApp>;
  const methods = [compile, handleError, wrap];
  const objects = [router, event, config, (value as ElysiaApp)['~adapter']];
  return (
    methods.every((method) => typeof method === 'function') &&
    objects.every((object) => typeof object === 'object')
  );
}

function adopt(app: ElysiaApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  adoptFetch(app);
  adoptRoutes(app.router.http);
  adoptErrors(app);
}

/** Elysia puts what it compiles in the place of the getter, and does so whenever it compiles again. */
function adoptFetch(app: ElysiaApp): void {
  const adoptCompiled = (fetch: AnyFunction): AnyFunction => {
    const value = taking(app, fetch);
    Object.defineProperty(app, 'fetch', { value, writable: true, configurable: true });
    return value;
  };
  Object.defineProperty(app, 'fetch', {
    configurable: true,
    get() {
      observeAnswers(app);
      delete (app as Partial<ElysiaApp>).fetch;
      return adoptCompiled(app.fetch);
    },
  });
  replaceMethod(app, 'compile', (compile, self, args) => {
    observeAnswers(app);
    if (app['~adapter'].name === 'bun') adoptServed(app);
    const compiled = Reflect.apply(compile, self, args);
    const fetch: unknown = Object.getOwnPropertyDescriptor(app, 'fetch')?.value;
    if (typeof fetch === 'function') adoptCompiled(fetch as AnyFunction);
    return compiled;
  });
}

/**
 * Bun's server is given routes that lead past `fetch`. Where something goes around all of them anyway, so do we; else that would
 * take the answers from Bun that are always the same, which it knows better how to give.
 */
function adoptServed(app: ElysiaApp): void {
  const { event, extender, router } = app;
  const around = [event.request, event.trace, extender.higherOrderFunctions];
  if (adopted?.has(extender) === true) return;
  if (around.some((hooks) => hooks !== undefined && hooks.length > 0)) {
    adopted?.add(extender);
    app.wrap((handle) => taking(app, handle));
    return;
  }
  for (const route of router.history) {
    if (route.compile === undefined || adopted?.has(route) === true) continue;
    adopted?.add(route);
    const { compile } = route;
    route.compile = wrapFunction(compile, (original, self, args) =>
      taking(app, Reflect.apply(original, self, args) as AnyFunction),
    );
  }
}

/** What takes requests, or contexts that have one. */
function taking(app: ElysiaApp, original: AnyFunction): AnyFunction {
  return wrapFunction(original, (handle, self, args) => {
    const call = (): unknown => Reflect.apply(handle, self, args);
    const [first, ...rest] = args;
    const request = first instanceof Request ? first : (first as { request?: unknown } | undefined)?.request;
    // What is said on a socket is no request.
    if (!(request instanceof Request) || request.headers.get('upgrade') === 'websocket') return call();
    const sourceIp = (): string | undefined => addressOf(app, request);
    return runServerRequest([request, ...rest], { framework: 'elysia', sourceIp }, () => {
      noteVisit({ app, request });
      return call();
    });
  });
}

/** Bun's server knows it; that of Node's adapter throws. */
function addressOf(app: ElysiaApp, request: Request): string | undefined {
  try {
    return app.getServer()?.requestIP?.(request)?.address;
  } catch {
    return undefined;
  }
}
