/**
 * NestJS. The scope opens where the app's server takes a request, whatever it runs on; routes are seen as the app registers
 * them with its platform, and errors where it looks for the filter that answers them.
 */
import { isPlainPromise } from '../observe/native-promise.ts';
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { NodeRequest } from './node-message.ts';
import type { NodeExchange } from './node-exchange.ts';
import { parsedBody } from './node-exchange.ts';
import { scopeOfRequest, takeOver } from './node-http.ts';
import { isNodeRequest } from './node-message.ts';
import { adoptServer } from './node-server.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';

/** The parts of a Nest app that are used here. */
interface NestApp {
  getHttpServer(): unknown;
  /** Its platform: what Express, Fastify or another server is to Nest. */
  getHttpAdapter(): Record<string, AnyFunction>;
  routesResolver?: { routerExceptionsFilter?: Filters };
  middlewareModule?: { registerMiddleware: AnyFunction };
}

/** Makes what looks for the filter of an exception, for each handler. */
interface Filters {
  create: AnyFunction;
}

/** Looks for the filter of an exception; says whether one of the application's own answers it. */
interface ExceptionsHandler {
  invokeCustomFilters: AnyFunction;
}

/** Node's own request, or the platform's around it. */
interface PlatformRequest {
  raw?: unknown;
}

const NAME = 'nestjs';

/** What an application may make by itself for its Nest app to run on, and what then sees the request first. */
const HOSTS = /^(?:express|fastify|http)$/;

/** Those of a platform that register the handler of a route. */
const METHODS: readonly string[] =
  /* @__PURE__ */
  'get post put patch delete head options all search query propfind proppatch mkcol copy move lock unlock'.split(
    ' ',
  );

/** What the package reflect-metadata adds to Reflect. */
interface Reflection {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/** Injected around `NestFactory.create()`. Returns its argument. */
export function nestApp<T>(creation: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    // Who waits for it comes later than we do. Nobody registers a route before.
    if (isPlainPromise(creation)) void creation.then(adopt, () => {});
  } catch {
    // A Proxy around a promise is none.
  }
  return creation;
}

function adopt(value: unknown): void {
  try {
    const app = value as NestApp;
    adoptServer(app.getHttpServer(), { name: NAME, open() {}, requestBody });
    const platform = app.getHttpAdapter();
    for (const name of METHODS) {
      if (typeof platform[name] === 'function') replaceMethod(platform, name, register);
    }
    const filters = app.routesResolver?.routerExceptionsFilter;
    if (filters !== undefined) replaceMethod(filters, 'create', watchFilters);
    const { middlewareModule } = app;
    if (middlewareModule !== undefined)
      replaceMethod(middlewareModule, 'registerMiddleware', registerMiddleware);
  } catch {
    // Not an app as we know it.
  }
}

/** `get(path, handler)` of a platform; with a handler alone it is one for all paths. */
function register(original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const [path, handler, ...rest] = args;
  if (typeof path !== 'string' || typeof handler !== 'function') return Reflect.apply(original, self, args);
  const noting = wrapFunction(handler as AnyFunction, (handle, receiver, values) => {
    noteRoute(values[0], path);
    return Reflect.apply(handle, receiver, values);
  });
  copyMetadata(handler, noting);
  return Reflect.apply(original, self, [path, noting, ...rest]);
}

/** Platforms look there for a route's schema, its configuration and its constraints. */
function copyMetadata(from: object, to: object): void {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Reflection;
  for (const key of getOwnMetadataKeys?.(from) ?? []) defineMetadata?.(key, getOwnMetadata?.(key, from), to);
}

function noteRoute(request: unknown, path: string): void {
  const scope = scopeOf(request);
  if (scope !== undefined) scope.metadata['route'] = path;
}

/** Filters for what middleware throws are looked for by an object of their own, which is there by then. */
function registerMiddleware(original: AnyFunction, self: unknown, args: unknown[]): unknown {
  try {
    const { routerExceptionFilter } = self as { routerExceptionFilter: Filters };
    replaceMethod(routerExceptionFilter, 'create', watchFilters);
  } catch {
    // Not the one we know.
  }
  return Reflect.apply(original, self, args);
}

function watchFilters(create: AnyFunction, self: unknown, args: unknown[]): unknown {
  const handler = Reflect.apply(create, self, args) as ExceptionsHandler;
  try {
    replaceMethod(handler, 'invokeCustomFilters', (invoke, receiver, values) => {
      const answered = Reflect.apply(invoke, receiver, values);
      noteException(values, answered === true);
      return answered;
    });
  } catch {
    // Not the one we know.
  }
  return handler;
}

function noteException([exception, host]: unknown[], handled: boolean): void {
  try {
    const request = (host as { getArgByIndex(index: number): unknown }).getArgByIndex(0);
    const scope = scopeOf(request);
    if (scope !== undefined) noteEscape(scope, exception, handled);
  } catch {
    // The error of the application matters, ours does not.
  }
}

function scopeOf(request: unknown): Scope | undefined {
  try {
    const raw = (request as PlatformRequest).raw ?? request;
    const scope = isNodeRequest(raw) ? scopeOfRequest(raw) : undefined;
    if (scope === undefined) return undefined;
    const { metadata } = scope;
    if (metadata['framework'] !== NAME && HOSTS.test(String(metadata['framework']))) {
      takeOver(raw as NodeRequest, NAME, requestBody);
      metadata['framework'] = NAME;
    }
    // Fastify has the body there.
    if (raw !== request) scope.context ??= request as object;
    return scope;
  } catch {
    return undefined;
  }
}

/** What the platform parsed of it. */
function requestBody({ context, exchange }: Scope): unknown {
  return parsedBody((context ?? (exchange as NodeExchange).request) as NodeRequest);
}
