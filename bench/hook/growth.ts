/** Whether a request costs more of us where there are more routes and functions: two services side by side, in turn. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { median } from '../figures.ts';
import { bundleApplication } from './copies.ts';

const SIZES = [
  { routes: 10, functions: 10 },
  { routes: 1000, functions: 10 },
  { routes: 10, functions: 10_000 },
];
const REQUESTS = 1500;
const WARM_UP = 2;
const WINDOWS = 7;
const CONNECTIONS = 8;

export interface Growth {
  routes: number;
  functions: number;
  /** Microseconds of CPU a request, without us. */
  bare: number;
  /** What we add, in each pair of windows. */
  added: number[];
}

export async function measureGrowth(): Promise<Growth[]> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"success":true}'));
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const all: Growth[] = [];
  for (const { routes, functions } of SIZES) {
    const services = [];
    for (const hooked of [false, true]) {
      const env = {
        ...process.env,
        ROUTES: `${routes}`,
        REPLAYSTACK_ENDPOINT: endpoint,
        REPLAYSTACK_API_KEY: 'rs_bench',
      };
      services.push(await start(await bundleApplication(functions, hooked), env));
    }
    const costs: [number[], number[]] = [[], []];
    for (let round = 0; round < WARM_UP + WINDOWS; round++) {
      for (const [index, service] of services.entries()) {
        const cost = await costOf(service, routes, functions);
        if (round >= WARM_UP) costs[index]?.push(cost);
      }
    }
    for (const { child } of services) child.disconnect();
    const [bare, hooked] = costs;
    all.push({
      routes,
      functions,
      bare: median(bare),
      added: hooked.map((cost, index) => cost - (bare[index] ?? NaN)),
    });
  }
  receiver.close();
  receiver.closeAllConnections();
  return all;
}

interface Service {
  child: ChildProcess;
  port: number;
  agent: Agent;
}

async function start(file: string, env: NodeJS.ProcessEnv): Promise<Service> {
  const child = fork(file, { env });
  const [port] = (await once(child, 'message')) as [number];
  return { child, port, agent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS }) };
}

/** Microseconds of CPU that a request costs the service. */
async function costOf({ child, port, agent }: Service, routes: number, functions: number): Promise<number> {
  const cpu = async (): Promise<number> => {
    child.send('cpu');
    return ((await once(child, 'message')) as [number])[0];
  };
  const before = await cpu();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < REQUESTS) {
      const id = (next++ * 7919) % (functions * 10);
      const [response] = (await once(
        get({ host: '127.0.0.1', port, agent, path: `/r${id % routes}/${id}` }),
        'response',
      )) as [NodeJS.ReadableStream];
      response.resume();
      await once(response, 'end');
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  // What was put off until after the response.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return ((await cpu()) - before) / REQUESTS;
}
