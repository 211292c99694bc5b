/** A client that sends exactly the headers it is told to, and sees an answer piece by piece. */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Call {
  /** @default 'GET' */
  method?: string;
  /** With the query. */
  path: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON, with its content type. */
  body?: unknown;
  agent?: Agent;
  /** Breaks off the connection. */
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** What was sent, host and length included. */
  sent: Record<string, string>;
  /** Milliseconds from the call to the end of the answer. */
  tookMs: number;
}

export interface OpenAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  sent: Record<string, string>;
  /** The next piece of the body, as the network gives it. */
  next(): Promise<string>;
  rest(): Promise<string>;
  /** Breaks off the connection. */
  leave(): void;
}

/** Sends a request and reads the answer to its end. */
export async function send(origin: string, call: Call): Promise<Answer> {
  const began = performance.now();
  const { status, headers, sent, rest } = await open(origin, call);
  const body = await rest();
  return { status, headers, sent, body, tookMs: performance.now() - began };
}

/** Sends a request and resolves when the head of the answer is here. */
export function open(
  origin: string,
  { method = 'GET', path, headers = {}, body, agent, signal }: Call,
): Promise<OpenAnswer> {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const sent: Record<string, string> = {
    ...headers,
    ...(payload !== undefined && { 'content-length': String(Buffer.byteLength(payload)) }),
    ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    host: new URL(origin).host,
    connection: agent === undefined ? 'close' : 'keep-alive',
  };
  const url = new URL(origin);
  return new Promise((resolve, reject) => {
    const message = request(
      { host: url.hostname, port: url.port, method, path, headers: sent, agent: agent ?? false, signal },
      (response) => {
        const pieces = response.setEncoding('utf8')[Symbol.asyncIterator]();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          sent,
          next: async () => String((await pieces.next()).value ?? ''),
          rest: async () => {
            let rest = '';
            for (;;) {
              const { done, value } = await pieces.next();
              if (done === true) return rest;
              rest += String(value);
            }
          },
          leave: () => message.destroy(),
        });
      },
    );
    message.on('error', reject);
    message.end(payload);
  });
}

/** The headers of an answer that an application set: not those that Node writes by itself. */
export function applicationHeaders(headers: IncomingHttpHeaders): Record<string, unknown> {
  const { date: _, connection: __, 'keep-alive': ___, 'transfer-encoding': ____, ...own } = headers;
  return own;
}
