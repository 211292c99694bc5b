/**
 * Sends while the thread waits: a process that ends runs nothing asynchronous any more, so a worker thread does it. Node
 * only.
 */
import type { SyncPost } from '../../platform/types.ts';

/** How many requests are under way at a time, and how long to wait before one is repeated, in milliseconds. */
const LANES = 3;
const PAUSE_MS = 100;

/**
 * What the worker runs. A text and no function, since bundlers, minifiers and coverage tools put into functions what is
 * not there in a worker. Its rules are those of send.ts in short.
 */
const WORKER = `
let { url, bulkUrl, headers, batches, compressAbove, delayMs, over } = require('node:worker_threads').workerData;
const { request } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const post = (events) => new Promise((resolve) => {
  let body = Buffer.from(events.length > 1 ? '{"events":[' + events + ']}' : events[0]);
  const packed = body.length > compressAbove;
  if (packed) body = require('node:zlib').gzipSync(body);
  const encoding = packed ? { 'content-encoding': 'gzip' } : {};
  request(
    events.length > 1 ? bulkUrl : url,
    { method: 'POST', agent: false, headers: { ...headers, ...encoding, 'content-length': body.length } },
    (response) => resolve(response.resume().statusCode),
  ).on('error', () => resolve(0)).end(body);
});
const send = async (events, first, retries) => {
  over.fill(0, first, first + events.length);
  const mayBePacked = compressAbove < Infinity;
  const status = await post(events);
  if (status === 415 && mayBePacked) {
    compressAbove = Infinity;
    await send(events, first, retries);
  } else if (events.length > 1 && [400, 404, 405, 413, 422, 501].includes(status)) {
    for (const event of events) await send([event], first++, retries);
  } else {
    over.fill(status, first, first + events.length);
    if (status > 0 && status < 500 && status !== 408 && status !== 429) return;
    if (retries === 0) return void (down = true);
    await pause(${PAUSE_MS});
    await send(events, first, retries - 1);
  }
};
const lane = async () => {
  for (let next; !down && (next = queue.pop()); ) await send(next.events, next.first, 1);
};
let down = false;
let first = 1;
const queue = batches.map((events) => ({ events, first: (first += events.length) - events.length }));
pause(delayMs)
  .then(() => Promise.all([${'lane(),'.repeat(LANES)}]))
  .finally(() => {
    Atomics.store(over, 0, 1);
    Atomics.notify(over, 0);
  });
`;

/** For each event the status that it was answered with at last, or 0. Never throws. */
export function postSync(post: SyncPost): number[] {
  try {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const over = new Int32Array(new SharedArrayBuffer(4 * (1 + post.batches.flat().length)));
    const worker = new Worker(WORKER, {
      eval: true,
      workerData: { ...post, over },
      // The application's preloads are not for this one; nor is its output for what Node may want to warn of.
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdout: true,
      stderr: true,
    });
    worker.on('error', () => {}).unref();
    Atomics.wait(over, 0, 0, post.timeoutMs);
    void worker.terminate();
    return [...over.subarray(1)];
  } catch {
    // Node's permission model may forbid worker threads.
    return [];
  }
}
