/** Requests that the application sends: by `fetch` and undici, and by `node:http` and `node:https`. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isControlFlow } from '../observe/control-flow.ts';
import type { Observation } from '../platform/types.ts';
import { keepOfRequest, keptOfRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import type { OutboundCall } from './call.ts';
import { audible, beginOutbound, endOutbound, reasonOf } from './call.ts';
import type { Listeners } from './channels.ts';
import { createPropagation } from './propagate.ts';

/** A request of undici's, of version 5 and later. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  /** Names and values by turns; with undici 5, lines. */
  readonly headers: unknown;
  addHeader(name: string, value: string): unknown;
}

const MAX_URL_LENGTH = 2048;

/** What listens to requests; nothing if they neither leave breadcrumbs nor take anything along. */
export function httpListeners({ options, masker, activeScope }: Observation): Listeners {
  const { captureOutbound } = options;
  const propagation = createPropagation(options);
  if (!captureOutbound && propagation === undefined) return {};

  function begin(scope: Scope, request: UndiciRequest | ClientRequest, url: string): void {
    const { method } = request;
    // A tunnel is not the call that goes through it.
    if (method === 'CONNECT') return;
    if (captureOutbound) {
      const shown = masker.url(url).slice(0, MAX_URL_LENGTH);
      const message = `${method} ${shown.replace(/[?#].*$/s, '')}`;
      keepOfRequest(request, beginOutbound(scope, message, 'http', { method, url: shown }));
    }
    if ('headersSent' in request && request.headersSent) return;
    for (const [name, value] of Object.entries(propagation?.(url, scope) ?? {})) {
      addHeader(request, name, value);
    }
  }
  function answered(request: object, statusCode: number): void {
    const call = callOf(request);
    // Others follow one that only informs, but for that which changes the protocol.
    if (call === undefined || (statusCode < 200 && statusCode !== 101)) return;
    endOutbound(call, statusCode >= 500 ? 'error' : statusCode >= 400 ? 'warning' : 'info', { statusCode });
  }
  function failed({ request, error }: { request: object; error: unknown }): void {
    const call = callOf(request);
    if (call === undefined) return;
    endOutbound(call, isControlFlow(error) ? 'warning' : 'error', { error: reasonOf(error) });
  }
  /** From Node.js 22.12 on it is told when it is made, with headers still to come, and always when it has been written. */
  function beginNodes({ request }: { request: ClientRequest }): void {
    const scope = audible(activeScope());
    if (scope !== undefined && callOf(request) === undefined) begin(scope, request, urlOf(request));
  }

  return {
    'undici:request:create': ({ request }: { request: UndiciRequest }) => {
      const scope = audible(activeScope());
      if (scope !== undefined) begin(scope, request, join(request.origin, request.path));
    },
    'undici:request:headers': (message: { request: object; response: { statusCode: number } }) =>
      answered(message.request, message.response.statusCode),
    'undici:request:error': failed,
    'http.client.request.created': beginNodes,
    'http.client.request.start': beginNodes,
    'http.client.response.finish': (message: { request: object; response: IncomingMessage }) =>
      answered(message.request, message.response.statusCode ?? 0),
    'http.client.request.error': failed,
  };
}

function callOf(request: object): OutboundCall | undefined {
  return keptOfRequest(request) as OutboundCall | undefined;
}

/** To a proxy, the path may be a whole URL. */
function join(origin: string | URL, path: string): string {
  return path.startsWith('/') ? String(origin).replace(/\/$/, '') + path : path;
}

/** Its port is nowhere but in a header, and that is the application's: it may name another host. */
function urlOf(request: ClientRequest): string {
  const host = request.host.includes(':') ? `[${request.host}]` : request.host;
  const header = String(request.getHeader('host') ?? '');
  const authority = header.startsWith(`${host}:`) ? header : host;
  return join(`${request.protocol}//${authority}`, request.path);
}

/** Unless the application has it. */
function addHeader(request: UndiciRequest | ClientRequest, name: string, value: string): void {
  if ('addHeader' in request) {
    if (!hasHeader(request, name)) request.addHeader(name, value);
  } else if (!request.hasHeader(name)) request.setHeader(name, value);
}

function hasHeader({ headers }: UndiciRequest, name: string): boolean {
  if (!Array.isArray(headers)) return new RegExp(`^${name}:`, 'im').test(String(headers));
  return headers.some((item, index) => index % 2 === 0 && String(item).toLowerCase() === name);
}
