/** What waits for a receiver is an event, and not the request that it is about. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ReplayStackClient } from '../../../runtime/client.ts';
import { startReceiver } from '../../support/receiver.ts';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

it.each([
  ['that never answers', 'hang' as const],
  ['that refuses', { status: 503 }],
])('behind a receiver %s', async (_, answer) => {
  await using receiver = await startReceiver();
  receiver.answer = () => answer;
  const client = new ReplayStackClient({
    apiKey: 'k',
    endpoint: receiver.url,
    timeoutMs: 20_000,
    retries: 0,
  });
  const payloads: WeakRef<object>[] = [];
  for (let index = 0; index < 50; index++) {
    const requestPayload = { index };
    payloads.push(new WeakRef(requestPayload));
    void client.captureEvent({ requestPayload });
  }
  await receiver.arrived(1);
  const left = (): number => payloads.filter((payload) => payload.deref() !== undefined).length;
  // A few may be on the stack of what is under way.
  for (let turn = 0; turn < 100 && left() > 5; turn++) {
    await sleep(10);
    collect();
  }
  expect(left()).toBeLessThanOrEqual(5);
  expect(client.pending).toBe(50);
  await client.close(0);
});
