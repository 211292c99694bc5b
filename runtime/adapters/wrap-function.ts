/** A function that stands in for another, and that nobody can tell from it but by identity. */

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** How a stand-in calls what it stands for. */
export type CallThrough = (original: AnyFunction, self: unknown, args: unknown[]) => unknown;

/** Own properties of sloppy functions that cannot be defined on another one. */
const UNCOPYABLE = ['arguments', 'caller'];

/**
 * Name, length, own properties, symbols and prototype are the original's: frameworks count parameters to tell an error
 * handler from a handler, look for AsyncFunction, and keep schemas and brands on functions.
 */
export function wrapFunction(original: AnyFunction, callThrough: CallThrough): AnyFunction {
  // A method has no `prototype` of its own, so that the original's can be copied, or be absent as with arrow functions.
  const { '': wrapper } = {
    ''(this: unknown, ...args: unknown[]): unknown {
      return callThrough(original, this, args);
    },
  };
  const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(original);
  for (const name of UNCOPYABLE) delete properties[name];
  Object.defineProperties(wrapper, properties);
  const prototype: object | null = Object.getPrototypeOf(original);
  if (prototype !== Function.prototype) Object.setPrototypeOf(wrapper, prototype);
  return wrapper;
}

/** Puts a stand-in for a method on one object: not to be seen if the method is not, as it is a class's or a prototype's. */
export function replaceMethod<K extends string>(
  owner: Record<K, AnyFunction>,
  name: K,
  callThrough: CallThrough,
): void {
  const value = wrapFunction(owner[name], callThrough);
  const enumerable = Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false;
  Object.defineProperty(owner, name, { value, enumerable, writable: true, configurable: true });
}

/** Stand-ins by what was given and by owner: the same function goes in, the same wrapper comes out. */
export type WrapperCache = WeakMap<object, { original: AnyFunction; byOwner: WeakMap<object, AnyFunction> }>;

/** The stand-in for a function under this owner, made by `wrap` when first asked for. That for a stand-in is its own. */
export function cachedWrapper(
  cache: WrapperCache,
  given: AnyFunction,
  owner: object,
  wrap: (original: AnyFunction) => AnyFunction,
): AnyFunction {
  const entry = cache.get(given) ?? { original: given, byOwner: new WeakMap() };
  let wrapper = entry.byOwner.get(owner);
  if (wrapper === undefined) {
    wrapper = wrap(entry.original);
    entry.byOwner.set(owner, wrapper);
    cache.set(given, entry);
    cache.set(wrapper, entry);
  }
  return wrapper;
}

/** Maps the functions of a handler argument; lists of handlers may nest. Anything else, and an unchanged list, is handed back. */
export function mapHandlers(argument: unknown, wrap: (handler: AnyFunction) => AnyFunction): unknown {
  if (typeof argument === 'function') return wrap(argument as AnyFunction);
  if (!Array.isArray(argument)) return argument;
  const mapped = argument.map((item: unknown) => mapHandlers(item, wrap));
  return mapped.some((item, index) => item !== argument[index]) ? mapped : argument;
}
