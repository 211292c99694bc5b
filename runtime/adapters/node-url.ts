/** The URL of a Node request. */
import { HOST, PROTOCOL } from './forwarded.ts';
import type { NodeRequest } from './node-message.ts';

/** Routers of Express take their prefix off `url`. */
export function urlOf({ originalUrl, url }: NodeRequest): string {
  return originalUrl ?? url ?? '/';
}

/** As the client knows it, from behind proxies: always one of http or https, to a host. */
export function absoluteUrl(request: NodeRequest, url: string): string {
  const { headers, socket } = request;
  const [, scheme, rest] = /^([a-z][a-z\d+.-]*):\/\/(.*)/is.exec(url) ?? [];
  const told = scheme ?? first(headers['x-forwarded-proto'] ?? headers[':scheme']) ?? '';
  // Its case has no meaning, but not everybody who reads it later knows that.
  const protocol = PROTOCOL.test(told) ? told.toLowerCase() : socket?.encrypted === true ? 'https' : 'http';
  if (scheme !== undefined) return `${protocol}://${rest}`;
  const host = hostOf(headers['x-forwarded-host']) ?? hostOf(headers['host'] ?? headers[':authority']);
  return `${protocol}://${host ?? 'localhost'}${url}`;
}

function hostOf(header: unknown): string | undefined {
  const name = first(header);
  return name !== undefined && HOST.test(name) ? name : undefined;
}

/** The first value of a header that may be a list, by commas or as an array. */
export function first(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text !== 'string') return undefined;
  const comma = text.indexOf(',');
  const single = (comma < 0 ? text : text.slice(0, comma)).trim();
  return single === '' ? undefined : single;
}
