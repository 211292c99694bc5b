/**
 * h3 1 and 2. The scope opens where an app takes what it answers: an event in version 1, a Request in version 2. On a server of
 * Node's it is the server's own request that is looked at, which tells what is really sent.
 */
import { segments, toEndpoint } from '../event/url.ts';
import { isKnownRequest } from '../requests.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { H3Options } from './h3-errors.ts';
import { isCaptured, noting, observeAnswers } from './h3-errors.ts';
import { adoptEvents } from './h3-events.ts';
import { activeCaptor } from './request.ts';
import { runServerRequest } from './server-request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

/** The parts of an app, of either version, that are used here. */
interface H3App extends Record<string, unknown> {
  handler: AnyFunction;
  /** Version 1. */
  stack?: unknown;
  options?: H3Options;
  /** Version 2. */
  fetch?: AnyFunction;
  config?: H3Options;
}

/** What takes Requests: the first is what servers are given, the other what `request()` and `toWebHandler()` call. */
const TAKERS: readonly string[] = ['fetch', '~request'];

/** What finds the route of an event; the names that it had before and after version 2.0 was out. */
const FINDERS: readonly string[] = ['~findRoute', '_findRoute'];

let adopted: WeakSet<object> | undefined;

/** Injected around `createApp()` and `new H3()`. Returns its argument. */
export function h3App<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    adopt(app as H3App);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

function adopt(app: H3App): void {
  const { handler, stack, options, fetch, config } = app;
  adopted ??= new WeakSet();
  if (typeof handler !== 'function' || adopted.has(app)) return;
  if (Array.isArray(stack) && typeof options === 'object') {
    adopted.add(app);
    adoptEvents(app, 'h3');
    observeAnswers(options, true);
  } else if (typeof fetch === 'function' && typeof config === 'object') {
    adopted.add(app);
    for (const name of TAKERS) adoptRequests(app, name, 'h3');
    adoptHandler(app);
    observeAnswers(config, true);
  }
}

/**
 * Version 2, and Nitro 3, whose app has a `fetch` in front of that of h3.
 *
 * @param findCaptor who captures, and how
 */
export function adoptRequests(
  app: Record<string, unknown>,
  name: string,
  framework: string,
  findCaptor: typeof activeCaptor = activeCaptor,
): void {
  if (typeof app[name] !== 'function') return;
  replaceMethod(app as Record<string, AnyFunction>, name, (original, self, args) => {
    const [request, env, context] = args;
    // Nitro's takes something else in this place.
    const given = [request, framework === 'h3' ? env : undefined, context];
    return runServerRequest(given, { framework, findCaptor }, () => Reflect.apply(original, self, args));
  });
}

/** Tells the route of a request, what was thrown and what was answered; what else is asked meanwhile has its own. */
export function adoptHandler(app: Record<string, unknown>): void {
  const methods = app as Record<string, AnyFunction>;
  for (const name of FINDERS) {
    if (typeof app[name] !== 'function') continue;
    replaceMethod(methods, name, (find, self, args) => {
      const found = Reflect.apply(find, self, args);
      noteRoute(found, args[0]);
      return found;
    });
  }
  if (typeof app['handler'] !== 'function') return;
  replaceMethod(methods, 'handler', (original, self, args) => {
    const handle = (): unknown => Reflect.apply(original, self, args);
    return isCaptured(args[0]) ? noting(handle) : handle();
  });
}

/** What is in front of a path, of what was asked for. */
function takenOff(whole: string, path: string): string {
  const end = path.replace(/\/$/, '');
  const start = whole.replace(/\/$/, '');
  return start.endsWith(end) ? start.slice(0, start.length - end.length) : '';
}

function noteRoute(found: unknown, event: unknown): void {
  try {
    const route = (found as { data?: { route?: string } } | undefined)?.data?.route;
    const scope = activeScope();
    const { req, url } = event as { req: Request; url: URL };
    if (route === undefined || scope === undefined || !isKnownRequest(req)) return;
    const { route: before } = scope.metadata;
    // On a server of Node's, the URL of the request is the one that `withBase()` changes.
    const { url: whole = req.url } = (scope.exchange ?? {}) as { url?: string };
    const taken = takenOff(toEndpoint(whole), url.pathname);
    const mounted = typeof before === 'string' && before.endsWith('/**') ? before.slice(0, -3) : '';
    // The pattern says more than the path that it stands for.
    const base = taken === '' || segments(taken) === segments(mounted) ? mounted : taken;
    const isWhole = taken === '' && route.startsWith(`${mounted}/`);
    scope.metadata['route'] = (isWhole ? route : base + route).replace(/(?<=.)\/$/, '');
  } catch {
    // Not the route that we know.
  }
}
