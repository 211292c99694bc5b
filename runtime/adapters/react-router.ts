/**
 * React Router in framework mode. A request may run several loaders at a time, each with a Request of its own; so it is the server's
 * request that is captured, as soon as one of them takes part in it.
 */
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { noting, openEntry } from './entry.ts';
import { watchIncoming } from './incoming.ts';
import { claimRequest } from './node-http.ts';
import { readAlong } from './read-along.ts';
import { quietly } from './request.ts';
import { activeClient } from '../start.ts';
import { plainBody, watchBody } from './web-body.ts';

/** What loaders and actions are called with. */
interface RouteArguments {
  request?: unknown;
  pattern?: string;
  /** Its name at first. */
  unstable_pattern?: string;
}

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
  return openEntry(names, target, args, (handle, { 0: given }) => {
    const scope = activeScope();
    const client = activeClient();
    if (client === undefined || scope === undefined || scope.closed || scope.trail.muted) return handle();
    quietly(client, () => join(scope, (given ?? {}) as RouteArguments));
    // Of a route without a page it is the answer.
    return noting(handle, (value) => readAlong(scope, value));
  });
}

function join(scope: Scope, { request, pattern, unstable_pattern: former = pattern }: RouteArguments): void {
  claimRequest(scope, 'react-router', async ({ context }) => plainBody((context as Read | undefined)?.body));
  if (former !== undefined) scope.metadata['route'] ??= former.replace(/^\/?/, '/');
  if (!(request instanceof Request) || /^(GET|HEAD)$/.test(request.method)) return;
  const read: Read = (scope.context ??= {});
  watchBody(request, (body) => (read.body ??= body));
}

/** What was read of a body. */
interface Read {
  body?: unknown;
}
