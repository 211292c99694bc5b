/** Functions that a platform calls for a message, or at a time: each call has a scope of its own, and becomes one event. */
import type { OwnDraft } from '../event/build-event.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import type { EventType } from '../protocol.ts';
import { activeScope, runInScope } from '../scope.ts';
import type { Captor } from './request.ts';
import { closeRequest, noteEscape, openRequest, optionsOf } from './request.ts';

/** What is known of a call when it begins. */
export interface Call {
  eventType: EventType;
  framework: string;
  /** The name of the queue, or of the schedule. */
  endpoint: string;
  metadata: Record<string, unknown>;
  payload: unknown;
  contexts: readonly unknown[];
}

/**
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
  let call: Call | undefined;
  const opened = openRequest(captor, () => {
    call = read();
    const { endpoint, payload, ...rest } = call;
    return { ...rest, method: '', path: endpoint, traceId: undefined, request: payload };
  });
  if (opened === undefined || call === undefined) return handle();
  const { endpoint, metadata, payload } = call;
  const { scope } = opened;
  Object.assign(scope.metadata, metadata);
  const close = (value: unknown): void =>
    closeRequest(opened, () => {
      const { captureRequestBody, captureResponseBody } = optionsOf(opened);
      const draft: OwnDraft = { endpoint };
      if (captureRequestBody) draft.requestPayload = payload;
      if (captureResponseBody && value !== undefined) draft.responsePayload = value;
      return draft;
    });
  const fail = (error: unknown): void => {
    noteEscape(scope, error, false);
    close(undefined);
  };
  let result: unknown;
  try {
    result = runInScope(scope, handle);
  } catch (error) {
    fail(error);
    throw error;
  }
  if (!isPlainPromise(result)) {
    close(result);
    return result;
  }
  return result.then(
    async (value: unknown) => {
      close(value);
      await beforeEnd?.();
      return value;
    },
    async (error: unknown) => {
      fail(error);
      await beforeEnd?.();
      throw error;
    },
  );
}
