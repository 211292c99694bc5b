/** Headers that `writeHead` is given as an array, in which a name may come more than once. */
import type { NodeResponse } from './node-message.ts';

/**
 * Behind a header that was set before, Node sets those of an array one by one: on Node 20 only the last of a name is left, and
 * pairs are refused by every version. So where the one set before is ours, each name comes once, with all of its values.
 */
export function keepRepeatedHeaders(response: NodeResponse, ours: string): void {
  const { writeHead } = response;
  if (writeHead === undefined) return;
  response.writeHead = function (this: unknown, ...args) {
    const at = args.findIndex(Array.isArray);
    if (at > 0 && Object.keys(response.getHeaders()).join() === ours)
      args[at] = byName(args[at] as unknown[]);
    return Reflect.apply(writeHead, this, args);
  };
}

/** A flat array in which no name repeats; what Node refuses is handed back. */
function byName(given: unknown[]): unknown[] {
  const flat = Array.isArray(given[0]) ? given.flat() : given;
  const headers = new Map<string, [name: string, value: unknown]>();
  for (let at = 0; at < flat.length; at += 2) {
    const [name, value] = [flat[at], flat[at + 1]];
    if (typeof name !== 'string' || value === undefined) return given;
    const key = name.toLowerCase();
    const header = headers.get(key);
    if (header === undefined) headers.set(key, [name, value]);
    else header[1] = [header[1], value].flat();
  }
  return [...headers.values()].flat();
}
