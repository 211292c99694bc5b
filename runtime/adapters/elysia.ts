/**
 * Elysia. The scope opens where an app takes a Request. Handlers stay as they are, since Elysia reads their text to find out
 * what it has to prepare for them; routes are looked up when a request has ended, and errors noted where Elysia answers them.
 */
import { isPlainPromise } from '../observe/native-promise.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { toEndpoint } from '../event/url.ts';
import { noteEscape } from './request.ts';
import { runServerRequest } from './server-request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';

/** The parts of an app that are used here. */
interface ElysiaApp {
  /** A getter of the class, until something has asked for it. */
  fetch: AnyFunction;
  compile: AnyFunction;
  handleError: AnyFunction;
  wrap(around: (handle: AnyFunction, request: unknown) => AnyFunction): unknown;
  getServer(): { requestIP?(request: unknown): { address: string } | null } | null;
  config: { aot: boolean };
  event: Hooks;
  router: {
    http: Tree;
    dynamic: Tree;
    static: Record<string, Record<string, unknown>>;
    history: { hooks: Hooks }[];
  };
  '~adapter': { name: string };
}

interface Hooks {
  error?: Hook[];
}

interface Hook {
  fn: AnyFunction;
}

/** Elysia's router of paths with parameters. */
interface Tree {
  add: AnyFunction;
  find(method: string, path: string): { store: { route?: string } } | null;
}

/** Of a request that is under way. */
interface Visit {
  app: ElysiaApp;
  request: Request;
}

let adopted: WeakSet<object> | undefined;

/** The pattern of a route, by what is found for it. */
let patterns: WeakMap<object, string> | undefined;

/** Injected around `new Elysia()`. Returns its argument. */
export function elysiaApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

function isApp(value: unknown): value is ElysiaApp {
  if (typeof value !== 'object' || value === null) return false;
  const { compile, handleError, wrap, router, event, config } = value as Partial<ElysiaApp>;
  const methods = [compile, handleError, wrap];
  const objects = [router, event, config, (value as ElysiaApp)['~adapter']];
  return (
    methods.every((method) => typeof method === 'function') &&
    objects.every((object) => typeof object === 'object')
  );
}

function adopt(app: ElysiaApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  adoptFetch(app);
  adoptRoutes(app.router.http);
  adoptErrors(app);
  // There, servers are given routes that do not lead through `fetch`.
  if (app['~adapter'].name === 'bun') {
    app.wrap((handle) => wrapFunction(handle, (original, self, args) => take(app, original, self, args)));
  }
}

/** Elysia puts what it compiles in the place of the getter, and does so whenever it compiles again. */
function adoptFetch(app: ElysiaApp): void {
  const adoptCompiled = (): AnyFunction => {
    const value = wrapFunction(app.fetch, (original, self, args) => take(app, original, self, args));
    Object.defineProperty(app, 'fetch', { value, writable: true, configurable: true });
    return value;
  };
  Object.defineProperty(app, 'fetch', {
    configurable: true,
    get() {
      observeAnswers(app);
      delete (app as Partial<ElysiaApp>).fetch;
      return adoptCompiled();
    },
  });
  replaceMethod(app, 'compile', (compile, self, args) => {
    observeAnswers(app);
    const compiled = Reflect.apply(compile, self, args);
    adoptCompiled();
    return compiled;
  });
}

function take(app: ElysiaApp, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const call = (): unknown => Reflect.apply(original, self, args);
  const [request] = args;
  // What is said on a socket is no request.
  if (!(request instanceof Request) || request.headers.get('upgrade') === 'websocket') return call();
  const sourceIp = (): string | undefined => addressOf(app, request);
  return runServerRequest(args, { framework: 'elysia', sourceIp }, () => {
    noteVisit({ app, request });
    return call();
  });
}

/** Bun's server knows it; that of Node's adapter throws. */
function addressOf(app: ElysiaApp, request: Request): string | undefined {
  try {
    return app.getServer()?.requestIP?.(request)?.address;
  } catch {
    return undefined;
  }
}

/** Of the apps that see a request, the last one has its route: those before are plugins of it. */
function noteVisit(visit: Visit): void {
  const scope = activeScope();
  if (scope?.metadata['framework'] !== 'elysia') return;
  if (scope.atEnd !== undefined && visitOf(scope)?.request !== visit.request) return;
  scope.context = visit;
  scope.atEnd = noteRoute;
}

function visitOf({ atEnd, context }: Scope): Visit | undefined {
  return atEnd === noteRoute ? (context as Visit) : undefined;
}

function noteRoute(scope: Scope): void {
  const route = routeOf(visitOf(scope));
  if (route !== undefined) scope.metadata['route'] = route;
}

function adoptRoutes(tree: Tree): void {
  replaceMethod(tree, 'add', (add, self, args) => {
    const [, path, store] = args;
    patterns ??= new WeakMap();
    // A route is found by other spellings as well, which come later.
    if (typeof store === 'object' && store !== null && !patterns.has(store))
      patterns.set(store, String(path));
    return Reflect.apply(add, self, args);
  });
}

function routeOf(visit: Visit | undefined): string | undefined {
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

/** What answers errors when no hook has done so; Elysia puts what it compiles in its place. */
function adoptErrors(app: ElysiaApp): void {
  const observe = (answer: AnyFunction): AnyFunction =>
    wrapFunction(answer, (original, self, args) => {
      noteError(args[1], false);
      return Reflect.apply(original, self, args);
    });
  let handleError = observe(app.handleError);
  Object.defineProperty(app, 'handleError', {
    enumerable: true,
    configurable: true,
    get: () => handleError,
    set: (answer: AnyFunction) => (handleError = observe(answer)),
  });
}

/** The application's hooks for errors: those of the app, and those of its routes. */
function observeAnswers({ event, router }: ElysiaApp): void {
  for (const { error } of [event, ...router.history.map(({ hooks }) => hooks)]) {
    if (Array.isArray(error)) for (const hook of error) observeAnswer(hook);
  }
}

function observeAnswer(hook: Hook): void {
  const { fn } = hook;
  adopted ??= new WeakSet();
  if (typeof fn !== 'function' || adopted.has(fn)) return;
  hook.fn = wrapFunction(fn, (original, self, args) => {
    const error = (args[0] as { error?: unknown } | undefined)?.error;
    noteError(error, false);
    const result = Reflect.apply(original, self, args);
    const noteResult = (answer: unknown): void => {
      if (answer !== undefined && answer !== null) noteError(error, true);
    };
    // Elysia waits for it as well.
    if (isPlainPromise(result)) result.then(noteResult, () => {});
    else noteResult(result);
    return result;
  });
  // Elysia reads it.
  Object.defineProperty(hook.fn, 'toString', { value: () => fn.toString(), configurable: true });
  adopted.add(hook.fn);
}

function noteError(error: unknown, handled: boolean): void {
  try {
    const scope = activeScope();
    if (scope === undefined || isStatus(error)) return;
    const { code } = Object(error) as { code?: unknown };
    // What Elysia says of a path that leads nowhere.
    if (code === 'NOT_FOUND' && routeOf(visitOf(scope)) === undefined) return;
    noteEscape(scope, error, handled || answersItself(error));
  } catch {
    // The error of the application matters, ours does not.
  }
}

/** What `status()` gives is an answer, also where it is thrown. */
function isStatus(error: unknown): boolean {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'response' in error;
}

/** That of a schema does so as well, but it is Elysia that has made it. */
function answersItself(error: unknown): boolean {
  const { code, toResponse } = Object(error) as { code?: unknown; toResponse?: unknown };
  return typeof toResponse === 'function' && code !== 'VALIDATION';
}
