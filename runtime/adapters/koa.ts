/**
 * Koa. The scope opens where an app takes a request, before its middleware, of which each tells of the errors that leave it;
 * which of them Koa had to answer, and what a router found, is seen from the context.
 */
import { segments, toEndpoint } from '../event/url.ts';
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { parsedBody } from './node-exchange.ts';
import { noteAddress, runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { telling } from './outcome.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';

/** The parts of a Koa app that are used here. */
interface KoaApp {
  use: AnyFunction;
  handleRequest: AnyFunction;
  emit: AnyFunction;
  /** The prototype of its contexts. */
  context: { onerror: AnyFunction };
}

type Pattern = string | RegExp;

/** The parts of a context that are read here. */
interface KoaContext {
  req: NodeRequest;
  res: NodeResponse & { getHeaderNames?(): string[] };
  app: { proxy?: boolean };
  request: {
    /** What a body parser left. */
    body?: unknown;
    /** As far as proxies are trusted. */
    ips?: string[];
  };
  method: string;
  /** The pattern of the layer that a router ran last, with its prefixes. */
  _matchedRoute?: Pattern;
  /** The layers that a router has for the path; those of middleware have no methods. */
  matched?: { path: Pattern; methods: string[] }[];
  /** What the last app that was mounted hangs under; set by koa-mount. */
  mountPath?: string;
  originalUrl: string;
}

/** The context of an answer that Koa makes itself, while it does. */
let answering: unknown;

let adopted: WeakSet<object> | undefined;

/** Injected around `new Koa()`. Returns its argument. */
export function koaApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

function isApp(value: unknown): value is KoaApp {
  if (typeof value !== 'object' || value === null) return false;
  const { handleRequest, callback, createContext, context } = value as Record<string, unknown>;
  return (
    [handleRequest, callback, createContext].every((method) => typeof method === 'function') &&
    typeof (context as Partial<KoaApp['context']> | undefined)?.onerror === 'function'
  );
}

function adopt(app: KoaApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  replaceMethod(app, 'handleRequest', (handle, self, args) => {
    const call = (): unknown => Reflect.apply(handle, self, args);
    const [context] = args;
    if (activeClient() === undefined || !isContext(context)) return call();
    const run = (): unknown => {
      noteContext(context);
      return call();
    };
    return runNodeRequest(context.req, context.res, 'koa', run, requestBody);
  });
  replaceMethod(app, 'use', (use, self, [middleware, ...rest]) => {
    const one = typeof middleware === 'function' ? observed(middleware as AnyFunction) : middleware;
    return Reflect.apply(use, self, [one, ...rest]);
  });
  // By convention, middleware that answers an error tells the app of it.
  replaceMethod(app, 'emit', (emit, self, args) => {
    if (args[0] === 'error' && args[2] !== answering) noteError(args[2], args[1], true);
    return Reflect.apply(emit, self, args);
  });
  // The error that no middleware answers.
  replaceMethod(app.context, 'onerror', (onerror, self, args) => {
    const call = (): unknown => Reflect.apply(onerror, self, args);
    if (args[0] === undefined || args[0] === null || !isContext(self)) return call();
    noteError(self, args[0], false);
    answering = self;
    try {
      return keepTraceId(self, call);
    } finally {
      answering = undefined;
    }
  });
}

/** An error that leaves middleware is answered by what stands before it, or at last by Koa. */
function observed(middleware: AnyFunction): AnyFunction {
  return wrapFunction(middleware, (original, self, args) => {
    if (activeClient() === undefined) return Reflect.apply(original, self, args);
    const call = (): unknown => Reflect.apply(original, self, args);
    return telling(call, (error) => noteError(args[0], error, true));
  });
}

/** Koa takes all headers off an answer before it makes it one of an error. */
function keepTraceId({ req, res }: KoaContext, call: () => unknown): unknown {
  const isNodes = typeof res.getHeaderNames === 'function' && !Object.hasOwn(res, 'getHeaderNames');
  if (!isNodes || scopeOfRequest(req) === undefined) return call();
  const names = res.getHeaderNames?.().filter((name) => name !== 'x-trace-id');
  Object.defineProperty(res, 'getHeaderNames', { value: () => names, configurable: true });
  try {
    return call();
  } finally {
    delete res.getHeaderNames;
  }
}

function isContext(value: unknown): value is KoaContext {
  const { req, res } = Object(value) as Partial<KoaContext>;
  return isNodeRequest(req) && isNodeResponse(res);
}

function noteContext(context: KoaContext): void {
  try {
    const scope = scopeOfRequest(context.req);
    if (scope === undefined) return;
    scope.context = context;
    scope.atEnd = noteRoute;
    if (context.app.proxy === true) noteAddress(context.req, context.request.ips?.[0]);
  } catch {
    // Not the context we know.
  }
}

function noteRoute(scope: Scope): void {
  const context = scope.context as KoaContext;
  const { mountPath = '', originalUrl } = context;
  const route = handlerPattern(context);
  if (route === undefined) return;
  const mounted = mountPath + String(route);
  // It is never unset: another app may have been passed by on the way.
  const fits = segments(mounted) === segments(toEndpoint(originalUrl));
  scope.metadata['route'] = fits ? mounted : String(route);
}

/** Where middleware of a router has answered, that of the handler behind it. */
function handlerPattern({ _matchedRoute: route, matched = [], method }: KoaContext): Pattern | undefined {
  const behind = matched.slice(matched.findIndex(({ path }) => path === route));
  return route && (behind.find(({ methods }) => methods.includes(method))?.path ?? route);
}

function noteError(context: unknown, error: unknown, handled: boolean): void {
  try {
    const scope = isContext(context) ? scopeOfRequest(context.req) : undefined;
    if (scope !== undefined) noteEscape(scope, error, handled);
  } catch {
    // The error of the application matters, ours does not.
  }
}

function requestBody(scope: Scope): unknown {
  const context = scope.context as KoaContext | undefined;
  return context && parsedBody({ headers: context.req.headers, body: context.request.body });
}
