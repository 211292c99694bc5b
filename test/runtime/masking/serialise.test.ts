import { Readable } from 'node:stream';
import fc from '../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { maskSensitiveData, serialise } from '../../../runtime/masking/serialise.ts';

const masker = createMasker([], true);
const MAX = 100_000;

function written(value: unknown, maxBytes = MAX): unknown {
  const json = serialise(value, masker, maxBytes);
  return json === undefined ? undefined : JSON.parse(json);
}

interface Truncated {
  __truncated: true;
  originalSizeBytes: number;
  maxSizeBytes: number;
  preview: string;
}

class Money {
  amount = 5;
  secret = 's';
  toJSON(): unknown {
    return { amount: this.amount, secret: this.secret };
  }
}

class Self {
  a = 1;
  toJSON(): unknown {
    return this;
  }
}

class Tagged {
  get [Symbol.toStringTag](): string {
    return 'Map';
  }
}

const throwing = {
  ok: 1,
  get bad(): unknown {
    throw new Error('no');
  },
};

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const hostile: object = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error('no');
    },
  },
);

const revokedFunction = Proxy.revocable(() => {}, {});
revokedFunction.revoke();

const hostileFunction = new Proxy(() => {}, {
  get() {
    throw new Error('no');
  },
});

describe('values that JSON has no form for', () => {
  it.each<[string, unknown, unknown]>([
    ['BigInt', { n: 12n, huge: 10n ** 400n }, { n: '12', huge: '[BigInt]' }],
    ['numbers', [-0, NaN, Infinity, 1e21], [0, 'NaN', 'Infinity', 1e21]],
    ['symbols and functions', { s: Symbol('x'), f() {} }, { s: 'Symbol(x)', f: '[Function]' }],
    ['functions with toJSON', Object.assign(() => {}, { toJSON: () => ({ token: 'x' }) }), '[Function]'],
    ['hostile functions', [revokedFunction.proxy, hostileFunction], ['[Function]', '[Function]']],
    ['numbers of cards', [5555555555554444, 5555555555554443, 1e21], ['[MASKED]', 5555555555554443, 1e21]],
    ['symbols with credentials', Symbol('password=x'), 'Symbol(password=[MASKED]'],
    ['names of fields with credentials', { 'Bearer abcdef': 1 }, { 'Bearer [MASKED]': 1 }],
    ['undefined', { a: undefined, b: [undefined] }, { b: [null] }],
    ['dates', [new Date(0), new Date(NaN)], ['1970-01-01T00:00:00.000Z', null]],
    [
      'maps',
      new Map<unknown, unknown>([
        ['a', 1],
        ['token', 'x'],
        [{}, 2],
      ]),
      { a: 1, token: '[MASKED]', '[object]': 2 },
    ],
    ['sets', new Set([1, new Set(['x'])]), [1, ['x']]],
    ['headers', new Headers({ cookie: 'a=b', accept: 'x' }), { accept: 'x', cookie: '[MASKED]' }],
    ['URL parameters', new URLSearchParams('a=1&token=x'), { a: '1', token: '[MASKED]' }],
    [
      'bytes',
      [Buffer.from('abc'), new Uint8Array(2), new ArrayBuffer(4)],
      ['[Buffer 3 bytes]', '[Uint8Array 2 bytes]', '[ArrayBuffer 4 bytes]'],
    ],
    ['URLs', new URL('http://u:p@h/?token=x'), 'http://u:[MASKED]@h/?token=[MASKED]'],
    ['patterns', /a+/g, '/a+/g'],
    ['streams', [Readable.from([]), new ReadableStream()], ['[Stream]', '[Stream]']],
    ['promises', [Promise.resolve(1), new WeakMap()], ['[Promise]', '[WeakMap]']],
    ['boxed values', [Object('a'), Object(1), Object(false)], ['a', 1, false]],
    ['instances with toJSON', new Money(), { amount: 5, secret: '[MASKED]' }],
    ['instances whose toJSON is themselves', new Self(), { a: 1 }],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['throwing getters', throwing, { ok: 1, bad: '[Throws]' }],
    ['throwing toJSON', { toJSON: () => throwing.bad }, '[Unreadable]'],
    ['revoked proxies', [revoked.proxy], ['[Unreadable]']],
    ['hostile proxies', hostile, '[Unreadable]'],
    ['false tags', new Tagged(), {}],
    ['names like __proto__', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])('%s', (_, value, expected) => {
    expect(written(value)).toEqual(expected);
  });

  it('promises are not looked at', () => {
    const seen: unknown[] = [];
    const watched = new Proxy(Promise.resolve({ slug: 'emma' }), {
      get(target, key, receiver) {
        if (typeof key === 'string') seen.push(key);
        return Reflect.get(target, key, receiver) as unknown;
      },
      has: (target, key) => seen.push(key) > 0 && Reflect.has(target, key),
      ownKeys: (target) => (seen.push('its keys'), Reflect.ownKeys(target)),
    });
    expect(written({ params: watched })).toEqual({ params: '[Promise]' });
    expect(seen).toEqual([]);
  });

  it('errors are their name, message, stack and cause', () => {
    const error = Object.assign(new TypeError('bad', { cause: 'x' }), { request: throwing });
    expect(written(error)).toEqual({
      name: 'TypeError',
      message: 'bad',
      stack: expect.any(String),
      cause: 'x',
    });
  });

  it('undefined is nothing', () => {
    expect(serialise(undefined, masker, MAX)).toBeUndefined();
  });
});

describe('references', () => {
  it('marks a cycle, and only a cycle', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared, list: [shared] };
    value['self'] = value;
    expect(written(value)).toEqual({ one: { a: 1 }, two: { a: 1 }, list: [{ a: 1 }], self: '[Circular]' });
  });

  it('ends at a depth that no stack minds', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 10_000; depth++) deep = depth % 2 ? [deep] : { deep };
    expect(JSON.stringify(written(deep))).toContain('[Too deep]');
  });

  it('gives up on what never ends', () => {
    const endless = (): object => ({
      get left() {
        return endless();
      },
      get right() {
        return endless();
      },
    });
    let doubled: unknown = 'leaf';
    for (let level = 0; level < 60; level++) doubled = [doubled, doubled];
    const numbers = new Map([[1, 1]]);
    numbers.entries = numbers[Symbol.iterator] = function* () {
      for (;;) yield [1, 1];
    } as never;
    for (const value of [endless(), doubled, numbers, { sparse: Object.assign([], { length: 1e9 }) }]) {
      expect(written(value)).toMatchObject({ __truncated: true, maxSizeBytes: MAX });
    }
  });
});

it.each<[string, () => unknown]>([
  ['a text', () => 'x'.repeat(1_000_000)],
  ['a credential', () => `Bearer ${'x'.repeat(90_000)}`],
  ['the name of a field', () => ({ ['k'.repeat(1_000_000)]: 1 })],
  ['a symbol', () => Symbol('s'.repeat(1_000_000))],
])('takes no time for %s that stands in very many places', (_, make) => {
  const value = Array.from({ length: 20_000 }, () => 0).fill(make() as never);
  const start = performance.now();
  expect(written(value)).toMatchObject({ __truncated: true });
  // To look at every one would take minutes.
  expect(performance.now() - start).toBeLessThan(5000);
});

describe('size', () => {
  it('keeps what fits to the byte', () => {
    const value = { text: 'é'.repeat(100) };
    const bytes = Buffer.byteLength(JSON.stringify(value));
    expect(written(value, bytes)).toEqual(value);
    expect(written(value, bytes - 1)).toMatchObject({ __truncated: true, originalSizeBytes: bytes });
  });

  it.each<[string, unknown]>([
    ['a text', 'x'.repeat(300_000)],
    ['a long text', 'ü'.repeat(5_000_000)],
    ['a text with quotes', '"\n'.repeat(200_000)],
    ['many fields', Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index]))],
    ['many texts', Array.from({ length: 2000 }, () => 'y'.repeat(100))],
  ])('of %s that is too large is told exactly, with its first 2000 characters', (_, value) => {
    const json = JSON.stringify(value);
    const truncated = written(value) as Truncated;
    expect(truncated).toEqual({
      __truncated: true,
      originalSizeBytes: Buffer.byteLength(json),
      maxSizeBytes: MAX,
      preview: truncated.preview,
    });
    expect(json.slice(0, 1990)).toBe(truncated.preview.slice(0, 1990));
    expect(truncated.preview.length).toBeLessThanOrEqual(2000);
  });

  it('counts as exceeded when a part was left out', () => {
    const empty = Object.fromEntries(
      Array.from({ length: 300_000 }, (_, index) => [`key${index}`, undefined]),
    );
    expect(written([empty, 'tail'])).toMatchObject({ __truncated: true });
  });

  it('is told from below where counting would take too long', () => {
    const value = Array.from({ length: 1_000_000 }, () => 1);
    const { originalSizeBytes } = written(value) as Truncated;
    expect(originalSizeBytes).toBeGreaterThan(2 * MAX);
    expect(originalSizeBytes).toBeLessThan(2_000_002);
  });

  it('does not count what is masked, and masks the preview', () => {
    expect(written({ password: 'x'.repeat(10 * MAX), a: 1 })).toEqual({ password: '[MASKED]', a: 1 });
    const { preview } = written({ token: 't', text: `Bearer abc ${'x'.repeat(MAX)}` }) as Truncated;
    expect(preview.startsWith('{"token":"[MASKED]","text":"Bearer [MASKED] xxx')).toBe(true);
  });
});

it('writes what JSON.stringify writes, if nothing is secret', () => {
  const plain = createMasker([], false);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(JSON.parse(serialise(value, plain, 1e6) ?? '')).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('makes JSON of any value, whatever the limit', () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  });
  fc.assert(
    fc.property(anything, fc.nat(300), (value, maxBytes) => {
      const json = serialise(value, masker, maxBytes);
      if (value === undefined) return;
      const parsed = JSON.parse(json ?? '') as Truncated | null;
      if (Buffer.byteLength(json ?? '') > maxBytes) expect(parsed).toMatchObject({ __truncated: true });
    }),
    { numRuns: 500 },
  );
});

describe('maskSensitiveData', () => {
  it('copies plain data with its secrets masked', () => {
    const value = { Password: 'a', list: [{ 'x-api-key': 'b', ssn: 'c' }], text: 'Bearer abc', n: null };
    expect(maskSensitiveData(value, ['SSN'])).toEqual({
      Password: '[MASKED]',
      list: [{ 'x-api-key': '[MASKED]', ssn: '[MASKED]' }],
      text: 'Bearer [MASKED]',
      n: null,
    });
    expect(value.Password).toBe('a');
    expect(maskSensitiveData(undefined)).toBeUndefined();
  });
});
