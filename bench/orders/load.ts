/** Requests at a steady rate, over a few connections, each with a trace id that says which one it is. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECTIONS = 8;

export interface Answered {
  traceId: string;
  /** When, by `performance.now()`. */
  at: number;
}

/** What came of the requests. */
export interface Load {
  /** Those that were answered, in order, one list for each connection. */
  answered: Answered[][];
  /** Answers that are not the application's own, and requests without an answer. */
  wrong: number;
  /** Milliseconds from when a request was due to the end of its answer. */
  latencies: number[];
}

interface Step {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  answer: number;
}

const items = [{ sku: 'lamp-01', quantity: 2 }];
const card = { cardNumber: '4242424242424242', cvv: '739', expiry: '12/29' };
const declined = { ...card, cardNumber: '4000000000000002' };
const customer = { email: 'ada@example.com', name: 'Ada', password: 'correct-horse-battery-staple' };

/** Three reads, an order whose payment is declined, and one request in twenty that fails deep in a service. */
function stepOf(index: number): Step {
  if (index % 20 === 19) {
    return { method: 'POST', path: '/api/orders', body: { items, card, coupon: 'LOYAL25' }, answer: 500 };
  }
  if (index % 4 === 0)
    return { method: 'POST', path: '/api/orders', body: { items, card: declined }, answer: 402 };
  return index % 4 === 1
    ? { method: 'GET', path: '/api/orders/ord_1000', answer: 200 }
    : { method: 'GET', path: '/api/customers/me', answer: 200 };
}

export interface Driver {
  /**
   * Runs for so long, at so many requests a second; requests that get no answer are skipped over.
   *
   * @param phase distinguishes the trace ids of several runs
   */
  run(seconds: number, rate: number, phase?: string): Promise<Load>;
}

/**
 * Signs in, and gives what drives the application.
 *
 * @param name what the trace ids begin with
 */
export async function createDriver(url: string, name: string): Promise<Driver & { setUp: string[] }> {
  const setUp = ['register', 'login', 'order'].map((what) => `${name}-${what}`);
  const agent = new Agent({ keepAlive: true });
  let token = '';
  const send = async (agent: Agent, traceId: string, step: Step): Promise<string | undefined> => {
    const { status, text } = await exchange(agent, url, traceId, token, step);
    return status === step.answer ? text : undefined;
  };
  const [register = '', login = '', order = ''] = setUp;
  await send(agent, register, { method: 'POST', path: '/api/customers', body: customer, answer: 201 });
  const session = await send(agent, login, {
    method: 'POST',
    path: '/api/customers/login',
    body: customer,
    answer: 200,
  });
  ({ token } = JSON.parse(session ?? '{}') as { token: string });
  await send(agent, order, { method: 'POST', path: '/api/orders', body: { items, card }, answer: 201 });
  agent.destroy();
  return {
    setUp,
    async run(seconds, rate, phase = '') {
      const load: Load = { answered: [], wrong: 0, latencies: [] };
      const start = performance.now();
      const total = Math.round(seconds * rate);
      await Promise.all(
        Array.from({ length: CONNECTIONS }, async (_, connection) => {
          const agent = new Agent({ keepAlive: true, maxSockets: 1 });
          const answered: Answered[] = [];
          load.answered.push(answered);
          for (let index = connection; index < total; index += CONNECTIONS) {
            const due = start + (index * 1000) / rate;
            const early = due - performance.now();
            if (early > 0) await sleep(early);
            const traceId = `${name}-${phase}${connection}-${index}`;
            try {
              if ((await send(agent, traceId, stepOf(index))) === undefined) load.wrong++;
              const at = performance.now();
              answered.push({ traceId, at });
              load.latencies.push(at - due);
            } catch {
              load.wrong++;
            }
          }
          agent.destroy();
        }),
      );
      return load;
    },
  };
}

function exchange(
  agent: Agent,
  url: string,
  traceId: string,
  token: string,
  { method, path, body }: Step,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'x-trace-id': traceId,
      'content-length': Buffer.byteLength(text),
      ...(text && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const outgoing = request(`${url}${path}`, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}
