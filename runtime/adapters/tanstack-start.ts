/**
 * TanStack Start. Its server takes Requests: for pages, for routes of the server, and for server functions. What these are called
 * with, and what they give, is written in a form in which no name stands beside its value, so that nothing in it could be
 * masked: it is taken from the function itself.
 */
import type { OwnDraft } from '../event/build-event.ts';
import { toEndpoint } from '../event/url.ts';
import { hideArguments, isPlainJson } from '../event/written.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import type { HeaderRecord } from '../protocol.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { EntryHook } from './entry.ts';
import { noting, openEntry } from './entry.ts';
import { noteEscape } from './request.ts';
import { telling } from './outcome.ts';
import { readAlong } from './read-along.ts';
import { runServerRequest } from './server-request.ts';
import { plainBody } from './web-body.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';

const FRAMEWORK = 'tanstack-start';

/** Put in by Start, wherever it is bundled: the path that its functions are below. */
declare const process: { env: { TSS_SERVER_FN_BASE?: string } };

/** What is known of a request until it ends. */
interface Visit {
  /** A server function is called. */
  ofFunction: boolean;
  /** The function that was called, or the router that was made, has been seen. */
  seen?: boolean;
  data?: unknown;
  result?: unknown;
  thrown?: { error: unknown };
  router?: Router;
}

/** What Start makes of the end of a function. */
interface Outcome {
  result?: unknown;
  error?: unknown;
}

/** The parts of a router that are used here. */
interface Router {
  getMatchedRoutes: AnyFunction;
  state: { matches: readonly { status: string; error?: unknown }[] };
}

/** A route that was found, with what stands in the path for its parameters; once as properties, now as a list. */
type Matched =
  | { foundRoute?: Route; routeParams?: object }
  | readonly [matched: unknown, parameters: object, found?: Route];

interface Route {
  fullPath?: string;
}

/** Injected around `createStartHandler()` and `createServerEntry()`. */
export function tanStackServer<T>(server: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (typeof server === 'function') return wrapFunction(server as unknown as AnyFunction, capture) as T;
    replaceMethod(server as Record<'fetch', AnyFunction>, 'fetch', capture);
  } catch {
    // Not one that we know.
  }
  return server;
}

function capture(original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const [request] = args;
  const handle = (): unknown => {
    const scope = activeScope();
    if (scope === undefined) return Reflect.apply(original, self, args);
    const visit = request instanceof Request ? begin(scope, request) : undefined;
    return noting(
      () => Reflect.apply(original, self, args),
      (answer) => visit?.ofFunction === false && readAlong(scope, answer),
    );
  };
  return runServerRequest(args, { framework: FRAMEWORK }, handle);
}

/** Once for each request, whoever has opened its scope, unless that has a context of its own. */
function begin(scope: Scope, request: Request): Visit | undefined {
  if (scope.closed || scope.trail.muted || scope.context !== undefined) return undefined;
  const visit: Visit = { ofFunction: isFunctionPath(toEndpoint(request.url)) };
  scope.context = visit;
  scope.atEnd = complete;
  const { describe } = scope;
  if (describe !== undefined && visit.ofFunction) {
    scope.describe = (draft, exchange) => {
      describe(draft, exchange);
      replaceWritten(draft, visit);
    };
  }
  return visit;
}

function isFunctionPath(path: string): boolean {
  try {
    return path.startsWith(process.env.TSS_SERVER_FN_BASE ?? '/_serverFn/');
  } catch {
    // No process, and nothing put in.
    return false;
  }
}

function visitOf(scope: Scope | undefined): Visit | undefined {
  const context = scope?.context as Visit | undefined;
  return context?.ofFunction === undefined || scope?.closed === true ? undefined : context;
}

function complete(scope: Scope, draft: OwnDraft): void {
  const visit = scope.context as Visit;
  if (visit.ofFunction) replaceWritten(draft, visit);
  if (scope.failure !== undefined) return;
  const failed = visit.thrown ?? failedMatch(visit.router, draft.statusCode);
  if (failed !== undefined) noteEscape(scope, failed.error, false);
}

/** The error of a loader, which the router has a page of its own for. */
function failedMatch(router: Router | undefined, statusCode = 0): { error?: unknown } | undefined {
  return statusCode < 400 ? undefined : router?.state.matches.find(({ status }) => status === 'error');
}

function replaceWritten(draft: OwnDraft, { data, result }: Visit): void {
  hideArguments(draft);
  if ('requestPayload' in draft) draft.requestPayload = plainBody(data);
  const headers = (draft.responseHeaders ?? {}) as HeaderRecord;
  // What is no JSON is a stream.
  const isWritten = 'x-tss-serialized' in headers && isPlainJson(headers['content-type']);
  if (isWritten && 'responsePayload' in draft) draft.responsePayload = result;
}

/** Injected around the handler of a server function. @param name of the variable that keeps the function */
export function tanStackFunction<T>(_owner: unknown, handler: T, name?: string): T {
  // What Start's compiler puts in its place is told of by its properties.
  if (typeof handler !== 'function' || 'url' in handler) return handler;
  return watched(handler as unknown as AnyFunction, name, (result) => ({ result })) as T;
}

/**
 * Injected around what makes server functions callable: whoever has made them, whatever they throw comes by. Versions of Start
 * that do not tell it a function's name leave that to the handler.
 */
export const tanStackRpc: EntryHook = ((_name: string, _route: string, create: unknown) =>
  openEntry('', create, undefined, (make, { 0: about }) => {
    const call = make();
    const { name } = Object(about) as { name?: unknown };
    return typeof call === 'function' && typeof name === 'string'
      ? watched(call as AnyFunction, name, (outcome) => Object(outcome) as Outcome)
      : call;
  })) as EntryHook;

/** Start sends what is thrown to the caller, with status 200. */
function watched(fn: AnyFunction, name: string | undefined, read: (value: unknown) => Outcome): AnyFunction {
  return wrapFunction(fn, (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    const scope = activeScope();
    const visit = visitOf(scope);
    // A page, or another function, may call it as well.
    if (visit?.ofFunction !== true || visit.seen === true) return handle();
    visit.seen = true;
    if (scope !== undefined && name !== undefined) scope.metadata['action'] = name;
    visit.data = (args[0] as { data?: unknown } | undefined)?.data;
    return telling(
      handle,
      (error) => (visit.thrown = { error }),
      (value) => {
        const { result, error } = read(value);
        visit.result = result;
        if (error !== undefined) visit.thrown = { error };
      },
    );
  });
}

/** Injected into what makes a router for each request. */
export function tanStackRouter<T>(name: string | readonly string[], route: string, value: T): T;
export function tanStackRouter<R>(name: string, route: string, body: () => R, args: ArrayLike<unknown>): R;
export function tanStackRouter(
  names: string | readonly string[],
  _route: string,
  target: unknown,
  args?: ArrayLike<unknown>,
): unknown {
  return openEntry(names, target, args, (handle) => {
    const made = handle();
    if (isPlainPromise(made)) made.then(adopt, () => {});
    else adopt(made);
    return made;
  });
}

function adopt(router: unknown): void {
  try {
    const visit = visitOf(activeScope());
    if (visit === undefined || visit.router !== undefined) return;
    visit.router = router as Router;
    replaceMethod(visit.router as never, 'getMatchedRoutes', (find, self, args) => {
      const matched = Reflect.apply(find, self, args);
      noteRoute(matched as Matched);
      return matched;
    });
  } catch {
    // Not one that we know.
  }
}

/** The first that is looked for is that of the request; what else a page leads to comes later. */
function noteRoute(matched: Matched): void {
  try {
    const [parameters, found] =
      'length' in matched ? [matched[1], matched[2]] : [matched.routeParams, matched.foundRoute];
    const scope = activeScope();
    // With a rest that no route is for, it is the page that says so.
    if (scope === undefined || found?.fullPath === undefined || '**' in (parameters ?? {})) return;
    scope.metadata['route'] ??= found.fullPath.replace(/(?<=.)\/$/, '');
  } catch {
    // Not one that we know.
  }
}
