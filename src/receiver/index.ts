/** A local ReplayStack: an HTTP server that speaks the ingestion API, strictly, and keeps what it was sent. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { isRecord } from './checks.ts';
import { parseBulk, parseEvent } from './parse-body.ts';
import { readBody } from './read-body.ts';
import { createWaiting, type WaitFor } from './waiting.ts';

const SINGLE = '/api/v1/ingest/events';
const BULK = '/api/v1/ingest/bulk-events';

/** An HTTP answer; `body` is sent as JSON. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface IncomingRequest {
  method: string;
  /** With the query. */
  path: string;
  /** Lower-case names. */
  headers: IncomingHttpHeaders;
  /** After unpacking; empty where it could not be read. */
  body: string;
}

/** A request and what became of it. */
export interface ReceivedRequest extends IncomingRequest {
  /** Of the answer; 0 where the connection was broken off instead. */
  status: number;
  /** The answer's own words: for a 400, each thing that is wrong with the body. */
  message: string;
}

export type Intercepted = Answer | 'hang up' | undefined;

export interface ReceiverOptions {
  /** @default 0 any free port */
  port?: number;
  /** The one key that is accepted; without it any key is, but none is still refused. */
  apiKey?: string;
  /**
   * Answers in the receiver's stead, to play one that is down, slow or old: an answer, `'hang up'` to break the
   * connection, or `undefined` to let the receiver answer.
   */
  intercept?: (request: IncomingRequest) => Intercepted | Promise<Intercepted>;
}

export interface Receiver {
  /** Without a slash at its end: what REPLAYSTACK_ENDPOINT takes. */
  url: string;
  /** The accepted events, in the order of arrival. */
  events: ReplayStackEvent[];
  requests: ReceivedRequest[];
  waitFor: WaitFor;
  /** Ends the server and every connection to it. */
  close(): Promise<void>;
}

function refuse(status: number, message: string): Answer {
  return { status, body: { success: false, message } };
}

/** Either header will do, but where both are sent they carry the same key. */
function isAuthorised(headers: IncomingHttpHeaders, apiKey: string | undefined): boolean {
  const canonical = headers['x-tracereplay-api-key'];
  const older = headers['x-replaystack-api-key'];
  const sent = canonical ?? older;
  return Boolean(sent) && sent === (older ?? sent) && sent === (apiKey ?? sent);
}

function outcome(answer: Answer | 'hang up'): { status: number; message: string } {
  if (answer === 'hang up') return { status: 0, message: '' };
  const message = isRecord(answer.body) ? answer.body['message'] : undefined;
  return { status: answer.status, message: typeof message === 'string' ? message : '' };
}

/**
 * Starts a receiver on 127.0.0.1.
 *
 * @returns once it listens; rejects when the port is taken
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const events: ReplayStackEvent[] = [];
  const requests: ReceivedRequest[] = [];
  const waiting = createWaiting(events);

  function accept(path: string, text: string): Answer {
    const parsed = path === SINGLE ? parseEvent(text) : parseBulk(text);
    if ('problems' in parsed) return refuse(400, parsed.problems.join('; '));
    events.push(...parsed.events);
    const ids = parsed.events.map(() => randomUUID());
    const body =
      path === SINGLE
        ? { success: true, message: 'Event accepted', data: { eventId: ids[0] } }
        : { success: true, message: 'Events accepted', data: { eventIds: ids } };
    return { status: 200, body };
  }

  function judge({ method, path, headers, body }: IncomingRequest): Answer {
    if (path !== SINGLE && path !== BULK) return refuse(404, `Nothing at ${path}`);
    if (method !== 'POST')
      return { ...refuse(405, `${method} is not allowed, POST is`), headers: { allow: 'POST' } };
    if (!isAuthorised(headers, options.apiKey)) return refuse(401, 'Invalid API key');
    if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
      return refuse(400, `content-type must be application/json, not ${headers['content-type'] ?? 'absent'}`);
    }
    return accept(path, body);
  }

  async function receive(message: IncomingMessage): Promise<Answer | 'hang up'> {
    const body = await readBody(message);
    const request: IncomingRequest = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: 'text' in body ? body.text : '',
    };
    const intercepted = await options.intercept?.(request);
    const answer = intercepted ?? ('text' in body ? judge(request) : refuse(body.status, body.message));
    requests.push({ ...request, ...outcome(answer) });
    return answer;
  }

  const server = createServer((message, response) => {
    receive(message)
      .then((answer) => {
        if (answer === 'hang up') {
          response.destroy();
        } else {
          response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
          response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
        }
        waiting.check();
      })
      // The sender hung up while we read.
      .catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    requests,
    waitFor: waiting.waitFor,
    async close() {
      waiting.cancel();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
