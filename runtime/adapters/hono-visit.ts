/** Whose request it is that an app of Hono is called with: one that came in, that in another form, or one that the program made. */
import { toEndpoint, segments } from '../event/url.ts';
import { isKnownRequest, keepOfRequest, keptOfRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import { activeScope, isInside } from '../scope.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { PLAIN_HTTP } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';

export const FRAMEWORK = 'hono';

export interface HonoApp {
  fetch: AnyFunction;
  basePath: AnyFunction;
  routes: unknown[];
  router: { match(method: string, path: string): [matches: [[AnyFunction, { path: string }], unknown][]] };
  getPath(request: Request): string;
}

/** The parts of Hono's Context that are read here. */
export interface HonoContext {
  req: {
    raw: Request;
    /** The pattern that the running handler was registered under. */
    routePath?: string;
    /** What the application read of the body, as promises of Hono's own. */
    bodyCache?: Record<string, Promise<unknown> | undefined>;
  };
}

/** A request of Node's, as Hono's server on Node puts it into the environment. */
export interface Incoming {
  incoming: NodeRequest;
  outgoing: NodeResponse;
}

/** What is known of a request that Hono opened or took over. */
interface Visit {
  /** The innermost app that was called with it, and in which form. */
  app: HonoApp;
  request: Request;
  /** The pattern that this app is mounted at. */
  mount: string;
  /** That of the first handler. */
  context: HonoContext | undefined;
}

/** What is kept of a request that is answered within another one. */
interface Part {
  scope?: Scope;
  /** The pattern that its app is mounted at. */
  mount?: string;
}

/** Made by the program: what comes of it is the program's to see. */
const FOREIGN: Part = {};

/** The request of Node's that is being answered, where nobody has taken it and an app of Hono is asked for the same. */
export function plainExchange(request: Request): Incoming | undefined {
  try {
    const scope = isInside() ? activeScope() : undefined;
    if (scope?.metadata['framework'] !== PLAIN_HTTP || mountOf(scope, request) !== '') return undefined;
    const { request: incoming, response: outgoing } = scope.exchange as NodeExchange;
    return { incoming, outgoing };
  } catch {
    // It does not let itself be looked at.
    return undefined;
  }
}

/**
 * Called in the scope of a request, before an app answers.
 *
 * @param isSame it is what came in, in the form that Hono's server gives it
 */
export function enterApp(app: HonoApp, request: Request, isSame: boolean): void {
  try {
    const scope = activeScope();
    if (scope === undefined || scope.closed || scope.trail.muted) return;
    const visit = visitOf(scope);
    const isKnown = isKnownRequest(request);
    const mount = isKnown || (isSame && visit === undefined) ? '' : mountOf(scope, request);
    if (mount === undefined) return keepOfRequest(request, FOREIGN);
    const { metadata } = scope;
    if (metadata['framework'] === 'aws-lambda') metadata['framework'] = FRAMEWORK;
    if (metadata['framework'] !== FRAMEWORK) return;
    if (visit === undefined) {
      scope.context = { app, request, mount, context: undefined } satisfies Visit;
      scope.atEnd ??= noteMatched;
    } else if (!isKnown) {
      Object.assign(visit, { app, request, mount: visit.mount + mount });
      keepOfRequest(request, { scope, mount: visit.mount } satisfies Part);
    }
  } catch {
    // Not the app we know.
  }
}

/** Below which pattern of the app that has the request another one is called with it; undefined if it is called with another. */
function mountOf(scope: Scope, { url }: Request): string | undefined {
  const visit = visitOf(scope);
  const path = toEndpoint(url);
  const outer = visit === undefined ? scope.path : toEndpoint(visit.request.url);
  if (path === outer) return '';
  // What mounts an app takes the prefix off, and is no handler of the application's.
  if (visit === undefined || scope.atEnd !== noteMatched) return undefined;
  const rest = path === '/' ? '' : path;
  const depth = segments(outer) - segments(rest) + 1;
  const patterns = matches(visit).map(([, route]) => route.path.replace(/\/\*$/, ''));
  return outer.endsWith(rest) ? patterns.findLast((pattern) => segments(pattern) === depth) : undefined;
}

function visitOf({ metadata, context }: Scope): Visit | undefined {
  return metadata['framework'] === FRAMEWORK ? (context as Visit | undefined) : undefined;
}

/** The scope that a handler runs for, also where it got lost on the way; undefined where the program made the request. */
export function scopeOfVisit({ req }: HonoContext): Scope | undefined {
  const kept = keptOfRequest(req.raw) as Part | undefined;
  return kept === FOREIGN ? undefined : (activeScope() ?? kept?.scope);
}

/** The last handler's own pattern counts; middleware is registered under a wildcard, and takes a second parameter. */
export function noteHandler(scope: Scope, context: HonoContext, handler: AnyFunction): void {
  const visit = visitOf(scope);
  if (visit !== undefined) visit.context ??= context;
  const { raw, routePath } = context.req;
  if (routePath === undefined || !answers(handler, routePath)) return;
  const { mount = '' } = (keptOfRequest(raw) as Part | undefined) ?? {};
  scope.metadata['route'] = mount + routePath;
  if (scope.atEnd === noteMatched) scope.atEnd = undefined;
}

function answers(handler: AnyFunction, pattern: string): boolean {
  return handler.length < 2 || !pattern.endsWith('*');
}

/** No handler was seen: what stands before them has answered. */
function noteMatched(scope: Scope): void {
  try {
    const visit = visitOf(scope);
    const match = visit && matches(visit).find(([handler, { path }]) => answers(handler, path));
    if (visit && match) scope.metadata['route'] = visit.mount + match[1].path;
  } catch {
    // Not the router we know.
  }
}

function matches({ app, request }: Visit): [AnyFunction, { path: string }][] {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return app.router.match(method, app.getPath(request))[0].map(([match]) => match);
}

/** What the application read of the body. */
export function bodyCacheOf(scope: Scope): NonNullable<HonoContext['req']['bodyCache']> {
  return visitOf(scope)?.context?.req.bodyCache ?? {};
}
