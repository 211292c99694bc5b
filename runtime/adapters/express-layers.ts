/**
 * Layers are what Express calls all handlers through, whoever registered them and wherever. Those of one copy of Express share
 * a prototype, which tells of routes and errors whatever the build recognised.
 */
import type { Scope } from '../scope.ts';
import { noteRoute } from './express-routes.ts';
import { scopeOfRequest } from './node-http.ts';
import type { NodeResponse } from './node-message.ts';
import { isNodeRequest } from './node-message.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

export interface Layer {
  handle: AnyFunction;
  /** Of the layer that hands on to the handlers of a route. */
  route?: object;
}

let watched: WeakSet<object> | undefined;

/** Watches all layers of the copy of Express that this one is of. Throws if it is none. */
export function watchLayers(layer: Layer): void {
  const shared = Object.getPrototypeOf(layer) as Record<string, AnyFunction>;
  watched ??= new WeakSet();
  if (watched.has(shared)) return;
  watched.add(shared);
  const replace = (name: string, note: (layer: Layer, args: unknown[]) => void): void => {
    shared[name] = wrapFunction(shared[name] as AnyFunction, (handle, self, args) => {
      note(self as Layer, args);
      return Reflect.apply(handle, self, args);
    });
  };
  const isExpress4 = 'handle_request' in shared;
  replace(isExpress4 ? 'handle_request' : 'handleRequest', ({ route }, [request, response]) => {
    const scope = route && scopeOf(request);
    if (scope) noteRoute(scope, request as object, response as NodeResponse);
  });
  replace(isExpress4 ? 'handle_error' : 'handleError', ({ handle }, [error, request]) => {
    // Express tells error handlers by their four parameters.
    if (handle.length === 4) noteError(request, error, true);
  });
}

/** Never throws: the error of the application matters, ours does not. */
export function noteError(request: unknown, error: unknown, handled: boolean): void {
  const scope = scopeOf(request);
  if (scope !== undefined) noteEscape(scope, error, handled);
}

/** A framework on top of Express, which has the request by then, knows better. */
function scopeOf(request: unknown): Scope | undefined {
  try {
    const scope = isNodeRequest(request) ? scopeOfRequest(request) : undefined;
    return scope?.metadata['framework'] === 'express' ? scope : undefined;
  } catch {
    return undefined;
  }
}
