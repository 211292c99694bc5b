/** The URL of a Node request. */
import type { NodeRequest } from './node-message.ts';

/** Routers of Express take their prefix off `url`. */
export function urlOf({ originalUrl, url }: NodeRequest): string {
  return originalUrl ?? url ?? '/';
}

/** As the client knows it, from behind proxies. */
export function absoluteUrl(request: NodeRequest, url: string): string {
  const [scheme] = /^[a-z][a-z\d+.-]*:\/\//i.exec(url) ?? [];
  // Its case has no meaning, but not everybody who reads it later knows that.
  if (scheme !== undefined) return scheme.toLowerCase() + url.slice(scheme.length);
  const { headers } = request;
  const protocol =
    first(headers['x-forwarded-proto'] ?? headers[':scheme']) ??
    (request.socket?.encrypted === true ? 'https' : 'http');
  const host =
    first(headers['x-forwarded-host']) ?? first(headers['host'] ?? headers[':authority']) ?? 'localhost';
  return `${protocol}://${host}${url}`;
}

/** The first value of a header that may be a list, by commas or as an array. */
export function first(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text !== 'string') return undefined;
  const comma = text.indexOf(',');
  const single = (comma < 0 ? text : text.slice(0, comma)).trim();
  return single === '' ? undefined : single;
}
