/**
 * Hapi. The scope opens where its listener takes a request, or where one is injected; two extensions, which come before those of
 * the application, add what only Hapi's own request knows, and the errors. Handlers stay as they are.
 */
import type { OwnDraft } from '../event/build-event.ts';
import { isKnownRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { endNodeRequest, runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { adoptServer } from './node-server.ts';
import { noteEscape, STREAMING } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod, wrapFunction } from './wrap-function.ts';
import { defer } from '#platform';

/** The parts of a Hapi server that are used here. */
interface HapiServer {
  listener: object;
  ext(point: 'onRequest' | 'onPreResponse', method: Extension): unknown;
  inject: AnyFunction;
  /** What the server shares with those that its plugins are given. */
  _core: { _dispatch: AnyFunction };
}

type Extension = (request: HapiRequest, toolkit: { continue: symbol }) => symbol;

interface HapiRequest {
  raw: { req: NodeRequest; res: NodeResponse };
  /** As Hapi parsed it. */
  payload: unknown;
  /** Of a request that leads nowhere, one of Hapi's own. */
  route: { method: string; path: string; settings: { response?: { disconnectStatusCode?: number } } };
  response: HapiResponse | Boom | symbol | null;
}

interface HapiResponse {
  isBoom?: false;
  /** What the application answered with, before it is written down or compressed. */
  source: unknown;
  variety: string;
  /** The error that Hapi made this answer of. */
  _error?: Boom | null;
}

/** An error with the answer that Hapi makes of it. */
interface Boom extends Error {
  isBoom: true;
  data: unknown;
  output: { statusCode: number };
}

/** The message that Hapi gives to what was thrown and is no error. */
const NO_ERROR = 'Cannot throw non-error object';

let adopted: WeakSet<object> | undefined;

/** Injected around `Hapi.server()` and `new Hapi.Server()`. Returns its argument. */
export function hapiServer<T>(server: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isServer(server)) adopt(server);
  } catch {
    // A server that does not look like one is none of ours.
  }
  return server;
}

function isServer(value: unknown): value is HapiServer {
  if (typeof value !== 'object' || value === null) return false;
  const { listener, ext, inject, _core } = value as Partial<HapiServer>;
  const methods = [ext, inject, _core?._dispatch];
  return typeof listener === 'object' && methods.every((method) => typeof method === 'function');
}

function adopt(server: HapiServer): void {
  adopted ??= new WeakSet();
  if (adopted.has(server)) return;
  adopted.add(server);
  adoptServer(server.listener, { name: 'hapi', open() {}, requestBody });
  // What takes an injected request is made for it; what the listener calls has been made long ago.
  replaceMethod(server._core, '_dispatch', (dispatch, self, args) => {
    const take = Reflect.apply(dispatch, self, args);
    return typeof take === 'function' ? wrapFunction(take as AnyFunction, takeInjected) : take;
  });
  server.ext('onRequest', (request, { continue: proceed }) => {
    noteRequest(request);
    return proceed;
  });
  server.ext('onPreResponse', (request, { continue: proceed }) => {
    noteError(request, true);
    return proceed;
  });
}

function takeInjected(take: AnyFunction, self: unknown, args: unknown[]): unknown {
  const call = (): unknown => Reflect.apply(take, self, args);
  const [request, response] = args;
  if (activeClient() === undefined || !isNodeRequest(request) || !isNodeResponse(response)) return call();
  // By then all of it is written.
  response.on('finish', () => defer(() => endNodeRequest(request)));
  return runNodeRequest(request, response, 'hapi', call, requestBody);
}

function noteRequest(request: HapiRequest): void {
  try {
    const { req, res } = request.raw;
    // A listener of the application's own may have opened it.
    if (isKnownRequest(req)) runNodeRequest(req, res, 'hapi', () => {}, requestBody);
    const scope = scopeOfRequest(req);
    if (scope === undefined) return;
    scope.context = request;
    scope.atEnd = noteEnd;
  } catch {
    // Not the request we know.
  }
}

function noteEnd(scope: Scope, draft: OwnDraft): void {
  const request = scope.context as HapiRequest;
  const { route, response } = request;
  if (!isHapis(route)) scope.metadata['route'] = route.path;
  const error = errorOf(response);
  // Hapi ends the answer for a client that left, as if it were whole.
  if (error !== undefined && tellsOfLeaving(error, route)) draft.metadata = { aborted: true };
  // Who still has an error for an answer has not handled it.
  else noteError(request, false);
  if (draft.responsePayload !== STREAMING || typeof response !== 'object' || response === null) return;
  // Hapi compresses what it sends, piece by piece.
  const { source, variety } = response as HapiResponse;
  if (variety === 'plain' || variety === 'buffer') draft.responsePayload = source;
}

function noteError(request: HapiRequest, handled: boolean): void {
  try {
    const scope = scopeOfRequest(request.raw.req);
    const error = errorOf(request.response);
    if (scope === undefined || error === undefined || isOfNoHandler(error, request.route)) return;
    noteEscape(scope, thrownAs(error, scope), handled);
  } catch {
    // The error of the application matters, ours does not.
  }
}

function errorOf(response: HapiRequest['response']): Boom | undefined {
  if (typeof response !== 'object' || response === null) return undefined;
  return response.isBoom ? response : (response._error ?? undefined);
}

function isHapis({ method }: HapiRequest['route']): boolean {
  return method === '_special';
}

/** What Hapi says of a path that leads nowhere, and of a client that left. */
function isOfNoHandler(error: Boom, route: HapiRequest['route']): boolean {
  return isHapis(route) ? /^40[04]$/.test(String(error.output.statusCode)) : tellsOfLeaving(error, route);
}

function tellsOfLeaving({ output, message }: Boom, { settings }: HapiRequest['route']): boolean {
  return (
    output.statusCode === settings.response?.disconnectStatusCode &&
    /^Request (?:aborted|close)$/.test(message)
  );
}

/** What was thrown: Hapi answers with a copy of a TypeError and its like, and puts what is no error into one. */
function thrownAs(error: Boom, { thrown }: Scope): unknown {
  if (error.message === NO_ERROR) return error.data;
  const original = thrown?.error;
  return original instanceof Error && original.stack === error.stack ? original : error;
}

/** A stream that the application asked for is not read twice. */
function requestBody({ context }: Scope): unknown {
  const payload = (context as HapiRequest | undefined)?.payload ?? undefined;
  return typeof (payload as { pipe?: unknown } | undefined)?.pipe === 'function' ? undefined : payload;
}
