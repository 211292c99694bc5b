/** Clients that leave at any time: each of their requests is one event, as is each that was answered. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '../orders/application.ts';
import type { Receiver } from '../orders/receiver.ts';
import { open } from './raw.ts';

export interface Delivered {
  /** When the clients left. */
  when: string;
  made: number;
  /** How many of the requests are events at the receiver, and deliveries beyond the first of one. */
  delivered: number;
  repeated: number;
}

const EACH = 250;
const AT_A_TIME = 25;
const FLUSH_MS = 10_000;

const phases: Record<string, (url: string, traceId: string) => Promise<void>> = {
  async 'never: they have their answer'(url, traceId) {
    const response = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-trace-id': traceId },
      body: '{"sku":"lamp-01"}',
    });
    await response.text();
  },
  async 'before they had sent the body'(url, traceId) {
    const socket = await open(url, 'POST /orders', traceId, '{"sku":', 1000);
    await sleep(10);
    socket.destroy();
  },
  async 'while the handler ran'(url, traceId) {
    const socket = await open(url, 'GET /held', traceId);
    await sleep(10);
    socket.destroy();
  },
  async 'in the middle of the answer'(url, traceId) {
    const socket = await open(url, 'GET /pieces', traceId);
    await once(socket, 'data');
    socket.destroy();
  },
};

export async function runAborted(application: Application, receiver: Receiver): Promise<Delivered[]> {
  for (const [index, leave] of Object.values(phases).entries()) {
    for (let first = 0; first < EACH; first += AT_A_TIME) {
      const ids = Array.from({ length: AT_A_TIME }, (_, nth) => `left${index}-${first + nth}`);
      await Promise.all(ids.map((id) => leave(application.url, id)));
    }
  }
  await sleep(500);
  await application.counts(FLUSH_MS);
  return Object.keys(phases).map((when, index) => {
    const taken = receiver.taken.filter((id) => id.startsWith(`left${index}-`));
    const delivered = new Set(taken).size;
    return { when, made: EACH, delivered, repeated: taken.length - delivered };
  });
}
