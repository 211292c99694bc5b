/** The transport of every platform: fetch. */
import type { PlatformTransport } from '../../platform/types.ts';
import { toText } from './body.ts';
import { readStart } from './deadline.ts';
import type { Gzip } from './gzip.ts';
import { pack } from './gzip.ts';
import { toWrittenBody } from './written.ts';

/**
 * Sends by the global `fetch`. Redirects are not followed: they would carry the API key elsewhere.
 *
 * @param isNode this fetch is Node's, which takes an iterable of a known length for a body
 */
export function createFetchTransport(gzip: Gzip, isNode = false): PlatformTransport {
  return async (request) => {
    const { url, method, headers, signal, compress, onSent } = request;
    const packed = await pack(toText(request.body), headers, compress ? gzip : undefined);
    const content = isNode
      ? { ...toWrittenBody(packed.body, packed.headers, onSent), duplex: 'half' }
      : packed;
    const response = await fetch(url, { method, signal, redirect: 'manual', ...content } as RequestInit);
    const reader = response.body?.getReader();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers.entries()),
      body: reader === undefined ? '' : await readStart(() => reader.read()),
    };
  };
}
