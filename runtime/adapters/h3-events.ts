/**
 * Events of h3 1, and so of Nitro 2. Where there is no server of Node's, they have stand-ins for its requests and responses.
 */
import type { OwnDraft } from '../event/build-event.ts';
import { segments, toEndpoint } from '../event/url.ts';
import { keepOfRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import { activeScope, isInside } from '../scope.ts';
import { noting } from './h3-errors.ts';
import type { NodeExchange } from './node-exchange.ts';
import { announcesBody } from './node-exchange.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { endNodeRequest, runNodeRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse, standsIn } from './node-message.ts';
import type { RequestTap } from './node-request.ts';
import { tapRequest } from './node-request.ts';
import { activeCaptor, PLAIN_HTTP, soon } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';
import { defer } from '#platform';

/** The parts of an event that are read here. */
export interface H3Event {
  node: { req: NodeRequest; res: NodeResponse };
  context: { matchedRoute?: { path?: string } };
}

/** Where h3 keeps what was read of a body. */
const RAW_BODY: symbol = /* @__PURE__ */ Symbol.for('h3RawBody');
const PARSED_BODY: symbol = /* @__PURE__ */ Symbol.for('h3ParsedBody');

/** What is known of a request until it ends. */
interface Visit {
  event: H3Event;
  tap: RequestTap | undefined;
}

/** Who takes events. */
export interface EventTaker {
  framework: string;
  /** Who captures, and how. */
  findCaptor?: typeof activeCaptor;
  /** Called in the scope that was opened for this framework, before the event is handled. */
  begin(scope: Scope, event: H3Event): void;
  /** It is one of several handlers of an app, which sends what it gives only later. */
  isPart?: boolean;
  /** Reads the body as the application read it. @default what h3 has read */
  requestBody?(scope: Scope): unknown;
}

/**
 * @param findCaptor who captures, and how
 * @param finish adds what a framework around it knows of its answers
 */
export function adoptEvents(
  app: Record<'handler', AnyFunction>,
  framework: string,
  findCaptor: typeof activeCaptor = activeCaptor,
  finish?: (draft: OwnDraft) => void,
): void {
  const atEnd = (scope: Scope, draft: OwnDraft): void => {
    noteRoute(scope);
    finish?.(draft);
  };
  const begin = (scope: Scope, event: H3Event): void => {
    const known = scope.context as Visit | undefined;
    scope.context = { event, tap: known ? known.tap : tapBody(scope, event.node.req) };
    scope.atEnd = atEnd;
  };
  replaceMethod(app, 'handler', (original, self, args) =>
    runEvent(args[0], { framework, findCaptor, begin }, () => Reflect.apply(original, self, args)),
  );
}

/** Runs `handle` in the scope of the request that an event is about. */
export function runEvent(
  event: unknown,
  { framework, findCaptor = activeCaptor, begin, isPart = false, requestBody = readBody }: EventTaker,
  handle: () => unknown,
): unknown {
  if (!isEvent(event)) return handle();
  const { req } = event.node;
  const isStandIn = standsIn(req);
  const captor = findCaptor(req.__unenv__?._platform?.cloudflare?.env);
  // What is rendered in advance was asked for by nobody.
  if (captor === undefined || (isStandIn && 'x-nitro-prerender' in req.headers)) return handle();
  const node = isStandIn && isInside() ? outerNode(req) : event.node;
  // What an app asks of itself is part of the request that it answers.
  if (node === undefined) return handle();
  const handleEvent = (): unknown => {
    const scope = activeScope();
    if (scope?.metadata['framework'] === framework) begin(scope, event);
    return noting(handle);
  };
  const result = runNodeRequest(node.req, node.res, framework, handleEvent, requestBody, captor);
  // A stream is handed on as it is. After an error, the answer is still to be made.
  if (isStandIn && result instanceof Promise) {
    const end = (): void => endNodeRequest(req);
    result.then(isPart ? () => defer(() => defer(end)) : end, () => {});
  }
  return result;
}

/** The request that a server of Node's has made this one of; undefined if it is another, or if a framework has seen it. */
function outerNode(req: NodeRequest): H3Event['node'] | undefined {
  const scope = activeScope();
  const { request, response, url } = (scope?.exchange ?? {}) as Partial<NodeExchange>;
  if (request === undefined || response === undefined || url === undefined) return undefined;
  if (scope?.metadata['framework'] !== PLAIN_HTTP || toEndpoint(url) !== toEndpoint(req.url ?? ''))
    return undefined;
  keepOfRequest(req, { scope });
  return { req: request, res: response };
}

function isEvent(value: unknown): value is H3Event {
  const { req, res } = (Object(value) as Partial<H3Event>).node ?? {};
  return isNodeRequest(req) && isNodeResponse(res);
}

/** What an app or a router hangs under is taken off the path that it sees, and is no pattern. */
function noteRoute({ context, metadata }: Scope): void {
  const { node, context: known } = (context as Visit).event;
  const route = known.matchedRoute?.path;
  if (route === undefined) return;
  const parts = toEndpoint(node.req.originalUrl ?? node.req.url ?? '/')
    .replace(/(?<=.)\/$/, '')
    .split('/');
  const own = route === '/' ? 0 : segments(route) - 1;
  const base = route.includes('**') ? '' : parts.slice(0, Math.max(1, parts.length - own)).join('/');
  metadata['route'] = base + (route === '/' && base !== '' ? '' : route);
}

/** Forms and streams are read past h3. What it keeps itself is not kept again. */
function tapBody(scope: Scope, request: NodeRequest): RequestTap | undefined {
  const { options } = scope;
  if (options?.captureRequestBody !== true || standsIn(request) || !announcesBody(request.headers))
    return undefined;
  return tapRequest(request, options.maxPayloadSizeBytes, () => !scope.closed && !(RAW_BODY in request));
}

async function readBody({ context }: Scope): Promise<unknown> {
  const { event, tap } = (context ?? {}) as Partial<Visit>;
  const request = event?.node.req as Record<symbol, unknown> | undefined;
  const read = request?.[PARSED_BODY] ?? (await soon(Promise.resolve(request?.[RAW_BODY])));
  return read ?? tap?.payload();
}
