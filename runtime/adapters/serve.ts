/** Handlers of the servers of Deno and Bun, as they are registered. */
import type { EntryHook } from './entry.ts';
import { runFetch } from './fetch-handler.ts';
import { activeCaptor } from './request.ts';
import { addressOf } from './worker.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The handler of `Deno.serve`, or the options that it is in. */
export const denoServe: EntryHook = /* @__PURE__ */ serveHook((value) =>
  typeof value === 'function'
    ? wrapDeno(value as AnyFunction)
    : replaced(value, 'handler', (handler) => wrapDeno(handler as AnyFunction)),
);

/** The options of `Bun.serve`. */
export const bunServe: EntryHook = /* @__PURE__ */ serveHook((value) => {
  const served = replaced(value, 'fetch', (handler) => wrapBun(handler as AnyFunction, ''));
  return replaced(served, 'routes', (routes) => wrapRoutes(routes as Record<string, unknown>));
});

function serveHook(wrap: (value: unknown) => unknown): EntryHook {
  return ((_: unknown, __: string, value: unknown): unknown => {
    try {
      return wrap(value);
    } catch {
      // It does not let itself be looked at.
      return value;
    }
  }) as EntryHook;
}

/** A copy with another value for this property, if it has one. The platform reads it once, and keeps nothing of it. */
function replaced(object: unknown, name: string, wrap: (value: unknown) => unknown): unknown {
  if (typeof object !== 'object' || object === null) return object;
  const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(object);
  const property = properties[name];
  if (!/^(?:function|object)$/.test(typeof property?.value) || property?.value === null) return object;
  return Object.create(Object.getPrototypeOf(object) as object | null, {
    ...properties,
    [name]: { ...property, value: wrap(property?.value) },
  });
}

function wrapDeno(handler: AnyFunction): AnyFunction {
  return wrapFunction(handler, (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    const [request, info] = args;
    const { remoteAddr } = Object(info) as { remoteAddr?: { hostname?: string } };
    if (!(request instanceof Request) || typeof remoteAddr !== 'object') return handle();
    const captor = activeCaptor();
    if (captor === undefined) return handle();
    return runFetch(captor, request, { framework: 'deno', sourceIp: remoteAddr.hostname }, handle);
  });
}

function wrapBun(handler: AnyFunction, route: string): AnyFunction {
  return wrapFunction(handler, (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    const [request, server] = args;
    if (!(request instanceof Request) || typeof Object(server).requestIP !== 'function') return handle();
    const captor = activeCaptor();
    if (captor === undefined) return handle();
    const sourceIp = addressOf(server, request);
    return runFetch(captor, request, { framework: 'bun', route, sourceIp }, handle);
  });
}

/** By path: a handler, handlers by method, or an answer. */
function wrapRoutes(routes: Record<string, unknown>): Record<string, unknown> {
  const wrap = (value: unknown, route: string): unknown =>
    typeof value === 'function' ? wrapBun(value as AnyFunction, route) : value;
  return mapValues(routes, (value, route) => {
    if (typeof value !== 'object' || value === null) return wrap(value, route);
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? mapValues(value as Record<string, unknown>, (handler) => wrap(handler, route)) : value;
  });
}

function mapValues(
  object: Record<string, unknown>,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
