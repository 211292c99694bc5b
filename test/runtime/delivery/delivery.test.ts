import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../runtime/delivery/delivery.ts';
import { createDelivery } from '../../../runtime/delivery/delivery.ts';
import type { ClientOptions, QueueDrop } from '../../../runtime/options/resolve-options.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import { createTransport } from '../../../runtime/platform/node.ts';
import type { TransportRequest } from '../../../runtime/platform/types.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';

interface Post extends AsyncDisposable {
  receiver: Receiver;
  delivery: Delivery;
  /** Announces an event, and gives its id. */
  begin(): number | undefined;
  /** Hands an event over; resolves with the failure, if any, when sending it has ended for now. */
  send(endpoint: string, padding?: number): Promise<string | undefined>;
  errors: string[];
  drops: QueueDrop[];
  /** The endpoints of each request, in order of arrival. */
  sent(): string[][];
}

async function start(given: ClientOptions = {}, pauseMs = 5000, paceMs?: number): Promise<Post> {
  const receiver = await startReceiver();
  const errors: string[] = [];
  const drops: QueueDrop[] = [];
  const { options } = resolveOptions(
    {
      apiKey: 'k',
      endpoint: receiver.url,
      timeoutMs: 20_000,
      onQueueDrop: (drop) => void drops.push(drop),
      ...given,
    },
    {},
  );
  const report = (error: unknown): void => void errors.push(String(error));
  const delivery = createDelivery(options, options.transport ?? createTransport(), report, pauseMs, paceMs);
  const begin = (): number | undefined => delivery.begin(() => '', true)?.id;
  return {
    receiver,
    delivery,
    begin,
    errors,
    drops,
    async send(endpoint, padding = 0) {
      const json = JSON.stringify({ endpoint, metadata: { padding: 'x'.repeat(padding) } });
      return new Promise((resolve) => {
        delivery.complete(begin() ?? 0, json, (error) => resolve(error?.message));
      });
    },
    sent: () => receiver.requests.map(({ events }) => events.map(({ endpoint }) => endpoint ?? '')),
    async [Symbol.asyncDispose]() {
      delivery.stop();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

const names = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => `${index + from}`);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

describe('grouping', () => {
  it('sends an event that has nothing ahead of it alone and at once', async () => {
    await using post = await start();
    expect(await post.send('1')).toBeUndefined();
    expect(post.receiver.requests[0]?.path).toBe('/api/v1/ingest/events');
    expect(post.sent()).toEqual([['1']]);
  });

  it('sends together what piles up behind a request', async () => {
    await using post = await start();
    post.receiver.answer = () => ({ status: 200, afterMs: 50 });
    await Promise.all(names(12).map((name) => post.send(name)));
    expect(post.sent()).toEqual([['1'], names(11, 2)]);
    expect(post.receiver.requests[1]?.path).toBe('/api/v1/ingest/bulk-events');
    expect(post.receiver.connections.most).toBe(1);
  });

  it('sends together what comes right behind a request, though that is answered', async () => {
    await using post = await start({}, 5000, 60_000);
    await post.send('1');
    const rest = ['2', '3', '4'].map((name) => post.send(name));
    await sleep(50);
    expect(post.sent()).toEqual([['1']]);
    await post.delivery.flush();
    await Promise.all(rest);
    expect(post.sent()).toEqual([['1'], ['2', '3', '4']]);
  });

  it('sends it by itself after a moment', async () => {
    await using post = await start({}, 5000, 50);
    for (const name of ['1', '2', '3']) expect(await post.send(name)).toBeUndefined();
    expect(post.sent()).toEqual([['1'], ['2'], ['3']]);
  });

  it('does not let a full request wait', async () => {
    await using post = await start({}, 5000, 60_000);
    await post.send('0');
    await Promise.all(names(20).map((name) => post.send(name)));
    expect(post.sent()).toEqual([['0'], names(20)]);
  });

  it('does not make those wait who wait for their event to be sent', async () => {
    await using post = await start({ asyncSend: false }, 5000, 60_000);
    for (const name of ['1', '2', '3']) expect(await post.send(name)).toBeUndefined();
    expect(post.sent()).toEqual([['1'], ['2'], ['3']]);
  });

  it('begins a request beside another for what fills it, and a third when the receiver takes them', async () => {
    await using post = await start({ batchMaxEvents: 4 });
    post.receiver.answer = (_, index) => ({ status: 200, afterMs: [20, 1500, 1500][index] ?? 0 });
    await Promise.all(names(21).map((name) => post.send(name)));
    expect(
      post
        .sent()
        .map(([first = '', ...others]) => [first, others.length + 1])
        .sort(([a], [b]) => Number(a) - Number(b)),
    ).toEqual([
      ['1', 1],
      ['2', 4],
      ['6', 4],
      ['10', 4],
      ['14', 4],
      ['18', 4],
    ]);
    expect(post.receiver.connections.most).toBe(3);
  });

  it('also by their size', async () => {
    await using post = await start();
    post.receiver.answer = () => ({ status: 200, afterMs: 50 });
    await Promise.all(names(4).map((name) => post.send(name, 400_000)));
    // Those that are under way at a time may arrive in any order.
    expect(post.sent().sort()).toEqual([['1'], ['2', '3'], ['4']]);
    expect(post.receiver.connections.most).toBe(2);
  });

  it('keeps a request below a megabyte, whatever the number of events', async () => {
    await using post = await start();
    post.receiver.answer = () => ({ status: 200, afterMs: 30 });
    await Promise.all(names(9).map((name) => post.send(name, 400_000)));
    expect(Math.max(...post.sent().map(({ length }) => length))).toBe(2);
  });

  it('makes every event wait for its batch with batchFlushIntervalMs', async () => {
    await using post = await start({ batchFlushIntervalMs: 60, batchMaxEvents: 3 });
    await Promise.all([post.send('1'), post.send('2')]);
    expect(post.sent()).toEqual([['1', '2']]);
    const [request] = post.receiver.requests;
    const began = performance.now();
    await post.send('3');
    expect(post.sent()).toEqual([['1', '2'], ['3']]);
    expect((post.receiver.requests[1]?.at ?? 0) - Math.max(began, request?.at ?? 0)).toBeGreaterThan(50);
  });

  it('does not let a full batch wait', async () => {
    await using post = await start({ batchFlushIntervalMs: 10 * 60_000, batchMaxEvents: 3 });
    await Promise.all(names(3).map((name) => post.send(name)));
    expect(post.sent()).toEqual([['1', '2', '3']]);
  });

  it('does not let a flush wait for the batch', async () => {
    await using post = await start({ batchFlushIntervalMs: 60_000 });
    void post.send('1');
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
  });

  it.each([404, 405, 501])('sends single events for good once bulk was answered with %i', async (status) => {
    await using post = await start();
    post.receiver.answer = ({ path }) => ({
      status: path.endsWith('bulk-events') ? status : 200,
      afterMs: 20,
    });
    await Promise.all(names(8).map((name) => post.send(name)));
    await Promise.all(names(5, 9).map((name) => post.send(name)));
    expect(post.sent().filter(({ length }) => length > 1)).toHaveLength(1);
    expect(post.receiver.accepted()).toHaveLength(13);
    expect(post.errors).toEqual([]);
  });

  it.each([
    ['/collect', false],
    ['/v2/events', true],
    ['/events?a=1', false],
  ])('of an ingestUrl that ends in %s uses bulk: %s', async (path, bulk) => {
    const receiver = await startReceiver();
    await using post = await start({ ingestUrl: receiver.url + path });
    receiver.answer = () => ({ status: 200, afterMs: 20 });
    await Promise.all(names(6).map((name) => post.send(name)));
    expect(receiver.requests.map((request) => request.path)).toContain(bulk ? '/v2/bulk-events' : path);
    expect(receiver.requests).toHaveLength(bulk ? 2 : 6);
    await receiver[Symbol.asyncDispose]();
  });
});

// Most of their time is spent waiting.
describe.concurrent('retries', () => {
  it.each([408, 429, 500, 503])('after %i, as many as were asked for', async (status) => {
    await using post = await start({ retries: 2 });
    post.receiver.answer = () => ({ status, body: '{"message":"busy"}' });
    expect(await post.send('1')).toBe(`ReplayStack answered ${status} "busy"`);
    expect(post.sent()).toEqual([['1'], ['1'], ['1']]);
    expect(post.errors).toEqual([`Error: ReplayStack answered ${status} "busy"`]);
  });

  it('after a connection that was cut, and after a time-out', async () => {
    await using post = await start({ retries: 2, timeoutMs: 1500 });
    post.receiver.answer = (_, index) => (['reset', 'hang', { status: 200 }] as const)[index] ?? 'hang';
    expect(await post.send('1')).toBeUndefined();
    expect(post.receiver.requests).toHaveLength(3);
  });

  it('when there is nobody', async () => {
    await using post = await start({ endpoint: 'http://127.0.0.1:9', retries: 1 });
    expect(await post.send('1')).toMatch(/ECONNREFUSED|fetch failed|bad port/);
  });

  it('when the body of an answer never ends', async () => {
    const transport = createTransport();
    await using post = await start({ retries: 0, timeoutMs: 100, transport });
    post.receiver.answer = () => ({ status: 200, headers: { 'content-length': '100' }, body: 'x' });
    expect(await post.send('1')).toBeDefined();
  });

  it('not for the time that a transport takes to be loaded, which is no attempt’s', async () => {
    const inner = createTransport();
    let loading: Promise<void> | undefined;
    const load = (): Promise<void> => (loading ??= sleep(1200));
    const transport = Object.assign(
      async (request: TransportRequest) => {
        await load();
        return inner(request);
      },
      { load },
    );
    await using post = await start({ retries: 0, timeoutMs: 1000, transport });
    expect(await post.send('1')).toBeUndefined();
    expect(post.sent()).toEqual([['1']]);
  });

  it('when a transport forgets its time-out', async () => {
    await using post = await start({ retries: 0, timeoutMs: 10, transport: () => new Promise(() => {}) });
    expect(await post.send('1')).toBe('No answer within 10 ms');
  });

  it.each([400, 401, 403, 404, 422, 302])('never after %i', async (status) => {
    await using post = await start({ retries: 3 });
    post.receiver.answer = () => ({ status, headers: { location: '/elsewhere' } });
    expect(await post.send('1')).toContain(String(status));
    expect(post.sent()).toEqual([['1']]);
    expect(post.errors).toHaveLength(1);
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
  });

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('wait as long as Retry-After says, in %s; and so does every other request', async (_, value) => {
    const inner = createTransport();
    let answered = 0;
    const transport: typeof inner = async (request) => {
      const answer = await inner(request);
      answered++;
      return answer;
    };
    await using post = await start({ retries: 1, transport });
    post.receiver.answer = (_, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': value() } } : { status: 200 };
    const first = post.send('1');
    await until(() => answered === 1);
    await Promise.all([first, post.send('2'), post.send('3')]);
    const [limited = 0, ...others] = post.receiver.requests.map(({ at }) => at);
    expect(Math.min(...others) - limited).toBeGreaterThan(900);
    expect(post.receiver.accepted()).toHaveLength(3);
  });
});

// One at a time: these set chance and clocks for the whole process.
describe('retries', () => {
  it('wait longer each time, at random', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    await using post = await start({ retries: 2 });
    post.receiver.answer = () => ({ status: 503 });
    await post.send('1');
    random.mockRestore();
    const [first = 0, second = 0, third = 0] = post.receiver.requests.map(({ at }) => at);
    expect(second - first).toBeGreaterThan(190);
    expect(third - second).toBeGreaterThan(390);
  });

  it('wait as long as it says although another request was told so', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    await using post = await start({ retries: 1, batchMaxEvents: 1 });
    post.receiver.answer = (_, index) =>
      (
        [
          { status: 429, headers: { 'retry-after': '1' } },
          { status: 503, afterMs: 300 },
        ] as const
      )[index] ?? {
        status: 200,
      };
    await Promise.all([post.send('1'), post.send('2')]);
    random.mockRestore();
    const [limited = 0, , ...retries] = post.receiver.requests.map(({ at }) => at);
    expect(retries).toHaveLength(2);
    expect(Math.min(...retries) - limited).toBeGreaterThan(950);
  });

  it('do not wait for hours because of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    let requests = 0;
    const transport = async (): Promise<{
      status: number;
      headers: Record<string, string>;
      body: string;
    }> => {
      requests++;
      return { status: requests === 1 ? 503 : 200, headers: { 'retry-after': '86400' }, body: '' };
    };
    await using post = await start({ transport });
    const sent = post.send('1');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(requests).toBe(1);
    await vi.advanceTimersByTimeAsync(1500);
    vi.useRealTimers();
    expect(await sent).toBeUndefined();
    expect(requests).toBe(2);
  });
});

describe('a receiver with limits', () => {
  it('that finds a batch too large gets its halves', async () => {
    await using post = await start();
    post.receiver.answer = ({ events }) => ({ status: events.length > 2 ? 413 : 200, afterMs: 10 });
    await Promise.all(names(11).map((name) => post.send(name)));
    expect(
      post.receiver
        .accepted()
        .map(({ endpoint }) => Number(endpoint))
        .sort((a, b) => a - b),
    ).toEqual(names(11).map(Number));
    expect(post.errors).toEqual([]);
  });

  it('that finds an event too large gets it cut down, once', async () => {
    await using post = await start();
    post.receiver.answer = ({ body }) => ({ status: body.length > 10_000 ? 413 : 200 });
    expect(await post.send('1', 50_000)).toBeUndefined();
    expect(post.receiver.accepted()).toMatchObject([
      { endpoint: '1', metadata: { __truncated: true, maxSizeBytes: 4096 } },
    ]);
    post.receiver.answer = () => ({ status: 413 });
    expect(await post.send('2', 50_000)).toContain('413');
    expect(post.sent()).toEqual([['1'], ['1'], ['2'], ['2']]);
    expect(post.errors).toHaveLength(1);
  });

  it('that refuses one event of a batch gets the others', async () => {
    await using post = await start();
    post.receiver.answer = ({ events }) => ({
      status: events.some(({ endpoint }) => endpoint === '6') ? 400 : 200,
      afterMs: 10,
    });
    await Promise.all(names(10).map((name) => post.send(name)));
    expect(post.receiver.accepted()).toHaveLength(9);
    expect(post.errors).toHaveLength(1);
  });
});

describe.concurrent('while the receiver cannot be reached', () => {
  it('keeps the newest events, and tells of those dropped', async () => {
    await using post = await start({ retries: 0, offlineQueueMax: 2 });
    post.receiver.answer = () => ({ status: 503 });
    for (const name of names(5)) await post.send(name);
    expect(post.drops).toEqual([
      { dropped: 1, reason: 'max_queue_size' },
      { dropped: 1, reason: 'max_queue_size' },
      { dropped: 1, reason: 'max_queue_size' },
    ]);
    post.receiver.answer = () => ({ status: 200 });
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
    expect(post.receiver.accepted().map(({ endpoint }) => endpoint)).toEqual(['4', '5']);
  });

  it('keeps them in bounds by their size, too', async () => {
    await using post = await start({ retries: 0, offlineQueueMaxBytes: 2500 });
    post.receiver.answer = () => ({ status: 503 });
    for (const name of names(5)) await post.send(name, 1000);
    expect(post.drops.map(({ reason }) => reason)).toEqual(Array(3).fill('max_queue_bytes'));
    await post.send('large', 5000);
    expect(post.drops.at(-1)).toEqual({ dropped: 3, reason: 'max_queue_bytes' });
  });

  it('keeps none with offlineQueueMax: 0', async () => {
    await using post = await start({ retries: 0, offlineQueueMax: 0 });
    post.receiver.answer = () => 'reset';
    await post.send('1');
    expect(post.drops).toEqual([{ dropped: 1, reason: 'max_queue_size' }]);
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
  });

  it('sends what was kept after the first success, in order and together', async () => {
    await using post = await start({ retries: 0 });
    post.receiver.answer = (_, index) => ({ status: index < 2 ? 503 : 200 });
    for (const name of names(3)) await post.send(name);
    await until(() => post.receiver.accepted().length === 3);
    expect(post.sent()).toEqual([['1'], ['2'], ['3'], ['1', '2']]);
  });

  it('gives up an event that the receiver stumbles over, and no other', async () => {
    await using post = await start({ retries: 0 });
    let down = true;
    let stumbles = 0;
    post.receiver.answer = ({ events }) => {
      const stumbled = events.some(({ endpoint }) => endpoint === '2');
      if (stumbled) stumbles++;
      return { status: down || stumbled ? 500 : 200 };
    };
    await post.send('1');
    await post.send('2');
    down = false;
    for (const name of names(25, 3)) {
      const before = stumbles;
      await post.send(name);
      // What was kept is tried again behind it.
      await until(() => stumbles > before || post.delivery.pending === 0);
    }
    expect(await post.delivery.flush(30_000)).toEqual({ pending: 0 });
    expect(
      post.receiver
        .accepted()
        .map(({ endpoint }) => Number(endpoint))
        .sort((a, b) => a - b),
    ).toEqual([1, ...names(25, 3).map(Number)]);
  });

  it.each([['reset' as const], [{ status: 429 }], [{ status: 503 }], [{ status: 408 }]])(
    'never gives one up that a receiver fails on with %j, which says nothing about the event',
    async (failure) => {
      await using post = await start({ retries: 0 });
      let down = true;
      post.receiver.answer = ({ events }) =>
        events.some(({ endpoint }) => endpoint === '1') && down ? failure : { status: 200 };
      for (const name of names(30)) {
        await post.send(name);
        await sleep(5);
      }
      expect(post.delivery.pending).toBe(1);
      down = false;
      expect(await post.delivery.flush(30_000)).toEqual({ pending: 0 });
      expect(post.receiver.accepted()).toHaveLength(30);
    },
  );

  it('sends it with the periodic tick', async () => {
    await using post = await start({ retries: 0, flushIntervalMs: 20 });
    post.receiver.answer = (_, index) => ({ status: index < 2 ? 503 : 200 });
    await post.send('1');
    await until(() => post.receiver.accepted().length === 1);
    expect(post.sent()).toEqual([['1'], ['1'], ['1']]);
  });

  it('sends it by itself after a pause', async () => {
    await using post = await start({ retries: 0 }, 20);
    post.receiver.answer = (_, index) => ({ status: index < 3 ? 503 : 200 });
    await post.send('1');
    await until(() => post.receiver.accepted().length === 1);
    expect(post.receiver.requests).toHaveLength(4);
  });

  it('leaves it alone after repeated failures, longer each time', async () => {
    await using post = await start({ retries: 0, flushIntervalMs: 5 }, 40);
    post.receiver.answer = () => ({ status: 503 });
    for (const name of names(3)) await post.send(name);
    const before = post.receiver.requests.length;
    expect(await post.send('4')).toBe('The receiver cannot be reached');
    expect(post.receiver.requests).toHaveLength(before);
    await until(() => post.receiver.requests.length >= before + 3);
    const times = post.receiver.requests.slice(before - 1).map(({ at }) => at);
    // 160 ms doubled each time, less up to a half.
    for (let index = 1; index < 4; index++) {
      expect((times[index] ?? 0) - (times[index - 1] ?? 0)).toBeGreaterThan(75 * 2 ** (index - 1));
    }
    post.receiver.answer = () => ({ status: 200 });
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
    expect(post.receiver.accepted().map(({ endpoint }) => endpoint)).toEqual(names(4));
  });

  it('opens no more than two connections to one that never answers, and keeps no more than was asked for', async () => {
    await using post = await start({ retries: 0, timeoutMs: 150, offlineQueueMax: 10 });
    post.receiver.answer = () => 'hang';
    const sent = names(400).map((name) => post.send(name));
    await Promise.all(sent);
    expect(post.receiver.requests.length).toBeLessThanOrEqual(3);
    expect(post.receiver.connections.most).toBeLessThanOrEqual(2);
    expect(post.drops.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(390);
  });
});

describe('flush', () => {
  it('waits for events that are still being built, and for no later ones', async () => {
    await using post = await start();
    const id = post.begin() ?? 0;
    const flushed = post.delivery.flush();
    post.begin();
    await sleep(10);
    post.delivery.complete(id, '{"endpoint":"1"}', () => {});
    expect(await flushed).toEqual({ pending: 0 });
  });

  it('ends when its time is up, and says how much is left', async () => {
    await using post = await start({ retries: 0 });
    post.receiver.answer = () => 'hang';
    void post.send('1');
    void post.send('2');
    expect(await post.delivery.flush(50)).toEqual({ pending: 2 });
  });

  it('keeps trying until then', async () => {
    await using post = await start({ retries: 0 });
    post.receiver.answer = (_, index) => ({ status: index < 4 ? 503 : 200 });
    void post.send('1');
    expect(await post.delivery.flush(30_000)).toEqual({ pending: 0 });
    expect(post.receiver.requests).toHaveLength(5);
  });

  it('does not wait once delivery was stopped', async () => {
    await using post = await start({ retries: 0 });
    post.receiver.answer = () => ({ status: 503 });
    await post.send('1');
    post.delivery.stop();
    expect(await post.delivery.flush(60_000)).toEqual({ pending: 1 });
  });

  it('maps no more stacks, when the process ends, than leaves time to send the events', async () => {
    await using post = await start();
    const lasts: boolean[] = [];
    const slow = (isLast: boolean): string => {
      lasts.push(isLast);
      for (const end = performance.now() + (isLast ? 30 : 0); performance.now() < end;);
      return '{}';
    };
    for (let i = 0; i < 5; i++) post.delivery.begin(slow, false);
    post.delivery.flushSync(100);
    expect(lasts).toHaveLength(5);
    expect(lasts[0]).toBe(true);
    expect(lasts.slice(2)).toEqual([false, false, false]);
  });

  it('is done at once when there is nothing', async () => {
    await using post = await start();
    expect(await post.delivery.flush(0)).toEqual({ pending: 0 });
  });

  it('counts an event that could not be built as done', async () => {
    await using post = await start();
    post.delivery.complete(post.begin() ?? 0, undefined, () => {});
    expect(await post.delivery.flush()).toEqual({ pending: 0 });
  });
});

it('refuses events while a thousand are being built', async () => {
  await using post = await start();
  const ids = Array.from({ length: 1001 }, () => post.begin());
  expect(ids.at(-2)).toBe(1000);
  expect(ids.at(-1)).toBeUndefined();
  expect(post.drops).toEqual([{ dropped: 1, reason: 'max_queue_size' }]);
});
