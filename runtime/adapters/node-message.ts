/** Requests and responses of Node's, as far as they are used, and what tells them from other values. */
import type { HeaderRecord } from '../protocol.ts';

/** The parts of Node's IncomingMessage, as frameworks extend it, that are read here. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: HeaderRecord;
  socket?: { remoteAddress?: string | undefined; encrypted?: boolean };
  /** Express: the url before a router took its prefix off. */
  originalUrl?: string;
  /** Express: that prefix, and the parameters in it. */
  baseUrl?: string;
  params?: object;
  /** Express: the client's address, as far as proxies are trusted. */
  ip?: string | undefined;
  /** What a body parser left. */
  body?: unknown;
  /** What stands in for a request of Node's: what the platform gave along, if anything. */
  __unenv__?: { _platform?: { cloudflare?: { env?: unknown } } } | undefined;
}

/** The parts of Node's ServerResponse that are used here. */
export interface NodeResponse {
  statusCode: number;
  headersSent: boolean;
  writableFinished: boolean;
  writableEnded?: boolean;
  /** What Node has put together, or null: status line and headers. */
  _header?: unknown;
  getHeaders(): Record<string, string | string[] | number | undefined>;
  setHeader(name: string, value: string): unknown;
  on(event: 'close' | 'finish', listener: () => void): unknown;
  writeHead?: (...args: unknown[]) => unknown;
  write: (...args: unknown[]) => unknown;
  end: (...args: unknown[]) => unknown;
}

/** Whether a value has what is used of a request. */
export function isNodeRequest(value: unknown): value is NodeRequest {
  return typeof value === 'object' && value !== null && 'headers' in value && 'url' in value;
}

/** Whether a value has what is used of a response. */
export function isNodeResponse(value: unknown): value is NodeResponse {
  return typeof value === 'object' && value !== null && 'setHeader' in value && 'end' in value;
}

/** Whether it is one of those that h3 1 and Nitro make where there is no server of Node's. */
export function standsIn(request: NodeRequest): boolean {
  return '__unenv__' in request;
}

/** Whether all of it is out. Those of light-my-request, which Fastify's `inject()` makes, close before they know. */
export function isFinished(response: NodeResponse): boolean {
  return response.writableFinished || (response.writableEnded === true && '_lightMyRequest' in response);
}

/** The status that was sent, if any: h3 1 sets another for an error that comes later. */
export function sentStatus({ _header, statusCode }: NodeResponse): number {
  return Number(String(_header).slice(9, 12)) || statusCode;
}
