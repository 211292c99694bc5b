/** Requests in the form of the fetch standard: `(Request) => Response | Promise<Response>`. */
import type { EventDraft } from '../event/build-event.ts';
import { toHeaderRecord } from '../event/headers.ts';
import type { Scope } from '../scope.ts';
import { isInside, runInScope } from '../scope.ts';
import { isKnownRequest, keepOfRequest } from '../requests.ts';
import { toEndpoint } from '../event/url.ts';
import { HOST, PROTOCOL } from './forwarded.ts';
import { readBody } from './read-body.ts';
import type { Captor, OpenRequest } from './request.ts';
import {
  activeCaptor,
  closeRequest,
  dropRequest,
  noteEscape,
  openRequest,
  optionsOf,
  soon,
  STREAMING,
} from './request.ts';

/** What a framework knows beyond the Request. */
export interface WebExchange {
  framework: string;
  /** The client's address, if the server told it. */
  sourceIp: string | undefined;
  /** The body as the application read it; undefined if it did not. */
  requestBody(scope: Scope): Promise<unknown>;
  /** Among them the platform's context, if it hands one to the handler. */
  contexts?: readonly unknown[];
  /** What the request says, where the request itself must not be asked: frameworks render in advance what does not ask. */
  head?: WebHead;
  /** The status that the framework answers with when this is thrown; undefined if nobody knows. */
  statusOf?(error: unknown, scope: Scope): number | undefined;
  /** The status that it answers with when a handler gives no Response. */
  statusOfNothing?(scope: Scope): number;
  /** Whether this is no word to the framework, where it takes others than most. Never throws. */
  isFailure?(error: unknown): boolean;
  /** The headers that are sent, where the framework takes off some of an answer's, or adds some, when we have seen it. */
  sentHeaders?(response: Response): Headers;
  /** What an answer holds, where the framework writes it in a form in which nothing could be masked. Never throws. */
  plainAnswer?(body: unknown, response: Response): unknown;
  /** Whether what a handler gave is no answer, but a word to the framework to go on: what it goes on to is captured. */
  goesOn?(given: unknown): boolean;
}

/** The part of a Request that is read here. */
export type WebHead = Pick<Request, 'method' | 'url' | 'headers'>;

/**
 * Runs `handle` in the scope of this request; at once if the request has been seen before, or belongs to another one, as
 * it does for an app that is mounted in another. A promise of the handler's is derived from, not handed on: it was made for
 * this call, and nobody has seen it yet.
 *
 * @param captor who captures it, if not the client that hooks report to
 */
export function runWebRequest<R>(
  request: Request,
  exchange: WebExchange,
  handle: () => R,
  captor: Captor | undefined = activeCaptor(),
): R {
  if (captor === undefined || isKnownRequest(request) || isInside()) {
    return handle();
  }
  const { framework, contexts, head = request } = exchange;
  const opened = openRequest(captor, () => {
    keepOfRequest(request, undefined);
    const { url, method, headers } = head;
    return {
      method,
      path: toEndpoint(url),
      traceId: headers.get('x-trace-id') ?? undefined,
      request,
      framework,
      contexts,
    };
  });
  if (opened === undefined) return handle();
  const { scope } = opened;
  keepOfRequest(request, opened);
  if (scope.trail.muted) return runInScope(scope, handle);
  const answered = (response: unknown): unknown => {
    if (exchange.goesOn?.(response) === true) {
      dropRequest(opened);
      return response;
    }
    if (isResponse(response)) setTraceId(response, scope.traceId);
    closeRequest(opened, () => describe(opened, exchange, head, response));
    return response;
  };
  const failed = (error: unknown): never => {
    noteEscape(scope, error, false, exchange.isFailure?.(error));
    closeRequest(opened, () =>
      describe(opened, exchange, head, undefined, exchange.statusOf?.(error, scope)),
    );
    throw error;
  };
  let result: R;
  try {
    result = runInScope(scope, handle);
  } catch (error) {
    return failed(error);
  }
  return (result instanceof Promise ? result.then(answered, failed) : answered(result)) as R;
}

async function describe(
  opened: OpenRequest,
  exchange: WebExchange,
  request: WebHead,
  response: unknown,
  statusCode: number | undefined = isResponse(response)
    ? undefined
    : exchange.statusOfNothing?.(opened.scope),
): Promise<EventDraft> {
  const options = optionsOf(opened);
  const { captureRequestBody, captureResponseBody, captureHeaders, maxPayloadSizeBytes } = options;
  const draft: EventDraft = {
    method: request.method,
    endpoint: toEndpoint(request.url),
    requestUrl: absoluteUrl(request),
    requestHeaders: toHeaderRecord(request.headers) ?? {},
    captureHeaders,
  };
  const userAgent = request.headers.get('user-agent');
  if (userAgent !== null) draft.userAgent = userAgent;
  if (exchange.sourceIp !== undefined) draft.sourceIp = exchange.sourceIp;
  if (isResponse(response)) {
    draft.statusCode = response.status;
    draft.responseHeaders = toHeaderRecord(exchange.sentHeaders?.(response) ?? response.headers) ?? {};
    // The copy is taken now, before the server reads the body.
    // A copy of a foreign one may be the response itself.
    if (captureResponseBody && request.method !== 'HEAD' && response instanceof Response) {
      const body = await captureBody(response, maxPayloadSizeBytes);
      draft.responsePayload = exchange.plainAnswer ? exchange.plainAnswer(body, response) : body;
    }
  } else if (statusCode === undefined) draft.status = 'failed';
  else draft.statusCode = statusCode;
  if (captureRequestBody) draft.requestPayload = await readBody(opened, exchange);
  return draft;
}

/** As with responses. */
export function isRequest(value: unknown): value is Request {
  return value instanceof Request || Object.prototype.toString.call(value) === '[object Request]';
}

/** Libraries may bring a class of their own, as GraphQL Yoga does on Node. */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === '[object Response]';
}

/** Answers of another server, and redirects, have headers that cannot be changed. */
function setTraceId(response: Response, traceId: string): void {
  try {
    response.headers.set('x-trace-id', traceId);
  } catch {
    // The answer matters more than its trace id.
  }
}

const TEXT: RegExp =
  /^(application\/([\w.+-]*\+)?(json|xml)|application\/x-www-form-urlencoded|text\/(?!event-stream))/i;

/** The body of a response that is text and was there from the start, up to a size. */
export async function captureBody(response: Response, maxBytes: number): Promise<unknown> {
  if (response.bodyUsed) return undefined;
  const contentType = response.headers.get('content-type') ?? '';
  if (!TEXT.test(contentType) || response.headers.has('transfer-encoding')) {
    return isEmpty(response, contentType) ? undefined : STREAMING;
  }
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return undefined;
  const text = (await soon(readText(reader, maxBytes))) ?? STREAMING;
  // As long as somebody reads a copy, a client that leaves does not end the original.
  reader.cancel().catch(() => {});
  return text;
}

/** Deno, which knows how long an answer is, sends it in pieces once somebody has looked at its body; a copy may be looked at. */
function isEmpty(response: Response, contentType: string): boolean {
  if (!('Deno' in globalThis)) return response.body === null;
  if (contentType !== '') return false;
  const { body } = response.clone();
  body?.cancel().catch(() => {});
  return body === null;
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; bytes <= maxBytes;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** The client's address, where a platform that can be trusted tells it. */
export function sourceIpOf({ headers }: WebHead): string | undefined {
  return headers.get('cf-connecting-ip') ?? undefined;
}

function absoluteUrl({ url, headers }: WebHead): string {
  const told = (name: string): string => headers.get(name)?.split(',')[0]?.trim() ?? '';
  const [protocol, host] = [told('x-forwarded-proto'), told('x-forwarded-host')];
  if (!protocol && !host) return url;
  const parsed = new URL(url);
  const scheme = PROTOCOL.test(protocol) ? protocol.toLowerCase() : parsed.protocol.slice(0, -1);
  return `${scheme}://${HOST.test(host) ? host : parsed.host}${parsed.pathname}${parsed.search}`;
}
