import { types } from 'node:util';
import { runInThisContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import type { AnyFunction, WrapperCache } from '../../../runtime/adapters/wrap-function.ts';
import { cachedWrapper, mapHandlers, wrapFunction } from '../../../runtime/adapters/wrap-function.ts';

const sloppy = runInThisContext('(function (a, b) { return this; })') as AnyFunction;

function wrap(original: AnyFunction): AnyFunction {
  return wrapFunction(original, (original, self, args) => Reflect.apply(original, self, args));
}

const BRAND: symbol = Symbol('brand');

const FUNCTIONS: Record<string, () => AnyFunction> = {
  'a declaration': () =>
    function named(a, b) {
      return [a, b];
    },
  'an arrow': () => (a) => a,
  'an async function': () => async (a) => a,
  'an async method': () => ({ async method(_a: unknown, _b: unknown, _c: unknown): Promise<void> {} }).method,
  'a generator': () =>
    function* (a) {
      yield a;
    },
  'a function with defaults':
    () =>
    (a, b = 1) => [a, b],
  'a bound function': () => Math.max.bind(null) as AnyFunction,
  'a class': () => Map as unknown as AnyFunction,
  'a sloppy function': () => sloppy,
  'a frozen function': () => Object.freeze((a: unknown) => a),
  'a Proxy': () => new Proxy((_error: unknown, _a: unknown, _b: unknown, _c: unknown): void => {}, {}),
  'a built-in': () => Array.prototype.map as AnyFunction,
  'a function without a name': () => {
    const anonymous = [(): void => {}][0] as AnyFunction;
    Reflect.deleteProperty(anonymous, 'name');
    return anonymous;
  },
  'a function with things on it': () =>
    Object.defineProperties<AnyFunction>(() => {}, {
      schema: { value: { body: {} }, enumerable: true, writable: true, configurable: true },
      hidden: { value: 1, configurable: false },
      computed: { get: () => 'computed', enumerable: true, configurable: true },
      length: { value: 4, configurable: true },
      [BRAND]: { value: true },
    }),
};

describe.each(Object.entries(FUNCTIONS))('%s, wrapped', (_name, make) => {
  const original = make();
  const wrapper = wrap(original);

  it('looks like itself', () => {
    expect(wrapper).not.toBe(original);
    expect(wrapper.length).toBe(original.length);
    expect(wrapper.name).toBe(original.name);
    expect(wrapper.constructor).toBe(original.constructor);
    expect(Object.getPrototypeOf(wrapper)).toBe(Object.getPrototypeOf(original));
    expect(Object.prototype.toString.call(wrapper)).toBe(Object.prototype.toString.call(original));
  });

  it('has the same things on it', () => {
    const own = Object.getOwnPropertyDescriptors(original) as Record<PropertyKey, PropertyDescriptor>;
    for (const key of Reflect.ownKeys(own)) {
      // Sloppy functions have these, and they cannot be given to another one.
      if (key === 'arguments' || key === 'caller') continue;
      const { value, get, ...flags } = own[key] as PropertyDescriptor;
      const copy = Object.getOwnPropertyDescriptor(wrapper, key);
      expect(copy).toMatchObject(flags);
      expect(Object.is(copy?.value, value) && copy?.get === get).toBe(true);
    }
  });
});

describe('a wrapper', () => {
  it('hands on this, every argument, and what comes back', () => {
    const promise = Promise.resolve(1);
    const original = vi.fn(function (this: unknown, ...args: unknown[]): unknown {
      return args.length === 0 ? this : promise;
    });
    const wrapper = wrap(original);
    const self = {};
    expect(Reflect.apply(wrapper, self, [])).toBe(self);
    expect(Reflect.apply(wrapper, undefined, [])).toBe(undefined);
    expect(Reflect.apply(wrapper, self, [1, undefined])).toBe(promise);
    expect(original.mock.calls).toEqual([[], [], [1, undefined]]);
  });

  it('throws what the original throws, at once', () => {
    const error = new Error('x');
    const wrapper = wrap(() => {
      throw error;
    });
    expect(() => wrapper()).toThrow(error);
  });

  it('gives a sloppy function the this that it would have had', () => {
    expect(wrap(sloppy)()).toBe(globalThis);
  });

  it('cannot be told to be async by its engine, nor be called with new', () => {
    const original = async (): Promise<void> => {};
    expect(wrap(original).constructor.name).toBe('AsyncFunction');
    // What cannot be kept: only a function that is really async has it, and that would give another promise.
    expect(types.isAsyncFunction(original)).toBe(true);
    expect(types.isAsyncFunction(wrap(original))).toBe(false);
    const constructible = wrap(FUNCTIONS['a class']?.() as AnyFunction) as unknown as new () => object;
    expect(() => new constructible()).toThrow(TypeError);
    expect(String(wrap(original))).not.toBe(String(original));
  });
});

describe('the cache', () => {
  const handler: AnyFunction = () => {};
  const owner = {};
  const other = {};

  it('gives the same wrapper for the same function and owner', () => {
    const cache: WrapperCache = new WeakMap();
    const make = vi.fn(wrap);
    const wrapper = cachedWrapper(cache, handler, owner, make);
    expect(cachedWrapper(cache, handler, owner, make)).toBe(wrapper);
    expect(make).toHaveBeenCalledExactlyOnceWith(handler);
    expect(cachedWrapper(cache, handler, other, make)).not.toBe(wrapper);
  });

  it('never wraps a wrapper', () => {
    const cache: WrapperCache = new WeakMap();
    const make = vi.fn(wrap);
    const wrapper = cachedWrapper(cache, handler, owner, make);
    expect(cachedWrapper(cache, wrapper, owner, make)).toBe(wrapper);
    const elsewhere = cachedWrapper(cache, wrapper, other, make);
    expect(make.mock.calls).toEqual([[handler], [handler]]);
    expect(cachedWrapper(cache, handler, other, make)).toBe(elsewhere);
  });
});

describe('a handler argument', () => {
  const handler: AnyFunction = () => {};
  const stand: AnyFunction = () => {};

  it('has its functions wrapped, in lists as well', () => {
    const wrapped = mapHandlers([handler, [handler, 'text']], () => stand) as unknown[];
    expect(wrapped).toEqual([stand, [stand, 'text']]);
  });

  it.each([['/path'], [/pattern/], [undefined], [null], [{ handler }], [7]])(
    'is handed back if it is %s',
    (argument) => {
      expect(mapHandlers(argument, wrap)).toBe(argument);
    },
  );

  it('is the same list if nothing in it changed', () => {
    const list = [handler, ['/path']];
    expect(mapHandlers(list, (handler) => handler)).toBe(list);
  });
});
