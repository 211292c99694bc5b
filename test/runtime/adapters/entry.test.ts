/** Handlers that are called by convention: what stands for them, and what is called. */
import { describe, expect, test } from 'vitest';
import { openEntry } from '../../../runtime/adapters/entry.ts';
import type { Through } from '../../../runtime/adapters/entry.ts';

/** Notes what each handler is called with. */
function noting(): { calls: unknown[][]; through: Through } {
  const calls: unknown[][] = [];
  return {
    calls,
    through(handle, args) {
      calls.push(Array.from(args));
      return handle();
    },
  };
}

describe('around a value', () => {
  test('a function has its name, its length and its properties, and is called as before', () => {
    const { calls, through } = noting();
    const schema = Symbol('schema');
    const handler = Object.assign(
      function original(this: unknown, a: number, b: number) {
        return [this, a + b];
      },
      { [schema]: true },
    );
    const GET = openEntry('GET', handler, undefined, through) as typeof handler;
    const self = {};
    expect(GET.call(self, 1, 2)).toEqual([self, 3]);
    expect(calls).toEqual([[1, 2]]);
    expect([GET.name, GET.length, GET[schema]]).toEqual(['original', 2, true]);
  });

  test('a function without a name has the one that it is exported by', () => {
    const { through } = noting();
    const [anonymous] = [async () => {}];
    const GET = openEntry('GET', anonymous, undefined, through);
    expect(GET).toHaveProperty('name', 'GET');
    expect(Object.getPrototypeOf(GET)).toBe(Object.getPrototypeOf(anonymous));
  });

  test.each([undefined, null, 1, { fetch: 1 }])('%s stays itself', (value) => {
    expect(openEntry('GET', value, undefined, noting().through)).toBe(value);
  });

  test('of several, those that are taken out of it', () => {
    const { calls, through } = noting();
    const handlers = {
      GET: (id: number) => id,
      get secret(): never {
        throw new Error('Nobody asked for it');
      },
      other: 1,
    };
    const { GET, other } = openEntry(['GET'], handlers, undefined, through) as typeof handlers;
    expect([GET(7), other]).toEqual([7, 1]);
    expect(calls).toEqual([[7]]);
    expect(openEntry(['GET'], undefined, undefined, through)).toBeUndefined();
  });
});

test('in a function that is declared, all that is in it', () => {
  const { calls, through } = noting();
  function handler(this: unknown, ..._values: unknown[]): unknown {
    return openEntry('handler', () => [this, 'result'], arguments, through);
  }
  expect(handler.call('self', 1, 2)).toEqual(['self', 'result']);
  expect(calls).toEqual([[1, 2]]);
});
