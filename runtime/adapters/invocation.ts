/** What is called for a message, or at a time, whoever calls it: each call has a scope of its own, and becomes one event. */
import type { EventDraft, OwnDraft } from '../event/build-event.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import { passageOf } from '../observe/trail.ts';
import type { EventType } from '../protocol.ts';
import { activeScope, runInScope } from '../scope.ts';
import type { Captor, OpenRequest } from './request.ts';
import { closeRequest, openRequest, optionsOf } from './request.ts';

/** What is known of a call when it begins. */
export interface Call {
  eventType: EventType;
  /** The name of the library, or the platform. */
  framework: string;
  /** The name of the job, the queue or the schedule. */
  endpoint: string;
  metadata: Record<string, unknown>;
  /** Reads what it was given to work on. */
  payload?: (() => unknown) | undefined;
  /** Among them the platform's context, if it hands one to the handler. */
  contexts?: readonly unknown[];
}

export interface Invocation {
  readonly opened: OpenRequest;
  readonly call: Call;
}

/** How a call ended. That `error` is there counts, since undefined can be thrown. */
export type Outcome = { value: unknown } | { error: unknown } | { pending: true };

/** @param read what is known of it, or undefined if it is none; may throw */
export function openInvocation(captor: Captor, read: () => Call | undefined): Invocation | undefined {
  let call: Call | undefined;
  try {
    call = read();
  } catch (error) {
    captor.client.reportInternalError(error);
  }
  if (call === undefined) return undefined;
  const { endpoint, metadata, ...known } = call;
  const arrival = { method: '', path: endpoint, traceId: undefined, request: undefined, ...known };
  const opened = openRequest(captor, () => arrival);
  if (opened === undefined) return undefined;
  const { scope } = opened;
  const invocation = { opened, call };
  Object.assign(scope.metadata, metadata);
  scope.describe = describe;
  scope.exchange = invocation;
  return invocation;
}

/** For an error that ends the process, too. */
function describe(draft: EventDraft, invocation: unknown): void {
  const { opened, call } = invocation as Invocation;
  draft.eventType = call.eventType;
  draft.endpoint = call.endpoint;
  if (optionsOf(opened).captureRequestBody) draft.requestPayload = call.payload?.();
}

/** Sends the one event of the call. Never throws. */
export function closeInvocation(invocation: Invocation, outcome: Outcome): void {
  const { opened, call } = invocation;
  const { client, scope } = opened;
  if (scope.closed) return;
  if ('error' in outcome) {
    const { error } = outcome;
    scope.failure = { error, handled: false, passage: passageOf(error, scope.trail) };
    // Where nobody catches it, it comes to the process, which knows of no scope any more.
    passageOf(error, client.trail).claimed = true;
  }
  closeRequest(opened, () => {
    const draft: OwnDraft = {};
    describe(draft, invocation);
    if ('pending' in outcome) draft.status = 'pending';
    if ('value' in outcome && call.eventType !== 'cron' && optionsOf(opened).captureResponseBody) {
      draft.responsePayload = outcome.value;
    }
    return draft;
  });
}

/**
 * Runs a call that its platform waits for.
 *
 * @param read what is known of it; may throw
 * @param beforeEnd what the platform waits for before it is told that the call has ended
 */
export function runInvocation(
  captor: Captor,
  read: () => Call,
  handle: () => unknown,
  beforeEnd?: () => Promise<void>,
): unknown {
  if (activeScope()?.closed === false) return handle();
  const invocation = openInvocation(captor, read);
  if (invocation === undefined) return handle();
  let result: unknown;
  try {
    result = runInScope(invocation.opened.scope, handle);
  } catch (error) {
    closeInvocation(invocation, { error });
    throw error;
  }
  if (!isPlainPromise(result)) {
    closeInvocation(invocation, { value: result });
    return result;
  }
  return result.then(
    async (value: unknown) => {
      closeInvocation(invocation, { value });
      await beforeEnd?.();
      return value;
    },
    async (error: unknown) => {
      closeInvocation(invocation, { error });
      await beforeEnd?.();
      throw error;
    },
  );
}
