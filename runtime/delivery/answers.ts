/** What a receiver's answer means, or what there is instead of one. */
import type { TransportResponse } from '../platform/types.ts';

const MAX_RETRY_AFTER_MS = 30_000;

/** What tells that no connection was made, so that nothing can have arrived. */
const UNCONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** Whether an answer other than success is the receiver's last word. */
export function isFinal(status: number): boolean {
  return status > 0 && status < 500 && status !== 408 && status !== 429;
}

export function isUnconnected(error: Error): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  return UNCONNECTED.test(code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

export function describe({ status, body }: TransportResponse): string {
  const message = /"message"\s*:\s*("[^"]{1,300}")/.exec(body)?.[1] ?? '';
  return `ReplayStack answered ${status} ${message}`.trim();
}

/** Milliseconds that the receiver asked to wait, within bounds. */
export function readRetryAfter({ headers }: TransportResponse): number {
  const value = headers['retry-after'] ?? '';
  const asked = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return asked > 0 ? Math.min(asked, MAX_RETRY_AFTER_MS) : 0;
}
