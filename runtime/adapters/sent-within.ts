/** Waiting for events where the platform freezes a program as soon as it has its answer. */
import type { ReplayStackClient } from '../client.ts';

/**
 * Waits until all of this has been sent, or cannot be, for a time. Never rejects.
 *
 * @param pending what tells that an event has been sent
 */
export async function sentWithin(
  client: ReplayStackClient,
  pending: readonly Promise<unknown>[],
  timeoutMs: number,
): Promise<void> {
  if (timeoutMs <= 0 || pending.length === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  // Events that wait for others would wait for the next call.
  if (client.options.batchFlushIntervalMs > 0) void client.flush(timeoutMs).catch(() => {});
  await Promise.race([Promise.allSettled(pending), over]);
  clearTimeout(timer);
}
