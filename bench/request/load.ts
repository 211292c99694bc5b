/** Requests over raw connections, written once: the load must be lighter than what it loads. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  requests: number;
  /** Answers that are not the service's own. */
  wrong: number;
  /** Milliseconds, from when a request was due. */
  latencies: number[];
}

interface Step {
  bytes: Buffer;
  status: string;
}

const order = JSON.stringify({
  customer: { email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct-horse-battery-staple' },
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `lamp-${100 + index}`,
    title: 'A lamp of brushed brass, with a shade of linen and a cord of two metres',
    quantity: 1 + (index % 3),
    price: 4900 + index,
  })),
  payment: {
    card: { cardNumber: '4242424242424242', cvv: '739', expiry: '12/29' },
    token: 'tok_1Q2w3E4r5T6y7U8i9O0p',
  },
  note: 'Please leave it at the door, and ring twice.',
});

const HEADERS =
  'host: shop.example.com\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n' +
  'accept: application/json\r\naccept-encoding: gzip, deflate, br\r\naccept-language: en-GB,en;q=0.9\r\n' +
  'authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl\r\ncookie: sid=4f2a9c; theme=dark\r\n';

const ping = toStep('GET', '/ping', '200');
const user = toStep('GET', '/users/4217', '200');
const post = toStep('POST', '/orders', '201', order);
const boom = toStep('GET', '/boom', '500');

/** 40 pings, 35 users, 24 orders and one failure in a hundred, well mixed. */
const STEPS: readonly Step[] = Array.from({ length: 100 }, (_, index) => {
  const place = (index * 37) % 100;
  return place < 40 ? ping : place < 75 ? user : place < 99 ? post : boom;
});

function toStep(method: string, path: string, status: string, body = ''): Step {
  const content = body && `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return { bytes: Buffer.from(`${method} ${path} HTTP/1.1\r\n${HEADERS}${content}\r\n${body}`), status };
}

/** One connection, with one request at a time. */
interface Connection {
  /** Resolves with the status of the answer when its body is complete. */
  ask(bytes: Buffer): Promise<string>;
  close(): void;
}

async function openConnection(port: number): Promise<Connection> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let answered: ((status: string) => void) | undefined;
  let received = '';
  socket.setEncoding('latin1');
  socket.on('error', () => answered?.('none'));
  socket.on('close', () => answered?.('none'));
  socket.on('data', (chunk: string) => {
    received += chunk;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /content-length: (\d+)/i.exec(received)?.[1];
    if (length === undefined || received.length < head + 4 + Number(length)) return;
    const status = received.slice(9, 12);
    received = '';
    answered?.(status);
  });
  return {
    ask(bytes) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('The service has closed a connection'));
        answered = resolve;
        socket.write(bytes);
      });
    },
    close: () => socket.destroy(),
  };
}

/**
 * To wake a load that sleeps is work for who answers it: on a virtual machine about 15 µs, which all but the fastest service
 * would pay for every answer. Real clients are on other machines.
 */
function stayAwake(until: number): void {
  if (performance.now() < until) setImmediate(stayAwake, until);
}

export interface Driver {
  /** As many requests as the service takes, for so long. */
  saturate(milliseconds: number): Promise<Load>;
  /** At so many requests a second, whether the service keeps up or not. */
  steady(milliseconds: number, rate: number): Promise<Load>;
  close(): void;
}

/** @param port the service's, on 127.0.0.1 */
export async function createDriver(port: number, connections: number): Promise<Driver> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  let next = 0;

  async function ask(connection: Connection, load: Load, due: number): Promise<void> {
    const step = STEPS[next++ % STEPS.length] as Step;
    const status = await connection.ask(step.bytes);
    load.requests++;
    if (status !== step.status) load.wrong++;
    load.latencies.push(performance.now() - due);
  }

  return {
    async saturate(milliseconds) {
      const load: Load = { requests: 0, wrong: 0, latencies: [] };
      const end = performance.now() + milliseconds;
      stayAwake(end);
      await Promise.all(
        open.map(async (connection) => {
          while (performance.now() < end) await ask(connection, load, performance.now());
        }),
      );
      return load;
    },
    async steady(milliseconds, rate) {
      const load: Load = { requests: 0, wrong: 0, latencies: [] };
      const start = performance.now();
      const total = Math.round((milliseconds * rate) / 1000);
      let index = 0;
      await Promise.all(
        open.map(async (connection) => {
          for (let mine = index++; mine < total; mine = index++) {
            const due = start + (mine * 1000) / rate;
            const early = due - performance.now();
            if (early > 0) await sleep(early);
            // That a timer is late is not the service's doing.
            await ask(connection, load, early > 0 ? performance.now() : due);
          }
        }),
      );
      return load;
    },
    close: () => open.forEach((connection) => connection.close()),
  };
}
