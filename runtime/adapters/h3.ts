/**
 * h3 1 and 2, and Nitro 2 and 3 on top of them. The scope opens where the app takes a request: an event in version 1, a Request in
 * version 2. On a server of Node's it is the server's own request that is looked at, which tells what is really sent.
 */
import type { Scope } from '../scope.ts';
import { activeScope, isInside } from '../scope.ts';
import { activeClient } from '../start.ts';
import { isNodeRequest, isNodeResponse, runNodeRequest } from './node-http.ts';
import { activeCaptor, noteEscape, quietly, soon } from './request.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

/** An app of version 1, which handles events, or of version 2, which handles Requests. */
interface H3App extends Record<string, unknown> {
  handler?: AnyFunction;
  stack?: unknown;
  fetch?: AnyFunction;
  config?: { onError?: AnyFunction | undefined };
}

/** The parts of an event of version 1 that are read here. */
interface H3Event {
  node: { req: object; res: object };
  context: { matchedRoute?: { path?: string } };
}

/** What Nitro gives its plugins. */
interface NitroApp extends Record<string, unknown> {
  hooks: { hook(name: string, listener: AnyFunction): unknown };
  /** Nitro 2. */
  h3App?: H3App;
  /** Nitro 3. */
  fetch?: AnyFunction;
}

/** Where version 1 keeps what was read of a body. */
const RAW_BODY: symbol = /* @__PURE__ */ Symbol.for('h3RawBody');
const PARSED_BODY: symbol = /* @__PURE__ */ Symbol.for('h3ParsedBody');

/** What finds the route of an event in version 2; apps of Nitro's have one of their own. */
const FINDERS: readonly string[] = ['~findRoute', '_findRoute'];

/** Injected around `createApp()` and `new H3()`. Returns its argument. */
export function h3App<T>(app: T): T {
  try {
    const { handler, stack, fetch, config } = app as H3App;
    if (typeof handler === 'function' && Array.isArray(stack)) adoptHandler(app as H3App, 'h3');
    else if (typeof fetch === 'function' && typeof config === 'object') {
      adoptFetch(app as H3App, 'h3');
      adoptRoutes(app as H3App);
      const { onError } = config;
      (app as H3App).config = {
        ...config,
        onError(this: unknown, ...args: unknown[]): unknown {
          noteError(args[0]);
          return onError === undefined ? undefined : Reflect.apply(onError, this, args);
        },
      };
    }
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

/** The plugin of Nitro's: it is called with the app before there is a server. */
export function adoptNitro(app: unknown, framework: string): void {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    const nitro = app as NitroApp;
    if (typeof nitro.h3App?.handler === 'function') return adoptHandler(nitro.h3App, framework);
    if (typeof nitro.fetch !== 'function') return;
    adoptFetch(nitro as H3App, framework);
    for (const inner of [nitro['h3'], nitro['_h3']]) if (inner) adoptRoutes(inner as H3App);
    nitro.hooks.hook('error', (error) => noteError(error));
  } catch {
    // Not the one we know.
  }
}

function adoptHandler(app: H3App, framework: string): void {
  replaceMethod(app as Record<'handler', AnyFunction>, 'handler', (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    const { node } = args[0] as H3Event;
    // What an app asks of itself is part of the request that it answers.
    if (isInside() || !isNodeRequest(node.req) || !isNodeResponse(node.res)) {
      return handle();
    }
    const handleEvent = (): unknown => {
      const scope = activeScope();
      if (scope !== undefined) {
        scope.context = args[0] as object;
        scope.atEnd = noteRouteOfEvent;
      }
      return noting(handle);
    };
    return runNodeRequest(node.req, node.res, framework, handleEvent, bodyOfEvent);
  });
}

function noteRouteOfEvent({ context, metadata }: Scope): void {
  const path = (context as H3Event | undefined)?.context.matchedRoute?.path;
  if (path !== undefined) metadata['route'] = path;
}

async function bodyOfEvent({ context }: Scope): Promise<unknown> {
  const request = (context as H3Event | undefined)?.node.req as Record<symbol, unknown> | undefined;
  return request?.[PARSED_BODY] ?? (await soon(Promise.resolve(request?.[RAW_BODY])));
}

/** h3 answers what its handler throws: nothing is unhandled because of us. */
function noting(handle: () => unknown): unknown {
  const result = handle();
  if (result instanceof Promise) result.catch(noteError);
  return result;
}

/** What was thrown by the application, of which h3 may have made an error of its own. */
function noteError(error: unknown): void {
  const scope = activeScope();
  if (scope === undefined) return;
  const { unhandled, cause } = (error ?? {}) as { unhandled?: boolean; cause?: unknown };
  noteEscape(scope, unhandled === true && cause instanceof Error ? cause : error, false);
}

function adoptFetch(app: H3App, framework: string): void {
  replaceMethod(app as Record<'fetch', AnyFunction>, 'fetch', (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    const captor = activeCaptor();
    const [request] = args;
    if (captor === undefined || !(request instanceof Request) || isInside()) {
      return handle();
    }
    let body: unknown;
    if (captor.options.captureRequestBody) {
      quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
    }
    const requestBody = async (): Promise<unknown> => plainBody(body);
    const { node } = (request as { runtime?: { node?: { req?: unknown; res?: unknown } } }).runtime ?? {};
    if (isNodeRequest(node?.req) && isNodeResponse(node?.res)) {
      return runNodeRequest(node.req, node.res, framework, handle, requestBody);
    }
    return runWebRequest(request, { framework, sourceIp: sourceIpOf(request), requestBody }, handle, captor);
  });
}

function adoptRoutes(app: H3App): void {
  for (const name of FINDERS) {
    if (typeof app[name] !== 'function') continue;
    replaceMethod(app as Record<string, AnyFunction>, name, (find, self, args) => {
      const found = Reflect.apply(find, self, args) as { data?: { route?: string } } | undefined;
      const scope = activeScope();
      if (scope !== undefined && found?.data?.route !== undefined) {
        scope.metadata['route'] ??= found.data.route;
      }
      return found;
    });
  }
}
