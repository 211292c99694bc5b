/** Delivery where nothing outlives a request: at once, and with what was kept before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../runtime/delivery/delivery.ts';
import { createDirectDelivery } from '../../../runtime/delivery/direct-delivery.ts';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import { createFetchTransport } from '../../../runtime/delivery/transport/fetch.ts';
import { gzipByStream } from '../../../runtime/delivery/transport/gzip.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';

let receiver: Receiver;
let errors: unknown[];

beforeEach(async () => {
  receiver = await startReceiver();
  errors = [];
});
afterEach(() => receiver[Symbol.asyncDispose]());

function deliveryWith(given: ClientOptions = {}): Delivery {
  const { options } = resolveOptions({ apiKey: 'k', endpoint: receiver.url, retries: 0, ...given }, {});
  return createDirectDelivery(
    options,
    createFetchTransport(gzipByStream),
    (error) => void errors.push(error),
  );
}

/** Resolves when whoever captured the event need not wait any more. */
function send(delivery: Delivery, endpoint: string): Promise<Error | undefined> {
  const id = delivery.begin(() => '', true)?.id ?? 0;
  return new Promise((resolve) => void delivery.complete(id, JSON.stringify({ endpoint }), resolve));
}

const arrived = (): (string | undefined)[] => receiver.accepted().map(({ endpoint }) => endpoint);

/** Lets the receiver answer with a status, until it is told otherwise. */
function answerWith(status: number): void {
  receiver.answer = () => ({ status });
}

describe('an event', () => {
  it('goes out at once, and whoever waits for it waits until it has arrived', async () => {
    const delivery = deliveryWith({ batchFlushIntervalMs: 60_000 });
    expect(await send(delivery, 'a')).toBeUndefined();
    expect(arrived()).toEqual(['a']);
    expect(delivery.pending).toBe(0);
  });

  it('waits for no other', async () => {
    const delivery = deliveryWith();
    receiver.answer = ({ events }) => (events[0]?.endpoint === 'slow' ? 'hang' : { status: 200 });
    for (let index = 0; index < 10; index++) void send(delivery, 'slow');
    await receiver.arrived(10);
    expect(await send(delivery, 'fast')).toBeUndefined();
    expect(arrived()).toEqual(['fast']);
  });

  it('that could not be built is none', async () => {
    const delivery = deliveryWith();
    const id = delivery.begin(() => '', true)?.id ?? 0;
    const ended = await new Promise((resolve) => void delivery.complete(id, undefined, resolve));
    expect(ended).toBeUndefined();
    expect(delivery.pending).toBe(0);
  });

  it('is tried again, as often as the options say', async () => {
    const delivery = deliveryWith({ retries: 1 });
    receiver.answer = (_request, index) => ({ status: index === 0 ? 503 : 200 });
    expect(await send(delivery, 'a')).toBeUndefined();
    expect(receiver.requests).toHaveLength(2);
  });

  it('that is refused is dropped, and the reason told', async () => {
    answerWith(401);
    const delivery = deliveryWith();
    expect((await send(delivery, 'a'))?.message).toMatch(/401/);
    expect(delivery.pending).toBe(0);
    expect(errors).toHaveLength(1);
  });
});

describe('events that could not be sent', () => {
  it('go along with the next one that gets through, which waits for them', async () => {
    const delivery = deliveryWith();
    answerWith(503);
    expect((await send(delivery, 'a'))?.message).toMatch(/503/);
    await send(delivery, 'b');
    expect(delivery.pending).toBe(2);
    answerWith(200);
    await send(delivery, 'c');
    expect(arrived()).toEqual(['c', 'a', 'b']);
    expect(receiver.requests.at(-1)?.path).toMatch(/bulk-events$/);
    expect(delivery.pending).toBe(0);
  });

  it('are as many as the options allow, the newest ones', async () => {
    const drops: unknown[] = [];
    const delivery = deliveryWith({ offlineQueueMax: 2, onQueueDrop: (info) => void drops.push(info) });
    answerWith(503);
    for (const endpoint of ['a', 'b', 'c']) await send(delivery, endpoint);
    expect(drops).toEqual([{ dropped: 1, reason: 'max_queue_size' }]);
    answerWith(200);
    await delivery.flush();
    expect(arrived()).toEqual(['b', 'c']);
  });

  it('keep those behind them from being tried for a while, once three in a row have failed', async () => {
    const delivery = deliveryWith();
    answerWith(503);
    for (const endpoint of ['a', 'b', 'c', 'd', 'e']) await send(delivery, endpoint);
    expect(receiver.requests).toHaveLength(3);
    answerWith(200);
    expect(await delivery.flush()).toEqual({ pending: 0 });
    expect(arrived()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('do not stand in the way of others for ever: one that the receiver stumbles over is given up', async () => {
    const delivery = deliveryWith();
    answerWith(503);
    for (const endpoint of ['poison', 'a']) await send(delivery, endpoint);
    receiver.answer = ({ body }) => ({ status: body.includes('poison') ? 500 : 200 });
    for (let index = 0; index < 25; index++) await send(delivery, `new-${index}`);
    expect(arrived()).toContain('a');
    expect(arrived()).not.toContain('poison');
    expect(delivery.pending).toBe(0);
  });

  it('wait as long as the receiver asks', async () => {
    const delivery = deliveryWith();
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '30' } });
    await send(delivery, 'a');
    answerWith(200);
    await send(delivery, 'b');
    expect(receiver.requests).toHaveLength(1);
    expect(delivery.pending).toBe(2);
  });
});

describe('flush', () => {
  it('waits for what is under way, up to a time', async () => {
    const delivery = deliveryWith();
    receiver.answer = () => ({ status: 200, afterMs: 50 });
    void send(delivery, 'a');
    expect(await delivery.flush()).toEqual({ pending: 0 });
    expect(arrived()).toEqual(['a']);
    receiver.answer = () => 'hang';
    void send(delivery, 'b');
    expect(await delivery.flush(20)).toEqual({ pending: 1 });
  });

  it('ends when nobody need wait any more', async () => {
    const delivery = deliveryWith();
    receiver.answer = () => 'hang';
    void send(delivery, 'a');
    const flushed = delivery.flush(60_000);
    await sleep(1);
    delivery.stop();
    expect(await flushed).toEqual({ pending: 1 });
  });
});

it('takes no more events than memory can hold', async () => {
  const drops: unknown[] = [];
  const delivery = deliveryWith({ onQueueDrop: (info) => void drops.push(info) });
  const taken = Array.from({ length: 1001 }, () => delivery.begin(() => '', true));
  expect(taken.map((parcel) => parcel !== undefined).indexOf(false)).toBe(1000);
  expect(drops).toEqual([{ dropped: 1, reason: 'max_queue_size' }]);
});
