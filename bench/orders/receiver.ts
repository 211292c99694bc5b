/** An ingestion API that can be made to fail, and knows what it took. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/**
 * How it behaves: it takes events; nobody listens; it never answers; it answers late; it cuts the connection; it takes
 * events, and the answer is cut; or it refuses, perhaps only what is too large.
 */
export type Behaviour =
  | { how: 'take' | 'down' | 'hang' | 'reset' | 'truncate' }
  | { how: 'slow'; ms: number }
  | { how: 'refuse'; status: number; headers?: Record<string, string>; aboveBytes?: number };

export interface Receiver {
  url: string;
  /** Trace ids of the events that it took and said so, in order of arrival; and of those whose answer was cut. */
  readonly taken: string[];
  readonly cut: string[];
  readonly requests: number;
  /** The most connections that were open at a time. */
  readonly mostSockets: number;
  readonly port: number;
  /** Counts the most connections from now on. */
  forgetSockets(): void;
  become(behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

const ACCEPTED = '{"success":true,"message":"Event accepted","data":{"eventId":"1"}}';

/** Starts it on a free port of 127.0.0.1, taking events. */
export async function startReceiver(): Promise<Receiver> {
  const taken: string[] = [];
  const cut: string[] = [];
  let behaviour: Behaviour = { how: 'take' };
  let requests = 0;
  let sockets = 0;
  let mostSockets = 0;
  let port = 0;
  const server = createServer((request, response) => {
    // A sender that hangs up is none of our business.
    receive(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    mostSockets = Math.max(mostSockets, ++sockets);
    let isOpen = true;
    const left = (): void => {
      if (isOpen) sockets--;
      isOpen = false;
    };
    // The other side has closed it before our own event for that.
    socket.on('end', left).on('close', left);
    socket.on('error', () => {});
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const ids = idsOf(request.url ?? '', body);
    const now = behaviour;
    if (now.how === 'hang') return;
    if (now.how === 'reset' || now.how === 'down') return void request.socket.destroy();
    if (now.how === 'refuse' && body.length > (now.aboveBytes ?? -1)) {
      response.writeHead(now.status, { 'content-type': 'application/json', ...now.headers });
      return void response.end('{"success":false,"message":"Refused"}');
    }
    if (now.how === 'truncate') {
      cut.push(...ids);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ACCEPTED.length });
      response.write(ACCEPTED.slice(0, 20), () => request.socket.destroy());
      return;
    }
    if (now.how === 'slow') await sleep(now.ms);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(ACCEPTED);
    if (!response.destroyed) taken.push(...ids);
  }

  async function listen(): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }

  async function stopListening(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    taken,
    cut,
    get requests() {
      return requests;
    },
    get mostSockets() {
      return mostSockets;
    },
    forgetSockets() {
      mostSockets = sockets;
    },
    async become(next) {
      behaviour = next;
      if (next.how === 'down' && server.listening) await stopListening();
      if (next.how !== 'down' && !server.listening) await listen();
    },
    close: async () => {
      if (server.listening) await stopListening();
    },
  };
}

/** The trace ids of our events; for others, what tells their events apart. */
function idsOf(path: string, body: Buffer): string[] {
  const text = (body[0] === 0x1f ? gunzipSync(body) : body).toString();
  if (path.includes('/envelope/')) return sentryIds(text);
  const parsed = JSON.parse(text) as Ingested | Exported;
  if ('resourceSpans' in parsed) {
    const spans = parsed.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    return spans.filter(({ kind }) => kind === SERVER_SPAN).map(({ spanId }) => spanId);
  }
  return ('events' in parsed ? parsed.events : [parsed]).map(({ traceId }) => traceId);
}

type Ingested = { traceId: string } | { events: { traceId: string }[] };

/** What OpenTelemetry sends. */
interface Exported {
  resourceSpans: { scopeSpans: { spans: { kind: number; spanId: string }[] }[] }[];
}

const SERVER_SPAN = 2;

/** An envelope is lines of JSON: a header, and then a header and a body for each item. A request is a root among spans. */
function sentryIds(envelope: string): string[] {
  const [, item = '{}', body = '{}'] = envelope.split('\n', 3);
  if ((JSON.parse(item) as { type?: string }).type !== 'span') return [];
  const { items } = JSON.parse(body) as { items: { span_id: string; is_segment: boolean }[] };
  return items.filter(({ is_segment }) => is_segment).map(({ span_id }) => span_id);
}
