/**
 * Express without the build: middleware that opens a scope for what stands behind it. Where errors end and which route a
 * request took is seen from the app it runs in, when the first request comes: by then everything is registered.
 */
import type { ReplayStackClient } from '../client.ts';
import { isKnownRequest } from '../requests.ts';
import type { ExpressRequest } from './express.ts';
import { noteRoute } from './express.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { noteEscape, quietly } from './request.ts';
import type { RequestOptions } from './request-options.ts';
import { optionsFor } from './request-options.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** Middleware for Express, and for whatever else calls it with Node's request and response. */
export type ExpressMiddleware = (request: object, response: object, next: (error?: unknown) => void) => void;

interface RoutedRequest extends ExpressRequest {
  app?: App;
}

/** The parts of an Express app, and of a layer of its routers, that are used here. */
interface App {
  use(handler: AnyFunction): unknown;
  /** The app that it is mounted in. */
  parent?: App;
  /** Express 5; a getter that throws in Express 4. */
  router?: { stack: Layer[] };
  /** Express 4. */
  _router?: { stack: Layer[] };
}

interface Layer {
  handle: AnyFunction & { stack?: Layer[] };
  route?: { stack: Layer[] };
}

/** How many layers of a router have been seen. */
let seen: WeakMap<Layer[], number> | undefined;

/**
 * Middleware for Express 4 and 5 that captures the requests that come to it, and the errors of the handlers behind it: one
 * event for each, as the build's own hooks make it. Where these have opened the request already, what is given here for
 * its end counts all the same: `captureRequestBody`, `captureResponseBody`, `captureHeaders`, `ignoredPaths` and
 * `shouldCapture`.
 *
 * @param options for these requests, over those of the client
 * @example
 * ```ts
 * const app = express();
 * app.use(replayStackExpress(new ReplayStackClient(), { captureHeaders: false })); // before all other middleware
 * ```
 */
export function replayStackExpress(
  client: ReplayStackClient,
  options: RequestOptions<NodeRequest> = {},
): ExpressMiddleware {
  const captor = { client, options: optionsFor(client, options) };
  return function replayStack(request, response, next) {
    if (!client.options.enabled || !isNodeRequest(request) || !isNodeResponse(response)) return next();
    if (isKnownRequest(request)) {
      const scope = scopeOfRequest(request);
      if (scope !== undefined) scope.options = captor.options;
      return next();
    }
    const run = (): void => {
      quietly(client, () => follow(client, request, response));
      next();
    };
    runNodeRequest(request, response, 'express', run, undefined, captor);
  };
}

/** Notes the route that the request takes, and the errors that it meets. */
function follow(client: ReplayStackClient, request: RoutedRequest, response: NodeResponse): void {
  const scope = scopeOfRequest(request);
  if (scope === undefined) return;
  observe(request.app);
  let route: RoutedRequest['route'];
  // Routers set it when they have found a route, and before its handlers run.
  Object.defineProperty(request, 'route', {
    get: () => route,
    set(value: typeof route) {
      route = value;
      quietly(client, () => {
        noteRoute(scope, request, response, undefined);
        // The route may be one of an app that is mounted, and that has error handlers of its own.
        observe(request.app);
      });
    },
    enumerable: true,
    configurable: true,
  });
}

/** Whenever an app has new layers, its error handlers are observed, and one is put at the end for errors that all others left. */
function observe(app: App | undefined): void {
  seen ??= new WeakMap();
  for (let one = app; one !== undefined; one = one.parent) {
    const stack = ('lazyrouter' in one ? one._router : one.router)?.stack;
    if (stack === undefined || seen.get(stack) === stack.length) continue;
    observeHandlers(stack, seen);
    one.use(lastHandler);
    seen.set(stack, stack.length);
  }
}

function observeHandlers(stack: Layer[], seen: WeakMap<Layer[], number>): void {
  const from = seen.get(stack) ?? 0;
  seen.set(stack, stack.length);
  for (const [index, layer] of stack.entries()) {
    const inner = layer.route?.stack ?? layer.handle.stack;
    if (inner !== undefined) {
      if (seen.get(inner) !== inner.length) observeHandlers(inner, seen);
    } else if (index >= from && layer.handle.length === 4 && layer.handle !== lastHandler) {
      layer.handle = wrapFunction(layer.handle, (handle, self, args) => {
        noteError(args[1], args[0], true);
        return Reflect.apply(handle, self, args);
      });
    }
  }
}

/** Express tells error handlers by their four parameters. */
function lastHandler(error: unknown, request: unknown, _response: unknown, next: unknown): void {
  noteError(request, error, false);
  (next as (error: unknown) => void)(error);
}

function noteError(request: unknown, error: unknown, handled: boolean): void {
  try {
    const scope = isNodeRequest(request) ? scopeOfRequest(request) : undefined;
    if (scope !== undefined) noteEscape(scope, error, handled);
  } catch {
    // The error of the application matters, ours does not.
  }
}
