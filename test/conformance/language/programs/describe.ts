/** What can be seen of a value, as text that is the same for the same program: objects are numbered in the order they turn up. */

export type Describe = (value: unknown) => string;

export function createDescribe(): Describe {
  const numbers = new Map<unknown, number>();
  const numberOf = (value: unknown): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  };
  return (value) => {
    switch (typeof value) {
      case 'function':
        return `function#${numberOf(value)}`;
      case 'object':
        return value === null ? 'null' : `${inside(value)}#${numberOf(value)}`;
      case 'bigint':
        return `${value}n`;
      case 'string':
        return value;
      default:
        return Object.is(value, -0) ? '-0' : String(value);
    }
  };
}

/** A program's proxies tell of every look at them; so they are looked at through descriptors of what they say they are. */
function inside(value: object): string {
  try {
    if (value instanceof Error) return `${value.name}: ${withoutSource(value.message)}`;
    if (Array.isArray(value)) return `[${value.map((item) => typeof item).join()}]`;
    return Object.prototype.toString.call(value);
  } catch {
    return 'an object that throws';
  }
}

/**
 * V8 names what is no constructor by its text, which is another's once there is more in it; and esbuild numbers a name that blocks
 * declare anew by how many there are like it.
 */
function withoutSource(message: string): string {
  return message.replace(/^[\s\S]* (?=is not a constructor$)/, '').replaceAll(/\$rs\d+/g, '$rs');
}

/** Marks of Node 20's, on each promise of a process in which somebody has an AsyncLocalStorage. */
const NODE = new Set(['kResourceStore', 'async_id_symbol', 'trigger_async_id_symbol']);

export function ownKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => typeof key !== 'symbol' || !NODE.has(key.description ?? ''));
}

/** Name, length, attributes, prototypes: all of a function that can be told without its text. */
export function shapeOf(value: object, describe: Describe): string {
  const descriptors = Object.getOwnPropertyDescriptors(value) as Record<PropertyKey, PropertyDescriptor>;
  const own = ownKeys(descriptors).map((key) => {
    const { writable, enumerable, configurable, get, set, ...rest } = descriptors[key] as PropertyDescriptor;
    const flags = [writable && 'w', enumerable && 'e', configurable && 'c'].filter(Boolean).join('');
    const accessors = [get, set].map((one) => one && `${one.name}/${one.length}`).join();
    const held: unknown = rest.value;
    const named = typeof held === 'function' ? `${held.name}/${held.length}` : describe(held);
    return `${String(key)}:${flags}:${(get ?? set) ? accessors : named}`;
  });
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return `${own.join(' ')} < ${String(prototype?.constructor?.name)} ${Object.isExtensible(value)}`;
}
