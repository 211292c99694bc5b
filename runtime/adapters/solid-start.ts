/**
 * SolidStart 1: pages, API routes and server functions. What these functions are called with, and what they give, is written by
 * seroval, names apart from values, so that nothing in it could be masked: it is taken from the function itself.
 */
import type { OwnDraft } from '../event/build-event.ts';
import { hideArguments, UNREADABLE } from '../event/written.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { openEntry } from './entry.ts';
import type { EntryHook } from './entry.ts';
import type { H3Event } from './h3-events.ts';
import { runEvent } from './h3-events.ts';
import { announcesBody } from './node-exchange.ts';
import type { RequestTap } from './node-request.ts';
import { tapRequest } from './node-request.ts';
import { noteEscape } from './request.ts';
import { telling } from './outcome.ts';
import { plainBody } from './web-body.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

const FRAMEWORK = 'solid-start';

/** The router, as SolidStart calls it, that server functions are called through. */
const FUNCTIONS = 'server-fns';

/** What is known of a request until it ends. */
interface Visit {
  event: SolidEvent;
  /** A server function is called. */
  ofFunction: boolean;
  tap?: RequestTap;
  /** The call of that function. */
  call?: { args: readonly unknown[]; result?: unknown };
}

/** The parts of an event that are read here. */
type SolidEvent = H3Event & {
  context: {
    solidFetchEvent?: {
      /** Of the function that is called. */
      locals?: { serverFunctionMeta?: { id?: string } };
      router?: { matches?: readonly { pattern?: string }[] };
    };
  };
};

/** Injected around what takes the requests of a router. @param route the router's name */
export const solidStartHandler: EntryHook = ((_names: string, router: string, handler: unknown) => {
  // A server that fails while it starts has its guards by then.
  activeClient();
  const ofFunction = router === FUNCTIONS;
  const begin = (scope: Scope, event: SolidEvent): void => beginVisit(scope, { event, ofFunction });
  return openEntry('', handler, undefined, (handle, { 0: given }) =>
    runEvent(given, { framework: FRAMEWORK, begin, isPart: true, requestBody }, handle),
  );
}) as EntryHook;

function beginVisit(scope: Scope, visit: Visit): void {
  if (scope.context !== undefined || scope.trail.muted) return;
  scope.context = visit;
  scope.atEnd = complete;
  const { req } = visit.event.node;
  const { options, describe } = scope;
  if (visit.ofFunction && describe !== undefined) {
    scope.describe = (draft, exchange) => {
      describe(draft, exchange);
      replaceWritten(draft, visit);
    };
  }
  if (options?.captureRequestBody === true && announcesBody(req.headers))
    visit.tap = tapRequest(req, options.maxPayloadSizeBytes, () => !scope.closed);
}

function visitOf(scope: Scope | undefined): Visit | undefined {
  const visit = scope?.context as Visit | undefined;
  return visit?.ofFunction === undefined ? undefined : visit;
}

function requestBody(scope: Scope): unknown {
  const { call, tap, event } = visitOf(scope) ?? {};
  if (call !== undefined) return call.args.length > 0 ? call.args.map(plainBody) : undefined;
  const body = tap?.payload();
  return body !== undefined && 'x-serialized' in (event?.node.req.headers ?? {}) ? UNREADABLE : body;
}

function complete(scope: Scope, draft: OwnDraft): void {
  const visit = scope.context as Visit;
  const { ofFunction, event } = visit;
  if (ofFunction) return replaceWritten(draft, visit);
  const pattern = event.context.solidFetchEvent?.router?.matches?.at(-1)?.pattern;
  // Where there is no route, it is the page that says so. Meanwhile the page may have asked for what has a route of its own.
  if (pattern !== undefined && !(draft.statusCode === 404 && pattern.startsWith('/*')))
    scope.metadata['route'] = pattern || '/';
}

function replaceWritten(draft: OwnDraft, { call }: Visit): void {
  hideArguments(draft);
  if (call !== undefined && 'x-serialized' in (draft.responseHeaders ?? {}) && 'responsePayload' in draft)
    draft.responsePayload = plainResult(call.result);
}

/** Injected around the list of an application's routes: what loads a handler is asked for it when its request is there. */
export const solidStartRoutes: EntryHook = ((_names: string, _route: string, routes: unknown) => {
  try {
    for (const route of routes as Record<string, unknown>[]) {
      // Groups are no part of a path.
      const path = String(route['path'])
        .replace(/\([^)/]+\)/g, '')
        .replace(/\/+/g, '/')
        .replace(/(?<=.)\/$/, '');
      for (const [method, handler] of Object.entries(route)) {
        if (!/^\$[A-Z]+$/.test(method)) continue;
        replaceMethod(handler as Record<'import', AnyFunction>, 'import', (load, self, args) => {
          const scope = activeScope();
          if (visitOf(scope) !== undefined) (scope as Scope).metadata['route'] ??= path;
          return Reflect.apply(load, self, args);
        });
      }
    }
  } catch {
    // Not a list that we know.
  }
  return routes;
}) as EntryHook;

/** Injected into what makes a server function: `createServerReference(handler, id, name)`. */
export const solidStartReference: EntryHook = ((
  _name: string,
  _route: string,
  make: () => unknown,
  { 1: id }: ArrayLike<unknown>,
) => {
  const reference = make();
  if (typeof reference !== 'function') return reference;
  return new Proxy(reference as AnyFunction, {
    apply(target, self, args: unknown[]) {
      const handle = (): unknown => Reflect.apply(target, self, args);
      const scope = activeScope();
      const visit = visitOf(scope);
      // A page, middleware, or another function may call it as well.
      if (scope === undefined || visit === undefined || !isCalled(visit, String(id))) return handle();
      scope.metadata['action'] = nameOf(String(id));
      return watch(scope, (visit.call = { args }), handle);
    },
  });
}) as EntryHook;

/** Whether it is this function that the request is for, and it has not been called yet. */
function isCalled({ ofFunction, call, event }: Visit, id: string): boolean {
  const meta = event.context.solidFetchEvent?.locals?.serverFunctionMeta;
  return ofFunction && call === undefined && meta?.id?.startsWith(`${id}#`) === true;
}

/** `src_lib_orders_ts--getOrder_query`: of a function that is given to `query()`, and `placeOrder_1` of one with a name. */
function nameOf(id: string): string {
  return id.replace(/^.*--/, '').replace(/_(?:\d+|query|cache|action)$/, '');
}

/** SolidStart sends what is thrown to the caller, with status 200. */
function watch(scope: Scope, call: NonNullable<Visit['call']>, handle: () => unknown): unknown {
  return telling(
    handle,
    (error) => noteEscape(scope, error, false),
    (result) => (call.result = result),
  );
}

/** `json()` makes an answer that knows what it holds. */
function plainResult(result: unknown): unknown {
  if (!(result instanceof Response)) return result;
  const { customBody } = result as { customBody?: () => unknown };
  return typeof customBody === 'function' ? customBody() : undefined;
}
