/** Routes of Elysia's. They are looked up when a request has ended, or has failed: what Elysia finds them by is not to be touched. */
import { toEndpoint } from '../event/url.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { noteReadable } from './node-http.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

/** The parts of an app that are used here. */
export interface ElysiaApp {
  /** A getter of the class, until something has asked for it. */
  fetch: AnyFunction;
  compile: AnyFunction;
  handleError: AnyFunction;
  wrap(around: (handle: AnyFunction) => AnyFunction): unknown;
  getServer(): { requestIP?(request: unknown): { address: string } | null } | null;
  config: { aot: boolean };
  event: Hooks;
  router: {
    http: Tree;
    dynamic: Tree;
    static: Record<string, Record<string, unknown>>;
    history: { hooks: Hooks; compile?: AnyFunction }[];
  };
  extender: { higherOrderFunctions: unknown[] };
  '~adapter': { name: string };
}

export interface Hooks {
  error?: Hook[];
  request?: Hook[];
  trace?: Hook[];
}

export interface Hook {
  fn: AnyFunction;
}

/** Elysia's router of paths with parameters. */
interface Tree {
  add: AnyFunction;
  find(method: string, path: string): { store: { route?: string } } | null;
}

/** Of a request that is under way. */
export interface Visit {
  app: ElysiaApp;
  request: Request;
}

/** The pattern of a route, by what is found for it. */
let patterns: WeakMap<object, string> | undefined;

/** Of the apps that see a request, the last one has its route: those before are plugins of it. */
export function noteVisit(visit: Visit): void {
  const scope = activeScope();
  if (scope?.metadata['framework'] !== 'elysia') return;
  if (scope.atEnd !== undefined && visitOf(scope)?.request !== visit.request) return;
  noteReadable(scope);
  scope.context = visit;
  scope.atEnd = noteRoute;
}

export function visitOf({ atEnd, context }: Scope): Visit | undefined {
  return atEnd === noteRoute ? (context as Visit) : undefined;
}

function noteRoute(scope: Scope): void {
  try {
    const route = routeOf(visitOf(scope));
    if (route !== undefined) scope.metadata['route'] = route;
  } catch {
    // Not the router that we know.
  }
}

export function adoptRoutes(tree: Tree): void {
  replaceMethod(tree, 'add', (add, self, args) => {
    const [, path, store] = args;
    patterns ??= new WeakMap();
    // A route is found by other spellings as well, which come later.
    if (typeof store === 'object' && store !== null && !patterns.has(store))
      patterns.set(store, String(path));
    return Reflect.apply(add, self, args);
  });
}

export function routeOf(visit: Visit | undefined): string | undefined {
  if (visit === undefined) return undefined;
  const { app, request } = visit;
  const { router, config } = app;
  const path = toEndpoint(request.url);
  const methods = request.method === 'HEAD' ? ['HEAD', 'GET', 'ALL'] : [request.method, 'ALL'];
  for (const spelling of [path, path.replace(/\/$/, ''), `${path}/`, decoded(path)]) {
    const found = Object.hasOwn(router.static, spelling) ? router.static[spelling] : {};
    if (methods.some((method) => found?.[method] !== undefined)) return spelling;
  }
  const tree = config.aot ? router.http : router.dynamic;
  for (const method of methods) {
    const store = tree.find(method, path)?.store;
    const route = store && (store.route ?? patterns?.get(store));
    if (route !== undefined) return route;
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
