/**
 * Express without the build: middleware that opens a scope for what stands behind it. Where errors end and which route a
 * request took is seen from the app it runs in, when the first request comes: by then everything is registered.
 */
import type { ReplayStackClient } from '../client.ts';
import { isKnownRequest } from '../requests.ts';
import type { Layer } from './express-layers.ts';
import { noteError, watchLayers } from './express-layers.ts';
import type { NodeRequest } from './node-message.ts';
import { runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { quietly } from './request.ts';
import type { RequestOptions } from './request-options.ts';
import { optionsFor } from './request-options.ts';
import type { AnyFunction } from './wrap-function.ts';

/** Middleware for Express, and for whatever else calls it with Node's request and response. */
export type ExpressMiddleware = (request: object, response: object, next: (error?: unknown) => void) => void;

interface RoutedRequest extends NodeRequest {
  app?: App;
}

/** The parts of an Express app that are used here. */
interface App {
  use(handler: AnyFunction): unknown;
  /** The app that it is mounted in. */
  parent?: App;
  /** Express 5; a getter that throws in Express 4. */
  router?: { stack: Layer[] };
  /** Express 4. */
  _router?: { stack: Layer[] };
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
      quietly(client, () => observe((request as RoutedRequest).app));
      next();
    };
    runNodeRequest(request, response, 'express', run, undefined, captor);
  };
}

/** Whenever an app has new layers, an error handler is put at their end for errors that all others left. */
function observe(app: App | undefined): void {
  seen ??= new WeakMap();
  for (let one = app; one !== undefined; one = one.parent) {
    const stack = ('lazyrouter' in one ? one._router : one.router)?.stack;
    if (stack === undefined || seen.get(stack) === stack.length) continue;
    one.use(lastHandler);
    seen.set(stack, stack.length);
    watchLayers(stack[0] as Layer);
  }
}

/** Express tells error handlers by their four parameters. */
function lastHandler(error: unknown, request: unknown, _response: unknown, next: unknown): void {
  noteError(request, error, false);
  (next as (error: unknown) => void)(error);
}
