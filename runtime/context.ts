/** Scopes by hand: for workers and jobs that no adapter knows. */
import type { Scope } from './scope.ts';
import { createScope, runInScope } from './scope.ts';
import { activeClient } from './start.ts';
import { createTraceId } from './event/trace-id.ts';

/**
 * Runs the body with breadcrumbs, logs and a trace id of its own, which every event that is captured in it carries, as a
 * request has them. Without a client that is enabled, the body just runs.
 *
 * @param options `traceId`, if there is one already
 * @returns what the body returns
 * @example
 * await runWithReplayStackContext(async () => {
 *   replaystack.addBreadcrumb('Worker started');
 *   await work();
 * });
 */
export function runWithReplayStackContext<R>(body: () => R, options: { traceId?: string } = {}): R {
  const client = activeClient();
  if (client === undefined) return body();
  let scope: Scope;
  try {
    scope = createScope(options.traceId ?? createTraceId(), client.options.maxBreadcrumbs);
  } catch (error) {
    // Workers give no random numbers while their modules are evaluated.
    client.reportInternalError(error);
    return body();
  }
  // An error that escapes becomes an event of its own, as nobody closes the scope with one.
  scope.closed = true;
  return runInScope(scope, body);
}
