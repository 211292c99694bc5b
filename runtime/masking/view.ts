/** How an object that is no plain data is shown: by its entries, by what it says of itself, or by a short description. */

/** What to write in place of an object: another value, a list, entries, or its own fields of these names. */
export type View =
  | { as: unknown }
  | { list: Iterable<unknown> }
  | { entries: Iterable<[unknown, unknown]> }
  | { keys: readonly string[] };

/** Never throws: an object that cannot even be looked at is `[Unreadable]`. */
export function toView(value: object): View {
  try {
    return view(value);
  } catch {
    return { as: '[Unreadable]' };
  }
}

function view(value: object): View {
  if (Array.isArray(value)) return { list: value };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag !== 'Object') {
    if (/^(Map|Headers|FormData|URLSearchParams)$/.test(tag))
      return { entries: value as Map<unknown, unknown> };
    if (tag === 'Set') return { list: value as Set<unknown> };
    // Not its own properties: clients hang whole requests and sockets on their errors.
    if (/Error|DOMException/.test(tag))
      return { keys: ['name', 'message', 'code', 'stack', 'cause', 'errors'] };
    if (/^(String|Number|Boolean)$/.test(tag)) return { as: value.valueOf() };
    if (tag === 'RegExp') return { as: String(value) };
    // Nothing of it is read: Next.js, in development, complains of whoever looks at a promise of parameters.
    if (tag === 'Promise') return { as: '[Promise]' };
  }
  const { byteLength, constructor, pipe, toJSON } = value as Record<string, unknown>;
  // Before toJSON: that of a Buffer lists its bytes.
  if (ArrayBuffer.isView(value) || /ArrayBuffer/.test(tag)) {
    return { as: `[${(constructor as () => void).name} ${String(byteLength)} bytes]` };
  }
  if (typeof pipe === 'function' || tag === 'ReadableStream') return { as: '[Stream]' };
  const plain = typeof toJSON === 'function' ? (toJSON.call(value, '') as unknown) : value;
  if (plain !== value) return { as: plain };
  const keys = Object.keys(value);
  return keys.length === 0 && !/^(Object|Arguments)$/.test(tag) ? { as: `[${tag}]` } : { keys };
}
