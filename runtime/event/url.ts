/** Paths and URLs as they go into an event. */
import { byteLength } from '#platform';

const MAX_BYTES_PER_CHARACTER = 3;

/** The path alone of a URL or a path: no scheme, host, query or fragment. The name of a job stays as it is. */
export function toEndpoint(target: string): string {
  if (target.startsWith('/')) {
    const end = target.search(/[?#]/);
    return end < 0 ? target : target.slice(0, end);
  }
  if (!/^([a-z][a-z\d+.-]*:\/)?\//i.test(target)) return target;
  return target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

/** How many parts a path or a pattern has. */
export function segments(path: string): number {
  let count = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count++;
  return count;
}

/** Cuts a text to at most so many bytes of UTF-8, the `…` that marks the cut included. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * MAX_BYTES_PER_CHARACTER <= maxBytes || byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, maxBytes - 3)));
  return `${text.slice(0, read)}…`;
}
