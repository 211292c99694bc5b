/**
 * AWS Lambda. What it was told is out, it freezes the process: so it is told when the event has been sent, or some time is over.
 * Whatever is called otherwise than Lambda calls a handler is passed through.
 */
import type { ReplayStackClient } from '../client.ts';
import type { OwnDraft } from '../event/build-event.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import { activeScope, runInScope } from '../scope.ts';
import type { EntryHook } from './entry.ts';
import { entryHook } from './entry.ts';
import type { Outcome } from './invocation.ts';
import type { LambdaContext, LambdaEvent } from './lambda-events.ts';
import { isLambdaContext, readLambdaEvent } from './lambda-events.ts';
import { headersOf, withTraceId } from './lambda-result.ts';
import type { OpenRequest } from './request.ts';
import { activeCaptor, closeRequest, noteEscape, openRequest, optionsOf } from './request.ts';
import { sentWithin } from './sent-within.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';
import { defer } from '#platform';

/** How much of the time that the function has left is not touched. */
const MARGIN_MS = 250;

/** Around what is exported as a handler, or with `args` in one that is declared. */
export const lambdaHandler: EntryHook = /* @__PURE__ */ entryHook(runInvocation);

interface Invocation {
  opened: OpenRequest;
  event: LambdaEvent;
  context: LambdaContext;
  payload: unknown;
  /** What has to be sent. */
  pending: Promise<unknown>[];
  /** From when it has ended, when its event has been sent. */
  sent: Promise<void> | undefined;
}

function runInvocation(handle: () => unknown, args: ArrayLike<unknown>): unknown {
  const { 0: payload, 1: context, 2: callback } = args;
  if (!isLambdaContext(context) || activeScope()?.closed === false) return handle();
  const invocation = open(payload, context);
  if (invocation === undefined) return handle();
  const { scope } = invocation.opened;
  if (scope.trail.muted) return runInScope(scope, handle);
  // A list, where the handler is a value: it is called with what is in it then.
  if (typeof callback === 'function' && Array.isArray(args)) {
    args[2] = afterwards(invocation, callback as AnyFunction);
  }
  return follow(invocation, handle, Array.isArray(args) && typeof callback === 'function');
}

function open(payload: unknown, context: LambdaContext): Invocation | undefined {
  const captor = activeCaptor();
  if (captor === undefined) return undefined;
  const pending: Promise<unknown>[] = [];
  let event: LambdaEvent | undefined;
  const opened = openRequest(captor, () => {
    event = readLambdaEvent(payload, context);
    const { eventType, endpoint, request } = event;
    return {
      method: request?.method ?? '',
      path: endpoint,
      traceId: request?.headers['x-trace-id'],
      request,
      framework: 'aws-lambda',
      contexts: [{ waitUntil: (promise: Promise<unknown>) => void pending.push(promise) }],
      eventType,
    };
  });
  if (opened === undefined || event === undefined) return undefined;
  Object.assign(opened.scope.metadata, event.metadata);
  opened.scope.passesOn = event.request !== undefined;
  return { opened, event, context, payload, pending, sent: undefined };
}

/** @param isCalledBack what it returns at once is not the end, unless it throws */
function follow(invocation: Invocation, handle: () => unknown, isCalledBack: boolean): unknown {
  let result: unknown;
  try {
    result = runInScope(invocation.opened.scope, handle);
  } catch (error) {
    void close(invocation, { error });
    throw error;
  }
  if (!isPlainPromise(result)) {
    if (!isCalledBack) void close(invocation, { value: result });
    return result;
  }
  return result.then(
    async (value: unknown) => {
      await close(invocation, { value });
      return withTraceId(value, invocation.opened.scope.traceId, invocation.event.request !== undefined);
    },
    async (error: unknown) => {
      await close(invocation, { error });
      throw error;
    },
  );
}

/** Lambda's callback, called when the event has been sent. */
function afterwards(invocation: Invocation, callback: AnyFunction): AnyFunction {
  return wrapFunction(callback, (original, self, args) => {
    const [error, value, ...rest] = args;
    const isRequest = invocation.event.request !== undefined;
    void close(invocation, error ? { error } : { value }).then(() => {
      const given = error ? value : withTraceId(value, invocation.opened.scope.traceId, isRequest);
      // A callback that throws does so in nobody's promise.
      defer(() => Reflect.apply(original, self, args.length < 2 ? args : [error, given, ...rest]));
    });
  });
}

/** Sends the one event of the invocation. Never rejects. */
function close(invocation: Invocation, outcome: Outcome): Promise<void> {
  const { opened, context, pending } = invocation;
  if (invocation.sent !== undefined) return invocation.sent;
  if ('error' in outcome) noteEscape(opened.scope, outcome.error, false);
  closeRequest(opened, () => describe(invocation, outcome));
  return (invocation.sent = sentWithin(opened.client, pending, waitOf(opened.client, context)));
}

/** How long an answer waits for its event at most: for the platform, the process ends with it. */
function waitOf(client: ReplayStackClient, context: LambdaContext): number {
  const { shutdownTimeoutMs } = client.options;
  try {
    return Math.min(shutdownTimeoutMs, context.getRemainingTimeInMillis() - MARGIN_MS);
  } catch (error) {
    client.reportInternalError(error);
    return shutdownTimeoutMs;
  }
}

function describe({ opened, event, payload }: Invocation, outcome: Outcome): OwnDraft {
  const { captureRequestBody, captureResponseBody, captureHeaders } = optionsOf(opened);
  const { endpoint, request } = event;
  const draft: OwnDraft = { endpoint, captureHeaders };
  const value = 'value' in outcome ? outcome.value : undefined;
  if ('error' in outcome) draft.status = 'failed';
  if (request === undefined) {
    if (captureRequestBody) draft.requestPayload = payload;
    if (captureResponseBody) draft.responsePayload = value;
    if (hasFailures(value)) draft.status = 'warning';
    return draft;
  }
  draft.method = request.method;
  draft.requestUrl = request.url;
  draft.requestHeaders = request.headers;
  if (request.headers['user-agent'] !== undefined) draft.userAgent = request.headers['user-agent'];
  if (request.sourceIp !== undefined) draft.sourceIp = request.sourceIp;
  if (captureRequestBody) draft.requestPayload = request.body;
  if ('error' in outcome) return draft;
  const answer = Object(withTraceId(value, opened.scope.traceId, true)) as Record<string, unknown>;
  const { statusCode, body } = answer;
  // Without a status, what is returned is the body.
  draft.statusCode = statusCode === undefined ? 200 : Number(statusCode);
  const headers = headersOf(answer);
  if (headers !== undefined) draft.responseHeaders = headers;
  if (captureResponseBody) draft.responsePayload = statusCode === undefined ? value : body;
  return draft;
}

/** Messages of a batch that are to come once more. */
function hasFailures(value: unknown): boolean {
  const { batchItemFailures } = Object(value) as { batchItemFailures?: unknown };
  return Array.isArray(batchItemFailures) && batchItemFailures.length > 0;
}
