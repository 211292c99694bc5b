/** Waits until nothing can be under way any more, where no event is to come. */
import { randomUUID } from 'node:crypto';
import type { Receiver } from '../../src/receiver/index.ts';
import type { Call } from './e2e-http.ts';
import { send } from './e2e-http.ts';
import type { Scenario } from './e2e-scenario.ts';

/** The first request of an application's that makes an event and changes nothing. */
export function markerOf(scenarios: readonly Scenario[]): Call | undefined {
  for (const { call, event, status } of scenarios) {
    const isMarker = event !== undefined && status < 300 && typeof call !== 'function';
    if (isMarker && (call.method ?? 'GET') === 'GET') return call;
  }
  return undefined;
}

/**
 * Sends a request that makes an event, and waits for that: what was asked before would have had its own by then.
 *
 * @param url of the service
 */
export async function passMarker(url: string, receiver: Receiver, call: Call): Promise<void> {
  const id = `marker-${randomUUID()}`;
  await send(url, { ...call, headers: { ...call.headers, 'x-trace-id': id } });
  await receiver.waitFor(({ traceId }) => traceId === id);
}
