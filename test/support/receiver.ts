/** An ingestion API to test against: it keeps what it is sent, and answers as it is told. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';

/** How to answer: a status with headers and body, never, or by cutting the connection. */
export type Answer =
  | { status: number; headers?: Record<string, string>; body?: string; afterMs?: number }
  | 'hang'
  | 'reset';

export interface ReceivedRequest {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  /** Unpacked, if it was sent with gzip. */
  body: string;
  /** What it had on the wire. */
  bytes: number;
  at: number;
  /** The events of a single or a bulk request. */
  events: ReplayStackEvent[];
}

export interface Receiver extends AsyncDisposable {
  /** Base URL, for the option `endpoint`. */
  url: string;
  requests: ReceivedRequest[];
  /** Decides on each request; 200 unless replaced. */
  answer: (request: ReceivedRequest, index: number) => Answer;
  /** Every event of every request that was answered with success, in order of arrival. */
  accepted(): ReplayStackEvent[];
  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<ReceivedRequest[]>;
  /** Connections open now, and how many there were at a time at most. */
  connections: { open: number; most: number };
}

const ACCEPTED = '{"success":true,"message":"Event accepted","data":{"eventId":"1"}}';

/**
 * Starts a receiver on a free port of 127.0.0.1.
 *
 * @param keepAliveMs how long a connection is kept open for the next request
 */
export async function startReceiver(keepAliveMs = 5000): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const successes: ReceivedRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const isPacked = request.headers['content-encoding'] === 'gzip';
    const body = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
    const received: ReceivedRequest = {
      path: request.url ?? '',
      method: request.method ?? '',
      headers: request.headers,
      body,
      bytes: bytes.length,
      at: performance.now(),
      events: eventsOf(body),
    };
    const answer = receiver.answer(received, requests.push(received) - 1);
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    if (answer.status < 300) successes.push(received);
    if (answer.afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.afterMs));
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body ?? ACCEPTED);
  }

  const receiver: Receiver = {
    url: '',
    requests,
    answer: () => ({ status: 200 }),
    accepted: () => successes.flatMap(({ events }) => events),
    async arrived(count) {
      if (requests.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return requests;
    },
    connections: { open: 0, most: 0 },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.keepAliveTimeout = keepAliveMs;
  server.on('connection', (socket) => {
    const { connections } = receiver;
    connections.most = Math.max(connections.most, ++connections.open);
    let isOpen = true;
    const left = (): void => {
      if (isOpen) connections.open--;
      isOpen = false;
    };
    // The other side has closed it before our own event for that.
    socket.on('end', left).on('close', left);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

function eventsOf(body: string): ReplayStackEvent[] {
  try {
    const parsed = JSON.parse(body) as ReplayStackEvent | { events: ReplayStackEvent[] };
    return 'events' in parsed ? parsed.events : [parsed];
  } catch {
    return [];
  }
}
