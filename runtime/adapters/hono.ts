/** Hono: the scope opens where the application takes a Request; the handlers, as they are registered, add route and errors. */
import { activeScope, runInScope } from '../scope.ts';
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { isKnownRequest } from '../requests.ts';
import type { HonoApp, HonoContext, Incoming } from './hono-visit.ts';
import { bodyCacheOf, enterApp, FRAMEWORK, noteHandler, plainExchange, scopeOfVisit } from './hono-visit.ts';
import { runNodeRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { telling } from './outcome.ts';
import { noteEscape, soon } from './request.ts';
import { takeOver } from './take-over.ts';
import { isRequest, runWebRequest, sourceIpOf } from './web.ts';
import { plainBody } from './web-body.ts';
import type { AnyFunction, WrapperCache } from './wrap-function.ts';
import { cachedWrapper, mapHandlers, wrapFunction } from './wrap-function.ts';

let adopted: WeakSet<object> | undefined;
let wrappers: WrapperCache | undefined;

/** Stands for the owner when the build could name none: `new Hono().get('/', handler)`. */
const NOBODY: object = {};

/** Injected around `new Hono()`. Returns its argument. */
export function honoApp<T>(app: T): T {
  try {
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

/**
 * Injected around each handler argument of a registration, `onError` included.
 *
 * @param owner the app it is registered on; anything else switches the hook off. `true` when the build is certain and
 *   there is no name for the owner.
 */
export function honoHandler<T>(owner: unknown, argument: T): T {
  try {
    if (owner !== true && !isApp(owner)) return argument;
    if (isApp(owner)) adopt(owner);
    const registeredOn = owner === true ? NOBODY : owner;
    const cache = (wrappers ??= new WeakMap());
    return mapHandlers(argument, (handler) =>
      cachedWrapper(cache, handler, registeredOn, (original) => wrapFunction(original, callHandler)),
    ) as T;
  } catch {
    return argument;
  }
}

export function isApp(value: unknown): value is HonoApp {
  if (typeof value !== 'object' || value === null) return false;
  const { fetch, basePath, routes } = value as Partial<HonoApp>;
  return typeof fetch === 'function' && typeof basePath === 'function' && Array.isArray(routes);
}

function adopt(app: HonoApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  // What it returns is another app, with a `fetch` of its own. A method of the class, so not to be seen on the app.
  Object.defineProperty(app, 'basePath', {
    value: wrapFunction(app.basePath, (basePath, self, args) => honoApp(Reflect.apply(basePath, self, args))),
    writable: true,
    configurable: true,
  });
  app.fetch = wrapFunction(app.fetch, (fetch, self, args) => {
    const [request, env, context] = args;
    if (activeClient(env) === undefined || !isRequest(request)) return Reflect.apply(fetch, self, args);
    const node = nodeExchange(env);
    const handle = (): unknown => {
      enterApp(app, request, node !== undefined);
      return Reflect.apply(fetch, self, args);
    };
    if (isKnownRequest(request)) {
      takeOver(request, FRAMEWORK);
      return handle();
    }
    const { incoming, outgoing } = node ?? plainExchange(request) ?? {};
    if (incoming && outgoing) return runNodeRequest(incoming, outgoing, FRAMEWORK, handle, requestBody);
    const exchange = {
      framework: FRAMEWORK,
      sourceIp: sourceIpOf(request),
      requestBody,
      contexts: [context],
    };
    return runWebRequest(request, exchange, handle);
  });
}

/**
 * What Hono's server on Node puts into the environment. It is the better one to look at: it tells what is really sent, and
 * when it ends.
 */
function nodeExchange(env: unknown): Incoming | undefined {
  try {
    const { incoming, outgoing } = env as { incoming?: unknown; outgoing?: unknown };
    return isNodeRequest(incoming) && isNodeResponse(outgoing) ? { incoming, outgoing } : undefined;
  } catch {
    // There is none, or one that does not let itself be looked at.
    return undefined;
  }
}

function callHandler(original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const active = activeScope();
  const context = contextOf(args);
  const scope = context === undefined ? active : scopeOfVisit(context);
  const call = (): unknown => Reflect.apply(original, self, args);
  if (scope === undefined || scope.trail.muted) return call();
  if (context !== undefined) noteCall(scope, original, context, args);
  const run = (): unknown => (active ? call() : runInScope(scope, call));
  return telling(run, (error) => noteThrown(scope, error));
}

function noteCall(scope: Scope, original: AnyFunction, context: HonoContext, [first]: unknown[]): void {
  try {
    if (first === context) noteHandler(scope, context, original);
    // onError(error, context)
    else noteEscape(scope, first, true);
  } catch {
    // Not the context we know.
  }
}

/** An HTTPException carries its own answer, so it is handled from the start. */
function noteThrown(scope: Scope, error: unknown): void {
  let answers = false;
  try {
    answers = typeof (error as { getResponse?: unknown } | undefined)?.getResponse === 'function';
  } catch {
    // A getter that throws.
  }
  noteEscape(scope, error, answers);
}

function contextOf([first, second]: unknown[]): HonoContext | undefined {
  try {
    return isContext(first) ? first : isContext(second) ? second : undefined;
  } catch {
    // A getter that throws.
    return undefined;
  }
}

function isContext(value: unknown): value is HonoContext {
  return typeof value === 'object' && value !== null && isRequest((value as Partial<HonoContext>).req?.raw);
}

/** The body as the application read it, in whichever form it did; text is decoded when the event is built. */
async function requestBody(scope: Scope): Promise<unknown> {
  const { json, text, parsedBody, formData, arrayBuffer } = bodyCacheOf(scope);
  return plainBody(await soon(json ?? parsedBody ?? text ?? formData ?? arrayBuffer));
}
