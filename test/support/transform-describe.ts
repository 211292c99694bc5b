/** Everything that can be seen of a value, in words that are the same for values that look the same. */
import { types } from 'node:util';

/** All that a program can find out about a value without calling it. */
export function reflect(value: unknown): unknown {
  if (typeof value !== 'function') return value;
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, descriptor]) => {
    const { writable, enumerable, configurable } = descriptor;
    return `${key}:${[writable, enumerable, configurable].map(Number).join('')}`;
  });
  return [
    `name ${JSON.stringify(value.name)}`,
    `length ${value.length}`,
    value.constructor.name,
    Object.prototype.toString.call(value),
    types.isAsyncFunction(value) ? 'async' : 'not async',
    isConstructor(value) ? 'constructor' : 'no constructor',
    `own ${descriptors.join(' ')}`,
  ];
}

function isConstructor(value: object): boolean {
  try {
    Reflect.construct(Object, [], value as never);
    return true;
  } catch {
    return false;
  }
}

/** A value in words; of an error its name and message, since stacks differ. */
export function describe(value: unknown, depth = 0): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === 'function') return `[${value.constructor.name} ${value.name}/${value.length}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'bigint' ? `${value}n` : String(value);
  if (value instanceof Error) {
    const cause = value.cause === undefined ? '' : ` because of ${describe(value.cause, depth + 1)}`;
    return `[${value.name}: ${value.message}${cause}]`;
  }
  if (depth > 4) return '…';
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, depth + 1)).join(', ')}]`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (!/^(Object|Module)$/.test(tag)) return `[${tag}]`;
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${describe(item, depth + 1)}`);
  return `{${entries.join(', ')}}`;
}
