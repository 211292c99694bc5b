/**
 * Express 4 and 5. The scope opens where the application takes a request, before its body parsers; the handlers, as they
 * are registered, add the route and the errors.
 */
import { isPlainPromise } from '../observe/native-promise.ts';
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { Layer } from './express-layers.ts';
import { watchLayers } from './express-layers.ts';
import { contextOf, noteMount, noteRoute } from './express-routes.ts';
import type { NodeRequest } from './node-message.ts';
import { runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction, WrapperCache } from './wrap-function.ts';
import { cachedWrapper, mapHandlers, wrapFunction } from './wrap-function.ts';

/** An Express app, which has `set`, or a router, which has a `stack`: both are functions with a `handle`. */
type ExpressRouter = AnyFunction & {
  handle: AnyFunction;
  stack?: Layer[];
  set?: unknown;
  /** Express 5; a getter that throws in Express 4. */
  router?: ExpressRouter;
  /** Express 4. */
  _router?: ExpressRouter;
};

interface ExpressState {
  wrappers: WrapperCache;
  /** Apps whose `handle` opens scopes. */
  adopted: WeakSet<object>;
  /** Root routers whose unhandled errors are noted. */
  watched: WeakSet<object>;
}

let lazyState: ExpressState | undefined;

function expressState(): ExpressState {
  return (lazyState ??= {
    wrappers: new WeakMap(),
    adopted: new WeakSet(),
    watched: new WeakSet(),
  });
}

/** Stands for the owner when the build could name none: `express().get('/', handler)`. */
const NOBODY: object = {};

/** Injected around `express()`. Returns its argument. */
export function expressApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isRouter(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

/**
 * Injected around each handler argument of a registration.
 *
 * @param owner the app, router or route it is registered on; anything else switches the hook off. `true` when the build is
 *   certain and there is no name for the owner.
 * @param argument a handler, a list of them, a router, or whatever else stands there
 * @param path the path that `use` mounts at, if it is a literal
 */
export function expressHandler<T>(owner: unknown, argument: T, path?: string): T {
  try {
    if (owner !== true && !isRouter(owner) && !isRoute(owner)) return argument;
    if (isRouter(owner)) adopt(owner);
    const registeredOn: object = owner === true ? NOBODY : owner;
    return mapHandlers(argument, (handler) => {
      if (isRouter(handler)) {
        noteMount(registeredOn, handler, path ?? '');
        return handler;
      }
      const { wrappers } = expressState();
      return cachedWrapper(wrappers, handler, registeredOn, (original) =>
        wrapHandler(original, registeredOn),
      );
    }) as T;
  } catch {
    return argument;
  }
}

function isRouter(value: unknown): value is ExpressRouter {
  if (typeof value !== 'function' || typeof (value as Partial<ExpressRouter>).handle !== 'function')
    return false;
  return Array.isArray((value as ExpressRouter).stack) || typeof (value as ExpressRouter).set === 'function';
}

/** What `router.route(path)` gives. */
function isRoute(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray((value as { stack?: unknown }).stack) && 'methods' in value && 'path' in value;
}

/** Opens a scope for every request that the app handles. Routers are left as they are: an app stands before them. */
function adopt(app: ExpressRouter): void {
  const { adopted } = expressState();
  if (typeof app.set !== 'function' || adopted.has(app)) return;
  adopted.add(app);
  app.handle = wrapFunction(app.handle, (handle, self, args) => {
    const [request, response] = args;
    if (activeClient() === undefined || !isNodeRequest(request) || !isNodeResponse(response)) {
      return Reflect.apply(handle, self, args);
    }
    return runNodeRequest(request, response, 'express', () => {
      noteApp(request, app);
      return Reflect.apply(handle, self, args);
    });
  });
}

/** Errors that come out of the first app's router were handled by nobody: Express answers them itself. */
function noteApp(request: NodeRequest, app: ExpressRouter): void {
  try {
    const scope = scopeOfRequest(request);
    if (scope === undefined) return;
    contextOf(scope).app ??= app;
    const router = 'lazyrouter' in app ? app._router : app.router;
    const layer = router?.stack?.[0];
    if (router === undefined || layer === undefined || expressState().watched.has(router)) return;
    expressState().watched.add(router);
    router.handle = wrapFunction(router.handle, (handle, self, args) => {
      const [request, response, done, ...rest] = args;
      const scope =
        typeof done === 'function' && isNodeRequest(request) ? scopeOfRequest(request) : undefined;
      if (scope === undefined || contextOf(scope).app !== app) return Reflect.apply(handle, self, args);
      const noting = (...results: unknown[]): unknown => {
        if (results[0]) noteEscape(scope, results[0], false);
        return Reflect.apply(done as AnyFunction, undefined, results);
      };
      return Reflect.apply(handle, self, [request, response, noting, ...rest]);
    });
    watchLayers(layer);
  } catch {
    // Not the app we know.
  }
}

function wrapHandler(handler: AnyFunction, owner: object): AnyFunction {
  const handlesErrors = handler.length === 4;
  const awaited = awaitsHandlers(owner);
  return wrapFunction(handler, (original, self, args) => {
    const [request, response] = handlesErrors ? args.slice(1) : args;
    if (activeClient() === undefined || !isNodeRequest(request) || !isNodeResponse(response)) {
      return Reflect.apply(original, self, args);
    }
    return runNodeRequest(request, response, 'express', () => {
      const scope = scopeOfRequest(request);
      if (scope === undefined) return Reflect.apply(original, self, args);
      if (handlesErrors) noteEscape(scope, args[0], true);
      else noteRoute(scope, request, response, owner);
      try {
        const result = Reflect.apply(original, self, args);
        if (awaited) watch(scope, result);
        return result;
      } catch (error) {
        noteEscape(scope, error, true);
        throw error;
      }
    });
  });
}

/**
 * Whether this is Express 5, which has a rejection handler of its own on every promise that a handler returns. Express 4
 * leaves them alone, so that a rejection ends the process: there it must not look handled.
 */
function awaitsHandlers(owner: object): boolean {
  if ('_handlesMethod' in owner) return true;
  if ('mountpath' in owner) return !('lazyrouter' in owner);
  return 'mergeParams' in owner && !('process_params' in owner);
}

function watch(scope: Scope, result: unknown): void {
  try {
    if (isPlainPromise(result)) result.catch((error: unknown) => noteEscape(scope, error, true));
  } catch {
    // A Proxy around a promise.
  }
}
