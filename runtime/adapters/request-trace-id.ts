/** Which trace id a request goes by. */
import type { ReplayStackClient } from '../client.ts';
import { createTraceId } from '../event/trace-id.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { Arrival } from './request.ts';

/** The application's, or the one that was sent, unless it is absurd; else a new one. */
export function traceIdOf(
  { traceId, request }: Arrival,
  client: ReplayStackClient,
  { getTraceId }: ResolvedOptions,
): string {
  let given: unknown;
  try {
    if (request !== undefined) given = getTraceId?.(request as never);
  } catch (error) {
    client.reportInternalError(error);
  }
  const chosen = typeof given === 'string' && given !== '' ? given : traceId;
  return chosen !== undefined && /^[\x21-\x7e]{1,200}$/.test(chosen) ? chosen : createTraceId();
}
