/** Headers that `writeHead` is given as an array, in which a name may come more than once. */
import type { NodeResponse } from './node-message.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

/** Prototypes of responses that have been seen, each copy of them once. */
let seen: WeakSet<object> | undefined;

/**
 * Behind a header that was set before, Node sets those of an array one by one: on Node 20 only the last of a name is left, and
 * pairs are refused by every version. So where the one set before is ours, each name comes once, with all of its values. Not on each
 * response: a method of its own takes 15 microseconds of it.
 */
export function keepRepeatedHeaders(response: NodeResponse, ours: string): void {
  const prototype = Object.getPrototypeOf(response) as object | null;
  seen ??= new WeakSet();
  if (prototype === null || seen.has(prototype)) return;
  seen.add(prototype);
  let owner: object | null = prototype;
  while (owner !== null && !Object.hasOwn(owner, 'writeHead'))
    owner = Object.getPrototypeOf(owner) as object | null;
  // That of an application, which stands in front, is one of these.
  if (owner === null || (owner !== prototype && seen.has(owner))) return;
  seen.add(owner);
  try {
    replaceMethod(owner as Record<'writeHead', AnyFunction>, 'writeHead', (writeHead, self, args) => {
      const at = args.findIndex(Array.isArray);
      if (at > 0 && Object.keys((self as NodeResponse).getHeaders()).join() === ours)
        args[at] = byName(args[at] as unknown[]);
      return Reflect.apply(writeHead, self, args);
    });
  } catch {
    // It cannot be changed.
  }
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
