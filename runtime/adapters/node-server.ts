/**
 * Servers of `node:http`, `node:https` and `node:http2`. The scope opens where a server hands a request to its listeners; a
 * framework behind it, if there is one, takes the request over.
 */
import { activeClient } from '../start.ts';
import { isKnownRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import type { NodeRequest } from './node-message.ts';
import { announcesBody } from './node-exchange.ts';
import { runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import type { RequestTap } from './node-request.ts';
import { tapRequest } from './node-request.ts';
import { PLAIN_HTTP } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The parts of Node's servers that are used here. */
interface Server {
  emit: AnyFunction;
  listen: AnyFunction;
  setTimeout: AnyFunction;
  listenerCount(event: string): number;
}

/** What is behind a server. */
interface Framework {
  name: string;
  /** Called in the scope of a request, before its listeners are. */
  open(request: NodeRequest): void;
  /** The body as the application read it. */
  requestBody(scope: Scope): unknown;
}

/** With each of them a request comes to whoever listens. */
const EVENTS = /^(?:request|checkContinue|checkExpectation)$/;

let adopted: WeakSet<object> | undefined;

/** Injected around `createServer()` and `new Server()`. Returns its argument. */
export function nodeServer<T>(server: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    adoptServer(server, { name: PLAIN_HTTP, open: readAlong, requestBody });
  } catch {
    // What does not look like a server is none of ours.
  }
  return server;
}

/** Opens a scope for each request of a server, if it is one. */
export function adoptServer(server: unknown, { name, open, requestBody }: Framework): void {
  adopted ??= new WeakSet();
  if (!isServer(server) || adopted.has(server)) return;
  adopted.add(server);
  // Here, and not at the listeners: these come and go, and are asked for by those who take their place.
  const emit = wrapFunction(server.emit, (original, self, args) => {
    const call = (): unknown => Reflect.apply(original, self, args);
    const [event, request, response] = args;
    if (typeof event !== 'string' || !EVENTS.test(event) || activeClient() === undefined) return call();
    if (!isNodeRequest(request) || !isNodeResponse(response)) return call();
    if (isKnownRequest(request) && scopeOfRequest(request)?.unclaimed !== true) return call();
    // Nobody would ever answer, or Node does.
    if (server.listenerCount(event) === 0) return call();
    const run = (): unknown => {
      open(request);
      return call();
    };
    return runNodeRequest(request, response, name, run, requestBody);
  });
  Object.defineProperty(server, 'emit', { value: emit, writable: true, configurable: true });
}

function isServer(value: unknown): value is Server {
  if (typeof value !== 'object' || value === null) return false;
  const { emit, listen, setTimeout, listenerCount } = value as Partial<Server>;
  return [emit, listen, setTimeout, listenerCount].every((method) => typeof method === 'function');
}

/** Unless a framework takes the request over, what is read of its body is not known to anybody else. */
function readAlong(request: NodeRequest): void {
  try {
    const { method = 'GET', headers } = request;
    const scope = scopeOfRequest(request);
    if (scope?.options === undefined || !scope.options.captureRequestBody) return;
    if (/^(?:GET|HEAD)$/.test(method) && !announcesBody(headers)) return;
    const isNeeded = (): boolean => scope.metadata['framework'] === PLAIN_HTTP;
    scope.context = tapRequest(request, scope.options.maxPayloadSizeBytes, isNeeded);
  } catch {
    // A request that does not let itself be looked at.
  }
}

function requestBody({ context }: Scope): unknown {
  return (context as RequestTap | undefined)?.payload();
}
