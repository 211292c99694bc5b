/** Many requests at a time, each of which waits in every way there is: what belongs to one is never with another. */
import { EventEmitter, once } from 'node:events';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { replayStackFetch } from '../../runtime/adapters/fetch-middleware.ts';
import { enter, exit, fail, settle } from '../../runtime/observe/hooks.ts';
import { activeScope } from '../../runtime/scope.ts';
import { startRuntime } from '../support/runtime.ts';

const REQUESTS = 10_000;

/** At a time. */
const CONCURRENT = 500;

const ECHO = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', (id) => parentPort.postMessage(id));`;

/** Ways to wait that are shared by all requests, so that each is woken by what others started. */
function createWays(worker: Worker): ((id: string) => Promise<unknown>)[] {
  const emitter = new EventEmitter().setMaxListeners(0);
  const answers = new Map<string, () => void>();
  worker.on('message', (id: string) => answers.get(id)?.());
  return [
    (id) => sleep(Number(id.slice(1)) % 17),
    async () => {
      for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    },
    (id) => {
      const woken = once(emitter, id);
      // Who comes wakes all that came before.
      for (const name of emitter.eventNames()) if (name !== id && name !== 'error') emitter.emit(name);
      setTimeout(() => emitter.emit(id), 50);
      return woken;
    },
    (id) =>
      pipeline(
        Readable.from([id, id]),
        new Transform({ transform: (chunk, _, done) => void setImmediate(done, null, chunk) }),
        async (chunks) => {
          for await (const chunk of chunks) if (String(chunk) !== id) throw new Error('mixed');
        },
      ),
    (id) =>
      new Promise<void>((resolve) => {
        answers.set(id, resolve);
        worker.postMessage(id, []);
      }),
  ];
}

it('10,000 interleaved requests have their own breadcrumbs, logs, errors and trace ids', async () => {
  await using test = await startRuntime({
    offlineQueueMax: REQUESTS,
    offlineQueueMaxBytes: 2 ** 30,
    batchFlushIntervalMs: 20,
    batchMaxEvents: 100,
    timeoutMs: 60_000,
  });
  const { client } = test;
  const worker = new Worker(ECHO, { eval: true });
  const ways = createWays(worker);

  async function step(id: string, way: number): Promise<void> {
    const call = enter(`src/step.ts:${way}:${id}`);
    try {
      const wait = ways[way]?.(id);
      return await settle(call, wait as Promise<void>);
    } catch (error) {
      throw fail(call, error, { id });
    } finally {
      exit(call);
    }
  }

  const handle = replayStackFetch(client)(async (request) => {
    const id = new URL(request.url).pathname.slice(1);
    const number = Number(id.slice(1));
    for (let way = 0; way < ways.length; way++) {
      await step(id, (way + number) % ways.length);
      if (activeScope()?.traceId !== id) throw new Error('mixed');
      client.addBreadcrumb(`${id} step`);
    }
    client.captureLog({ level: 'error', message: `${id} log` });
    if (number % 10 === 0) throw new Error(`${id} failed`);
    return Response.json({ id });
  });

  let started = 0;
  let rejected = 0;
  async function visit(): Promise<void> {
    while (started < REQUESTS) {
      const id = `r${started++}`;
      const request = new Request(`http://h/${id}`, { headers: { 'x-trace-id': id } });
      await handle(request).catch(() => rejected++);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, visit));
  expect(rejected).toBe(REQUESTS / 10);
  await worker.terminate();

  await client.flush(60_000);
  const events = await test.events();
  expect(test.errors).toEqual([]);
  expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(REQUESTS);
  expect(events).toHaveLength(REQUESTS);
  const mixed = events.filter(({ traceId: id, endpoint, breadcrumbs = [], logs = [], ...event }) => {
    const failed = id.endsWith('0');
    const said = [
      endpoint,
      ...breadcrumbs.map(({ message }) => message),
      ...logs.map(({ message }) => message),
    ];
    const own = [
      `/${id}`,
      'HTTP request started',
      ...ways.flatMap(() => [id, `${id} step`]),
      ...(failed ? ['Unhandled exception captured'] : []),
      'HTTP request finished',
      `${id} log`,
    ];
    const answer = JSON.stringify([event.errorMessage, event.responsePayload]);
    return (
      String(said) !== String(own) ||
      answer !== JSON.stringify(failed ? [`${id} failed`, null] : [null, { id }])
    );
  });
  expect(mixed).toEqual([]);
  expect(client.getBreadcrumbs()).toEqual([]);
  expect(client.getLogs()).toEqual([]);
}, 120_000);
