/**
 * Polka 0.5 and 1. The scope opens where an app takes a request; the handlers of its routes, as they are registered, add the
 * pattern, and its error handler is asked about all that Polka catches. Promises of handlers are nobody's business.
 */
import { toEndpoint } from '../event/url.ts';
import { activeClient } from '../start.ts';
import type { NodeRequest } from './node-message.ts';
import { retapResponse, runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { mapHandlers, replaceMethod, wrapFunction } from './wrap-function.ts';

/** The parts of a Polka app that are used here. */
interface PolkaApp extends Record<string, unknown> {
  handler: AnyFunction;
  onError: AnyFunction;
  add: AnyFunction;
  constructor: new () => { onError: AnyFunction };
}

interface PolkaRequest extends NodeRequest {
  /** Without the path that the app is mounted at. */
  path?: string;
}

/** Those of an app that register a route. */
const METHODS: readonly string[] =
  /* @__PURE__ */ 'all get head patch options connect delete trace post put'.split(' ');

let adopted: WeakSet<object> | undefined;

/** Injected around `polka()`. Returns its argument. */
export function polkaApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

function isApp(value: unknown): value is PolkaApp {
  if (typeof value !== 'object' || value === null) return false;
  const { handler, onError, onNoMatch, add, find, listen } = value as Record<string, unknown>;
  return [handler, onError, onNoMatch, add, find, listen].every((method) => typeof method === 'function');
}

function adopt(app: PolkaApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  const { onError } = app;
  // That of an app which was given none.
  const isPolkas = onError === new app.constructor().onError;
  app.handler = wrapFunction(app.handler, (handle, self, args) => {
    const call = (): unknown => Reflect.apply(handle, self, args);
    const [request, response] = args;
    if (activeClient() === undefined || !isNodeRequest(request) || !isNodeResponse(response)) return call();
    return runNodeRequest(request, response, 'polka', call);
  });
  for (const name of METHODS) {
    const method = app[name];
    if (typeof method !== 'function') continue;
    app[name] = wrapFunction(method as AnyFunction, (register, self, [pattern, ...handlers]) =>
      Reflect.apply(register, self, [pattern, ...noting(pattern, handlers)]),
    );
  }
  replaceMethod(app, 'add', (register, self, [method, pattern, ...handlers]) =>
    Reflect.apply(register, self, [method, pattern, ...noting(pattern, handlers)]),
  );
  app.onError = wrapFunction(onError, (answer, self, args) => {
    noteError(args, !isPolkas);
    return Reflect.apply(answer, self, args);
  });
}

function noting(pattern: unknown, handlers: unknown[]): unknown[] {
  return handlers.map((argument) =>
    mapHandlers(argument, (handler) =>
      wrapFunction(handler, (original, self, args) => {
        noteRoute(args, pattern);
        return Reflect.apply(original, self, args);
      }),
    ),
  );
}

function noteRoute([request, response]: unknown[], pattern: unknown): void {
  try {
    const scope = isNodeRequest(request) ? scopeOfRequest(request) : undefined;
    if (scope === undefined || !isNodeResponse(response)) return;
    const { originalUrl, url = '/', path } = request as PolkaRequest;
    retapResponse(request as PolkaRequest, response);
    const mounted = mountPath(toEndpoint(originalUrl ?? url), path ?? '');
    const own = typeof pattern === 'string' ? pattern.replace(/^(?!\/)/, '/') : String(pattern);
    scope.metadata['route'] = mounted !== '' && own === '/' ? mounted : mounted + own;
  } catch {
    // Not the request we know.
  }
}

/** Apps take the path that they are mounted at off the request. */
function mountPath(asked: string, own: string): string {
  if (asked.endsWith(own)) return asked.slice(0, asked.length - own.length);
  return own === '/' ? asked : '';
}

function noteError([error, request]: unknown[], handled: boolean): void {
  try {
    const scope = isNodeRequest(request) ? scopeOfRequest(request) : undefined;
    if (scope !== undefined) noteEscape(scope, error, handled);
  } catch {
    // The error of the application matters, ours does not.
  }
}
