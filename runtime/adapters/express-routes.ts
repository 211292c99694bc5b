/** The patterns of Express's routes: a route knows its own path, and the build where its router hangs. */
import { toEndpoint } from '../event/url.ts';
import type { Scope } from '../scope.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { retapResponse } from './node-http.ts';

type RoutePath = string | RegExp | (string | RegExp)[];

interface ExpressRequest extends Pick<NodeRequest, 'baseUrl' | 'url'> {
  route?: { path?: RoutePath };
}

/** What is remembered in a scope. */
interface ExpressContext {
  /** The first app that took the request. */
  app?: object;
  /** The route that was noted. */
  route?: unknown;
  /** Where it was met, until one of its handlers has told what its router hangs under. */
  baseUrl?: string | undefined;
}

interface Mount {
  parent: object;
  path: string;
}

/** Where routers hang. */
let mounts: WeakMap<object, Mount[]> | undefined;

export function contextOf(scope: Scope): ExpressContext {
  return (scope.context ??= {});
}

/** @param path as the build gives it: a template as `/${}/x`, which is no pattern */
export function noteMount(parent: object, router: object, path: string): void {
  mounts ??= new WeakMap();
  const known = mounts.get(router) ?? [];
  mounts.set(router, known);
  if (!path.includes('${')) known.push({ parent, path });
}

/** The patterns that a router's routes hang under, as far as they are known. */
function patternsOf(router: object): string[] {
  const known = mounts?.get(router);
  if (known === undefined) return 'set' in router ? [''] : [];
  return known.flatMap(({ parent, path }) =>
    patternsOf(parent).map((above) => above + path.replace(/\/$/, '')),
  );
}

/** @param owner the route's router, if that is known */
export function noteRoute(
  scope: Scope,
  request: ExpressRequest,
  response: NodeResponse,
  owner?: object,
): void {
  try {
    const { route, baseUrl = '', url = '' } = request;
    if (route?.path === undefined) return;
    retapResponse(request, response);
    const context = contextOf(scope);
    // A request keeps its route when it goes on to middleware behind it.
    if (context.route === route && (owner === undefined || context.baseUrl !== baseUrl)) return;
    context.route = route;
    context.baseUrl = owner === undefined ? baseUrl : undefined;
    const patterns = owner && patternsOf(owner);
    const prefix = patterns?.find((pattern) => fits(pattern, baseUrl)) ?? baseUrl;
    const path = pathOf(route.path, toEndpoint(url));
    scope.metadata['route'] = prefix + (prefix !== '' && path === '/' ? '' : path);
  } catch {
    // Not the request we know.
  }
}

/** Of several paths, the one that was asked for. */
function pathOf(path: RoutePath, url: string): string {
  if (!Array.isArray(path)) return String(path);
  const paths = path.flat(Infinity) as (string | RegExp)[];
  const asked = paths.find((one) => (typeof one === 'string' ? fits(one, url) : url.search(one) >= 0));
  return String(asked ?? paths[0]);
}

/** Whether a url has the shape of a pattern. What is more than plain text in one is taken for whatever stands there. */
function fits(pattern: string, url: string): boolean {
  if (pattern === url) return true;
  const names = partsOf(pattern);
  const parts = partsOf(url);
  return (
    names.length === parts.length &&
    names.every((name, index) => name === parts[index] || /[^\w.~-]/.test(name))
  );
}

function partsOf(path: string): string[] {
  return path.toLowerCase().replace(/\/$/, '').split('/');
}
