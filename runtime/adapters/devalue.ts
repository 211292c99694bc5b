/**
 * What SvelteKit, Astro and Nuxt send from server to browser: values as devalue writes them, a list in which the names of an
 * object stand apart from its values, so that nothing in it could be masked. Here they are made what they were.
 */
import { UNREADABLE } from '../event/written.ts';

/** Numbers that stand for what is in no list. */
const CONSTANTS: Readonly<Record<number, unknown>> = {
  '-1': undefined,
  '-3': NaN,
  '-4': Infinity,
  '-5': -Infinity,
  '-6': -0,
};

/** Begins a list with holes: its length, then places and values. */
const SPARSE = -7;

type List = readonly unknown[];

/**
 * Runs `read` with the value of a text that is JSON, and gives what it makes of that.
 *
 * @param body what was captured of an answer; what is no text is handed back
 * @returns never a text that is still encoded
 */
export function decoded(body: unknown, read: (value: unknown) => unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return read(JSON.parse(body));
  } catch {
    return UNREADABLE;
  }
}

/** The value that such a list is. Objects that refer to each other do so in it. @throws if it is no such list */
export function revive(list: unknown): unknown {
  if (typeof list === 'number') return CONSTANTS[list];
  if (!Array.isArray(list)) throw new TypeError('no list');
  return createReviver(list)(0);
}

function createReviver(list: List): (index: unknown) => unknown {
  const made = new Map<unknown, unknown>();

  function valueAt(index: unknown): unknown {
    if (typeof index !== 'number') throw new TypeError('no index');
    if (index < 0) return CONSTANTS[index];
    if (index >= list.length) throw new RangeError('no such value');
    if (made.has(index)) return made.get(index);
    const written = list[index];
    if (typeof written !== 'object' || written === null) return written;
    if (!Array.isArray(written)) return fill(index, {}, Object.entries(written));
    if (typeof written[0] === 'string') return special(index, written);
    const isSparse = written[0] === SPARSE;
    return fill(index, [], isSparse ? pairs(written.slice(2)) : Object.entries(written));
  }

  function fill(index: number, target: object, entries: readonly [name: string, index: unknown][]): unknown {
    made.set(index, target);
    for (const [name, at] of entries) {
      // A name may be `__proto__`.
      const property = { value: valueAt(at), enumerable: true, writable: true, configurable: true };
      Object.defineProperty(target, name, property);
    }
    return target;
  }

  /** `["Date", "2026-01-01T…"]`, `["Map", 1, 2, 3, 4]`, or of a class of the application's own: `["Money", 1]`. */
  function special(index: number, [type, ...rest]: List): unknown {
    if (type === 'Set') return fill(index, [], Object.entries(rest));
    if (type === 'null') return fill(index, {}, pairs(rest));
    if (type === 'Map') {
      return fill(index, {}, pairs(rest.map((at, place) => (place % 2 === 0 ? valueAt(at) : at))));
    }
    const [content] = rest;
    return typeof content === 'number' ? valueAt(content) : content;
  }

  return valueAt;
}

/** Of names and values, one behind the other. */
function pairs(list: List): [name: string, index: unknown][] {
  return list.flatMap((name, at) => (at % 2 === 0 ? [[String(name), list[at + 1]]] : []));
}
