/** Values as devalue itself writes them. */
import { stringify } from 'devalue';
import fc from '../../support/properties.ts';
import { expect, test } from 'vitest';
import { decoded, revive } from '../../../runtime/adapters/devalue.ts';

const read = (value: unknown): unknown => decoded(stringify(value), revive);

test('names stand by their values again', () => {
  const order = { id: 7, card: { token: 'SECRET' }, items: [{ sku: 'lamp' }, null, undefined] };
  expect(read(order)).toEqual(order);
});

test('what is known to devalue alone is what it can be in JSON', () => {
  expect(
    read({
      at: new Date(0),
      seen: new Set(['a', 'b']),
      stock: new Map([['lamp', { token: 1 }]]),
      none: Object.assign(Object.create(null) as object, { secret: 'x' }),
      big: 12n,
      odd: [NaN, Infinity, -Infinity, -0],
    }),
  ).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    seen: ['a', 'b'],
    stock: { lamp: { token: 1 } },
    none: { secret: 'x' },
    big: '12',
    odd: [NaN, Infinity, -Infinity, -0],
  });
});

test('lists with holes', () => {
  const list: unknown[] = [];
  list[1_000] = { token: 'x' };
  expect((read({ list }) as { list: unknown[] }).list[1_000]).toEqual({ token: 'x' });
});

test('objects that refer to each other do so', () => {
  const parent: Record<string, unknown> = { name: 'p' };
  parent['child'] = { parent };
  const made = read(parent) as { child: { parent: unknown } };
  expect(made.child.parent).toBe(made);
});

test('a class of the own goes by what it was made of', () => {
  class Money {
    cents: number;
    constructor(cents: number) {
      this.cents = cents;
    }
  }
  const text = stringify(
    { price: new Money(5) },
    { Money: (value) => value instanceof Money && { cents: value.cents } },
  );
  expect(decoded(text, revive)).toEqual({ price: { cents: 5 } });
});

test('whatever JSON can hold comes back', () => {
  // devalue refuses to write a name that is `__proto__`.
  const values = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"'));
  fc.assert(
    fc.property(values, (value) => {
      expect(read(value)).toEqual(value);
    }),
  );
});

test('a name that is `__proto__` is a name', () => {
  const made = decoded('[{"__proto__":1},{"token":2},"x"]', revive) as object;
  expect(Object.keys(made)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
});

test.each(['not JSON', '{"a":1}', '[{"a":9}]', '[{"a":"b"}]', '[]', '[[0,1,'])(
  '%s is not captured',
  (text) => {
    expect(decoded(text, revive)).toEqual({ captured: false, reason: 'Encoded body not captured' });
  },
);

test('what is no text stays what it is', () => {
  const streaming = { captured: false };
  expect(decoded(streaming, revive)).toBe(streaming);
});
