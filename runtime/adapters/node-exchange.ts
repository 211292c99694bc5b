/** A request of Node's and its response, and what an event is told of them when they have ended. */
import type { OwnDraft } from '../event/build-event.ts';
import { toEndpoint } from '../event/url.ts';
import { isPlainJson } from '../event/written.ts';
import type { HeaderRecord } from '../protocol.ts';
import type { Scope } from '../scope.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { isFinished, sentStatus, standsIn } from './node-message.ts';
import type { ResponseTap } from './node-response.ts';
import { absoluteUrl, first } from './node-url.ts';
import { readBody } from './read-body.ts';
import type { OpenRequest } from './request.ts';
import { optionsOf, STREAMING } from './request.ts';

export interface NodeExchange extends OpenRequest {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** As it came. */
  url: string;
  /** Read at the beginning: a socket forgets its peer when it closes. */
  address: string | undefined;
  /** The body as the application read it. */
  requestBody: (scope: Scope) => unknown;
  tap: ResponseTap;
  /** What is sent, where that was known before it was written piece by piece. */
  whole: unknown;
  /** JSON of the answer is known to have names beside their values: what is written in one piece may be recorded. */
  readable: boolean;
}

/**
 * What need not be waited for is in the draft at once.
 *
 * @param isBrief with no more than what tells whether an event is to come, unless there is something to wait for
 */
export function describe(
  draft: OwnDraft,
  exchange: NodeExchange,
  isBrief = false,
): OwnDraft | Promise<OwnDraft> {
  const { request, response, scope, tap, url } = exchange;
  const { captureRequestBody, captureResponseBody, captureHeaders } = optionsOf(exchange);
  const { headers } = request;
  const body = captureRequestBody ? readBody(exchange, exchange) : undefined;
  const isStandIn = standsIn(request);
  draft.method = request.method ?? 'GET';
  // What mounts an app may have taken its prefix off, and not put it back.
  draft.endpoint = toEndpoint(request.originalUrl ?? url);
  if (response.headersSent || isStandIn) draft.statusCode = sentStatus(response);
  if (isBrief && !(body instanceof Promise)) return draft;
  draft.requestUrl = absoluteUrl(request, url);
  draft.requestHeaders = headers;
  // Among them may be numbers.
  draft.responseHeaders = response.getHeaders() as HeaderRecord;
  draft.captureHeaders = captureHeaders;
  if (!isFinished(response) && !isStandIn) {
    draft.metadata = { aborted: true };
    if (!response.headersSent && scope.failure === undefined) draft.status = 'warning';
  }
  const sourceIp = request.ip ?? (isStandIn ? first(headers['cf-connecting-ip']) : exchange.address);
  if (sourceIp !== undefined) draft.sourceIp = sourceIp;
  const userAgent = headers['user-agent'];
  if (typeof userAgent === 'string') draft.userAgent = userAgent;
  // Frameworks may leave it to Node to send nothing.
  if (captureResponseBody && draft.method !== 'HEAD') {
    const payload = isStandIn && !isFinished(response) ? STREAMING : tap.payload();
    // A page may have been made of it instead.
    const isJson = payload === STREAMING && isPlainJson(draft.responseHeaders['content-type']);
    const piece = exchange.readable ? tap.onlyPiece() : undefined;
    draft.responsePayload = isJson ? (exchange.whole ?? piece ?? STREAMING) : payload;
  }
  if (!(body instanceof Promise)) {
    draft.requestPayload = body;
    return draft;
  }
  return body.then((value: unknown) => {
    draft.requestPayload = value;
    return draft;
  });
}

/** For an error that ends the process: what would have to be waited for is left out. */
export function describeNow(draft: OwnDraft, exchange: unknown): void {
  void describe(draft, exchange as NodeExchange);
}

/** It went well, and the options are for failures alone. Who knows more at the end may still make one of it. */
export function isOfNoUse(exchange: NodeExchange): boolean {
  const { response, scope } = exchange;
  return (
    !optionsOf(exchange).captureSuccess &&
    scope.failure === undefined &&
    scope.atEnd === undefined &&
    sentStatus(response) < 400 &&
    isFinished(response) &&
    response.headersSent
  );
}

/** What a body parser left. Those of Express 4 leave an empty object where there was no body. */
export function parsedBody({ headers, body }: NodeRequest): unknown {
  if (announcesBody(headers) || typeof body !== 'object' || body === null) return body;
  return Object.keys(body).length > 0 ? body : undefined;
}

/** Whether a body comes with it, as far as HTTP/1 tells. */
export function announcesBody(headers: HeaderRecord): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
