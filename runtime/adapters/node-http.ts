/** Requests in Node's form: `(IncomingMessage, ServerResponse)`, and everything that connect-style frameworks build on it. */
import type { Scope } from '../scope.ts';
import { activeScope, runInScope } from '../scope.ts';
import { isKnownRequest, keepOfRequest, keptOfRequest } from '../requests.ts';
import { toEndpoint } from '../event/url.ts';
import type { NodeExchange } from './node-exchange.ts';
import { describe, describeNow, isOfNoUse, parsedBody } from './node-exchange.ts';
import type { Captor } from './request.ts';
import { activeCaptor, closeRequest, openRequest, PLAIN_HTTP, quietly } from './request.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { tapResponse } from './node-response.ts';
import { first, urlOf } from './node-url.ts';
import { keepRepeatedHeaders } from './repeated-headers.ts';

/**
 * Runs `body` in the scope of this request; at once if the request has been seen before, however many routers, apps and
 * handlers see it.
 *
 * @param requestBody reads the body as the application read it; what a body parser left in `request.body`, unless told
 * @param captor who captures it, if not the client that hooks report to
 */
export function runNodeRequest<R>(
  request: NodeRequest,
  response: NodeResponse,
  framework: string,
  body: () => R,
  requestBody?: (scope: Scope) => unknown,
  captor: Captor | undefined = activeCaptor(),
): R {
  if (captor === undefined) return body();
  if (isKnownRequest(request)) {
    takeOver(request, framework, requestBody);
    return body();
  }
  const outer = activeScope();
  if (outer?.passesOn === true && !outer.closed) {
    quietly(captor.client, () => keepOfRequest(request, { scope: outer }));
    if (framework !== PLAIN_HTTP) outer.metadata['framework'] = framework;
    return body();
  }
  const scope = openNodeRequest(request, response, framework, captor, requestBody);
  return scope === undefined ? body() : runInScope(scope, body);
}

/**
 * The scope of a request that has not been seen before; undefined, and reported, if it cannot even be looked at.
 *
 * @param unclaimed nothing comes of it, and nothing is to be seen of it, before somebody claims it or takes it over
 */
export function openNodeRequest(
  request: NodeRequest,
  response: NodeResponse,
  framework: string,
  captor: Captor,
  requestBody?: (scope: Scope) => unknown,
  unclaimed = false,
): Scope | undefined {
  const { client } = captor;
  const opened = openRequest(captor, () => {
    keepOfRequest(request, undefined);
    const { method = 'GET', headers } = request;
    return {
      method,
      path: toEndpoint(urlOf(request)),
      traceId: first(headers['x-trace-id']),
      request,
      framework,
      contexts: [request.__unenv__],
    };
  });
  if (opened === undefined) return undefined;
  const { scope, startedAt, eventType, sent } = opened;
  scope.unclaimed = unclaimed;
  if (!scope.trail.muted) {
    quietly(client, () => {
      // Not `...opened`: on Node 20 each field behind a spread costs half a microsecond.
      const exchange: NodeExchange = {
        client,
        scope,
        startedAt,
        eventType,
        sent,
        request,
        response,
        url: urlOf(request),
        address: request.socket?.remoteAddress,
        requestBody: requestBody ?? (() => parsedBody(request)),
        tap: tapResponse(response),
        whole: undefined,
        readable: false,
      };
      keepOfRequest(request, exchange);
      response.on('close', () => close(exchange));
      scope.describe = describeNow;
      scope.exchange = exchange;
      if (!unclaimed) setTraceId(response, scope);
    });
  }
  return scope;
}

/**
 * A handler of the application's takes part in a request that was opened when it came in: it is captured from then on, with the
 * body that is written from here on.
 */
export function claimRequest(scope: Scope, framework: string): void {
  if (!scope.unclaimed) return;
  const { request, response } = scope.exchange as NodeExchange;
  takeOver(request, framework);
  retapResponse(request, response);
}

/** Ends a request whose response may never close, as it stands in for one of Node's. */
export function endNodeRequest(request: object): void {
  const exchange = exchangeOf(request);
  if (exchange !== undefined) close(exchange);
}

function close(exchange: NodeExchange): void {
  if (!exchange.scope.closed) closeRequest(exchange, () => describe({}, exchange, isOfNoUse(exchange)));
}

/** A framework finds that Node's own server has opened the request: it knows better what it is and what its body was. */
export function takeOver(
  request: NodeRequest,
  framework: string,
  requestBody: (scope: Scope) => unknown = () => parsedBody(request),
): void {
  const exchange = exchangeOf(request);
  if (exchange === undefined) return;
  if (exchange.scope.unclaimed) setTraceId(exchange.response, exchange.scope);
  exchange.scope.unclaimed = false;
  if (exchange.scope.metadata['framework'] !== PLAIN_HTTP) return;
  exchange.scope.metadata['framework'] = framework;
  exchange.scope.context = undefined;
  exchange.requestBody = requestBody;
}

function setTraceId(response: NodeResponse, { traceId }: Scope): void {
  if (response.headersSent) return;
  response.setHeader('x-trace-id', traceId);
  keepRepeatedHeaders(response, 'x-trace-id');
}

/** Tells the body of an answer that will be written piece by piece. */
export function noteWhole(exchange: unknown, body: unknown): void {
  if ((exchange as NodeExchange).tap !== undefined) (exchange as NodeExchange).whole = body;
}

/** Tells that JSON which this answer is written in has names beside their values, in whichever way it is written. */
export function noteReadable({ exchange }: Scope): void {
  if ((exchange as NodeExchange | undefined)?.tap !== undefined) (exchange as NodeExchange).readable = true;
}

/** Tells what the client asked for, of which a framework has taken something off. */
export function noteUrl(scope: Scope | undefined, change: (url: string) => string): void {
  const exchange = scope?.exchange as NodeExchange | undefined;
  if (exchange?.tap !== undefined) exchange.url = change(exchange.url);
}

function exchangeOf(request: object): NodeExchange | undefined {
  const kept = keptOfRequest(request) as NodeExchange | undefined;
  return kept?.tap && kept;
}

/** The scope of a request that {@link runNodeRequest} opened; undefined for ignored ones. */
export function scopeOfRequest(request: object): Scope | undefined {
  return (keptOfRequest(request) as Pick<NodeExchange, 'scope'> | undefined)?.scope;
}

/** Where Express has mounted the middleware that answers a request; undefined where its url is no pattern. */
export function mountOfRequest({ exchange }: Scope): string | undefined {
  const { baseUrl, params = {} } = (exchange as NodeExchange | undefined)?.request ?? {};
  return baseUrl && Object.keys(params).length === 0 ? baseUrl : undefined;
}

/** The client's address as a framework knows it that was told which proxies to trust. */
export function noteAddress(request: object, address: string | undefined): void {
  const exchange = exchangeOf(request);
  if (exchange !== undefined && address !== undefined) exchange.address = address;
}

/**
 * Middleware such as compression puts itself around `write` and `end`. A tap in front of it sees the body as the handler
 * writes it; so each route handler moves the tap to the front.
 */
export function retapResponse(request: object, response: NodeResponse): void {
  const exchange = exchangeOf(request);
  if (exchange === undefined || exchange.tap.end === response.end || response.headersSent) return;
  exchange.tap = tapResponse(response, exchange.tap);
}
