/**
 * React Router in framework mode. A request may run several loaders at a time, each with a Request of its own; so it is the server's
 * request that is captured, as soon as one of them takes part in it.
 */
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import type { EntryHook } from './entry.ts';
import { entryHook, noting, openEntry } from './entry.ts';
import { watchIncoming } from './incoming.ts';
import type { NodeExchange } from './node-exchange.ts';
import { claimRequest, retapResponse } from './node-http.ts';
import { readAlong } from './read-along.ts';
import { quietly } from './request.ts';
import { activeClient } from '../start.ts';
import { plainBody, watchBody } from './web-body.ts';

/** What loaders and actions are called with. */
interface RouteArguments {
  request?: unknown;
  pattern?: string | undefined;
  /** Its name at first. */
  unstable_pattern?: string | undefined;
}

/** What is known of a request when its page is made. */
interface PageContext {
  staticHandlerContext?: { statusCode?: number; matches?: readonly { route: { path?: string } }[] };
}

/** What stands in front of it where the server is the application's own. */
const HOSTS = /^(?:express|fastify|hono|http)$/;

/** Injected into modules with loaders or actions, before any of them is called. */
export function reactRouterModule(): void {
  watchIncoming();
}

/** Injected around a loader or an action. */
export function reactRouterEntry<T>(name: string | readonly string[], route: string, value: T): T;
export function reactRouterEntry<R>(name: string, route: string, body: () => R, args: ArrayLike<unknown>): R;
export function reactRouterEntry(
  names: string | readonly string[],
  _route: string,
  target: unknown,
  args?: ArrayLike<unknown>,
): unknown {
  return openEntry(names, target, args, (handle, { 0: given }) =>
    // Of a route without a page it is the answer.
    take(handle, () => (given ?? {}) as RouteArguments, readAlong),
  );
}

/** Injected around what makes pages: of requests that no loader takes part in, and of those that no route is for, as well. */
export const reactRouterPage: EntryHook = /* @__PURE__ */ entryHook((handle, { 3: context }) =>
  take(handle, () => ({ pattern: patternOf(context as PageContext) })),
);

/** The routes of an application are a tree, and so is its pattern. */
function patternOf({
  staticHandlerContext: { statusCode, matches = [] } = {},
}: PageContext): string | undefined {
  const paths = matches.flatMap(({ route }) => route.path ?? []);
  return statusCode === 404 ? undefined : paths.join('/');
}

/** A request is captured once something of the application's takes part in it. */
function take(
  handle: () => unknown,
  read: () => RouteArguments,
  noteValue?: (scope: Scope, value: unknown) => void,
): unknown {
  const scope = activeScope();
  const client = activeClient();
  if (client === undefined || scope === undefined || scope.closed || scope.trail.muted) return handle();
  quietly(client, () => join(scope, read()));
  return noting(handle, (value) => noteValue?.(scope, value));
}

function join(scope: Scope, { request, pattern, unstable_pattern: former = pattern }: RouteArguments): void {
  const { metadata } = scope;
  claimRequest(scope, 'react-router');
  if (HOSTS.test(String(metadata['framework']))) {
    metadata['framework'] = 'react-router';
    // The host's is for whatever React Router answers.
    if (former !== undefined) delete metadata['route'];
    const { exchange } = scope as { exchange?: Partial<NodeExchange> };
    if (exchange?.request && exchange.response) retapResponse(exchange.request, exchange.response);
  }
  if (former !== undefined) metadata['route'] ??= former.replace(/^\/?/, '/');
  if (!(request instanceof Request) || /^(GET|HEAD)$/.test(request.method)) return;
  watchBody(request, (body) => (scope.body ??= plainBody(body)));
}
