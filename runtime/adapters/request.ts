/** What every request adapter does the same way, whatever a request looks like: open a scope, and close it with one event. */
import { addNote, toMilliseconds } from '../observe/breadcrumbs.ts';
import type { ReplayStackClient } from '../client.ts';
import type { OwnDraft } from '../event/build-event.ts';
import { now } from '../clock.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import { isIgnoredPath } from '../event/paths.ts';
import { hideWritten } from '../event/written.ts';
import type { EventStatus, EventType } from '../protocol.ts';
import type { Scope } from '../scope.ts';
import { createScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { runtime } from '../state.ts';
import { passageOf, toTrail } from '../observe/trail.ts';
import { isControlFlow } from '../observe/control-flow.ts';
import { failureBehind } from './failure-behind.ts';
import { traceIdOf } from './request-trace-id.ts';
import { findWaitUntil } from './wait-until.ts';
import { isWebhookPath } from './webhook.ts';
import { defer } from '#platform';

/** A request under way. */
export interface OpenRequest {
  readonly client: ReplayStackClient;
  readonly scope: Scope;
  readonly startedAt: number;
  readonly eventType: EventType;
  /** To be called when its event has been sent, or there is none. */
  readonly sent: (() => void) | undefined;
}

/** Who captures, and how. */
export interface Captor {
  readonly client: ReplayStackClient;
  readonly options: ResolvedOptions;
}

/** What is known of a request when it arrives. */
export interface Arrival {
  method: string;
  /** Without query. */
  path: string;
  /** The `x-trace-id` it carries. */
  traceId: string | undefined;
  /** The request itself, for the application's own `getTraceId`; undefined if it is none. */
  request: unknown;
  framework: string;
  /** Among them the platform's context, if it hands one to the handler. */
  contexts?: readonly unknown[] | undefined;
  /** Of what is no request, but a message or a point in time: `path` is its name. @default 'api' */
  eventType?: EventType;
}

/** The client that hooks report to, with its own options. */
export function activeCaptor(bindings?: unknown): Captor | undefined {
  const client = activeClient(bindings);
  return client && { client, options: client.options };
}

/**
 * Opens a request: with a mute scope if its path is ignored. Undefined, and reported, when it cannot even be looked at.
 *
 * @param read what is known of it; may throw
 */
export function openRequest({ client, options }: Captor, read: () => Arrival): OpenRequest | undefined {
  try {
    const arrival = read();
    const { method, path, framework, eventType = 'api' } = arrival;
    const startedAt = now();
    if (eventType === 'api' && isIgnoredPath(path, options.ignoredPaths)) {
      return { client, scope: createScope('', 0, true), startedAt, eventType, sent: undefined };
    }
    const scope = createScope(traceIdOf(arrival, client, options), options.maxBreadcrumbs);
    scope.options = options;
    scope.path = path;
    scope.metadata['framework'] = framework;
    scope.waitUntil = findWaitUntil(arrival.contexts);
    if (eventType === 'api') addNote(scope.trail, 'HTTP request started', 'http', 'info', { method, path });
    else addNote(scope.trail, 'Job started', 'job');
    return { client, scope, startedAt, eventType, sent: holdOn(scope) };
  } catch (error) {
    client.reportInternalError(error);
    return undefined;
  }
}

/** Makes the platform wait from now on: when the response is out it may be too late to ask. @returns ends it */
function holdOn({ waitUntil }: Scope): (() => void) | undefined {
  let sent: (() => void) | undefined;
  waitUntil?.(new Promise<void>((resolve) => (sent = resolve)));
  return sent;
}

/** The options that hold for a request. */
export function optionsOf({ client, scope }: OpenRequest): ResolvedOptions {
  return scope.options ?? client.options;
}

/** Runs what must not disturb the application. */
export function quietly(client: ReplayStackClient, task: () => void): void {
  try {
    task();
  } catch (error) {
    client.reportInternalError(error);
  }
}

/**
 * An error escaped one of the application's handlers, or was handed to its error handler. The first one is the request's.
 *
 * @param handled whether the application answers it; what is said last counts
 * @param isFailure not for a framework that tells otherwise what steers it
 */
export function noteEscape(
  scope: Scope,
  error: unknown,
  handled: boolean,
  isFailure: boolean = !isControlFlow(error),
): void {
  if (!isFailure) return;
  const { failure } = scope;
  if (failure === undefined) scope.failure = { error, handled, passage: passageOf(error, scope.trail) };
  else if (failure.error === error || !handled) failure.handled = handled;
}

/**
 * Sends the one event of the request. Never throws.
 *
 * @param describe what the adapter knows of request and response
 */
export function closeRequest(request: OpenRequest, describe: () => OwnDraft | Promise<OwnDraft>): void {
  const { client, scope, startedAt } = request;
  // What an observed function threw is told of, whoever called it.
  if (scope.unclaimed && scope.thrown === undefined) return dropRequest(request);
  scope.closed = true;
  const executionTimeMs = toMilliseconds(now() - startedAt);
  const finish = (draft: OwnDraft): void => {
    const sent = captureRequest(request, draft, executionTimeMs);
    if (sent === undefined) end(request);
    else void sent.finally(() => end(request)).catch(() => {});
  };
  const fail = (error: unknown): void => {
    client.reportInternalError(error);
    end(request);
  };
  try {
    const draft = describe();
    if (draft instanceof Promise) draft.then(finish).catch(fail);
    else finish(draft);
  } catch (error) {
    fail(error);
  }
}

/** Ends a request of which there is to be no event. */
export function dropRequest(request: OpenRequest): void {
  request.scope.closed = true;
  end(request);
}

function end({ scope, sent }: OpenRequest): void {
  // Connections that were opened for the request may outlive it, and hold on to its scope.
  scope.context = undefined;
  scope.body = undefined;
  scope.describe = undefined;
  scope.exchange = undefined;
  scope.atEnd = undefined;
  scope.failure = undefined;
  scope.thrown = undefined;
  scope.refusal = undefined;
  sent?.();
}

function captureRequest(
  request: OpenRequest,
  draft: OwnDraft,
  executionTimeMs: number,
): Promise<void> | undefined {
  const { client, scope, eventType } = request;
  const { trail } = scope;
  const isJob = eventType !== 'api';
  hideWritten(draft);
  scope.atEnd?.(scope, draft);
  if (draft.requestPayload === undefined && optionsOf(request).captureRequestBody)
    draft.requestPayload = scope.body;
  const failure = scope.failure ?? failureBehind(draft, scope);
  if (failure !== undefined) failure.passage.claimed = true;
  if (!isJob && !isWanted(client, optionsOf(request), draft, executionTimeMs)) return undefined;
  if (failure !== undefined) {
    addNote(trail, 'Unhandled exception captured', 'exception', 'error');
    draft.error = failure.error;
    scope.metadata['handled'] = failure.handled;
    // Calls that have lost the scope left their part of the way with the client.
    const lost = runtime().storage?.synchronous ? [passageOf(failure.error, client.trail)] : [];
    scope.metadata['trail'] = toTrail(...lost, failure.passage);
  }
  const { statusCode } = draft;
  if (isJob) addNote(trail, 'Job finished', 'job', 'info', { executionTimeMs });
  else addNote(trail, 'HTTP request finished', 'http', 'info', { statusCode, executionTimeMs });
  draft.eventType ??= scope.eventType ?? typeOfRequest(eventType, draft.endpoint);
  draft.traceId = scope.traceId;
  draft.status ??= statusOf(statusCode, failure);
  draft.executionTimeMs = executionTimeMs;
  draft.logs = scope.logs;
  draft.metadata = draft.metadata ? { ...scope.metadata, ...draft.metadata } : scope.metadata;
  return client.captureRequest(draft, scope);
}

function typeOfRequest(eventType: EventType, path = ''): EventType {
  return eventType === 'api' && isWebhookPath(path) ? 'webhook' : eventType;
}

function isWanted(
  client: ReplayStackClient,
  options: ResolvedOptions,
  draft: OwnDraft,
  executionTimeMs: number,
): boolean {
  const { method = '', endpoint: path = '', statusCode = 0 } = draft;
  try {
    if (isIgnoredPath(path, options.ignoredPaths)) return false;
    return options.shouldCapture?.({ method, path, statusCode, executionTimeMs }) ?? true;
  } catch (error) {
    client.reportInternalError(error);
    return true;
  }
}

function statusOf(statusCode: number | undefined, failure: Scope['failure']): EventStatus {
  if (statusCode !== undefined && statusCode >= 400) return statusCode >= 500 ? 'failed' : 'warning';
  // An error that nobody handled can come after the headers, which then tell of success.
  return failure !== undefined && (statusCode === undefined || !failure.handled) ? 'failed' : 'success';
}

/** What a promise resolves to, if it does so by the next macrotask; else undefined. Some promises never settle. */
export async function soon<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await Promise.race([
      promise,
      new Promise<undefined>((resolve) => defer(() => resolve(undefined))),
    ]);
  } catch {
    return undefined;
  }
}

/** The name of the framework where there is none: listeners of Node's own servers. */
export const PLAIN_HTTP = 'http';

/** What goes in place of a body that is sent piece by piece. */
export const STREAMING: { captured: false; reason: string } = {
  captured: false,
  reason: 'Streaming response body not captured',
};
