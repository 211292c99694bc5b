/** What goes along with a call, so that the service at its other end knows the request that it is made for. */
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { Scope } from '../scope.ts';

/**
 * Which hosts are given the trace id: by name, with its port if it is to be that one alone, `*.example.com` for those
 * below, `*` for all, and no other star; by an expression for name and port; or by what a function says of the URL.
 */
export type Propagate = readonly (string | RegExp)[] | ((url: URL) => boolean);

/** Gives the headers for a URL; undefined for those that get none. */
export type Propagation = (url: string, scope: Scope) => Record<string, string> | undefined;

/** Undefined if no host at all is given anything. */
export function createPropagation({ propagate }: ResolvedOptions): Propagation | undefined {
  if (typeof propagate !== 'function' && propagate.length === 0) return undefined;
  const isAllowed =
    typeof propagate === 'function'
      ? propagate
      : (url: URL): boolean => propagate.some((pattern) => matches(pattern, url));
  return (url, { traceId }) => {
    // Of a request that is ignored there is none.
    if (traceId === '' || !URL.canParse(url) || !isAllowed(new URL(url))) return undefined;
    const headers: Record<string, string> = { traceparent: toTraceparent(traceId) };
    if (/^[\x21-\x7e]+$/.test(traceId)) headers['x-trace-id'] = traceId;
    return headers;
  };
}

function matches(pattern: string | RegExp, { host, hostname }: URL): boolean {
  // Not `test`, which goes on where the last one ended if the expression is global.
  if (typeof pattern !== 'string') return host.search(pattern) >= 0;
  const name = pattern.toLowerCase();
  return [hostname, host].some((one) => (name.startsWith('*') ? one.endsWith(name.slice(1)) : one === name));
}

/**
 * The trace id as W3C Trace Context has it, with an id for the call itself. A UUID is told as it is; of any other id, the
 * same one always gives the same.
 */
export function toTraceparent(traceId: string): string {
  const digits = traceId.replaceAll('-', '').toLowerCase();
  const trace = /^(?!0+$)[\da-f]{32}$/.test(digits) ? digits : digest(traceId);
  // The version among the digits of a UUID keeps them from being all zero.
  return `00-${trace}-${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}-01`;
}

function digest(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
