/** Many requests that are open at a time: what each costs beyond what it costs without us. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '../orders/application.ts';
import { open } from './raw.ts';

const OPEN = 10_000;
/** Less than the system lets wait for a listener. */
const AT_A_TIME = 250;

interface Memory {
  rss: number;
  heap: number;
}

/** Bytes that a process has more with so many open requests. */
export interface OpenMemory {
  requests: number;
  ours: Memory;
  bare: Memory;
}

export async function runOpen(ours: Application, bare: Application): Promise<OpenMemory> {
  return { requests: OPEN, ours: await growth(ours), bare: await growth(bare) };
}

async function growth({ url }: Application): Promise<Memory> {
  // Whatever is only done for the first requests.
  await close(await openMany(url, 500));
  const before = await settle(url);
  const sockets = await openMany(url, OPEN);
  const after = await settle(url);
  await close(sockets);
  return { rss: after.rss - before.rss, heap: after.heap - before.heap };
}

async function openMany(url: string, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let first = 0; first < count; first += AT_A_TIME) {
    sockets.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, () => open(url, 'GET /held')))));
  }
  return sockets;
}

async function close(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await sleep(500);
}

/** After its garbage collector has run. */
async function settle(url: string): Promise<Memory> {
  await sleep(500);
  const response = await fetch(`${url}/memory`);
  return (await response.json()) as Memory;
}
