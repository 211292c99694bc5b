/** Queues, and the parcels in them. */
import fc from '../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import type { Parcel } from '../../../runtime/delivery/parcel.ts';
import { contentOf, createParcel, empty, end, fill, pack, textOf } from '../../../runtime/delivery/parcel.ts';
import { createQueue, toBatches } from '../../../runtime/delivery/queue.ts';

function parcelOf(id: number, bytes = 1): Parcel {
  const parcel = createParcel(id);
  fill(parcel, 'x'.repeat(bytes));
  return parcel;
}

const ids = (parcels: readonly Parcel[]): number[] => parcels.map(({ id }) => id);

describe('a queue', () => {
  it('has its parcels in order, whatever the order they came in', () => {
    const queue = createQueue();
    for (const id of [3, 5, 1, 4, 2]) queue.add(parcelOf(id));
    expect(ids(queue.take(9, Infinity))).toEqual([1, 2, 3, 4, 5]);
    expect([queue.length, queue.bytes]).toEqual([0, 0]);
  });

  it('gives at least one, however large', () => {
    const queue = createQueue();
    queue.add(parcelOf(1, 100));
    expect(ids(queue.take(5, 10))).toEqual([1]);
    expect(queue.take(5, 10)).toEqual([]);
  });

  it('does not keep the last one either if it is too large', () => {
    const queue = createQueue();
    for (const id of [1, 2]) queue.add(parcelOf(id, id * 100));
    expect(ids(queue.trim(5, 150))).toEqual([1, 2]);
  });

  it('says which parcels are in it', () => {
    const queue = createQueue();
    const [first, second] = [parcelOf(1), parcelOf(2)];
    queue.add(first);
    queue.add(second);
    queue.remove([second, parcelOf(3)]);
    expect([first.waits, second.waits]).toEqual([true, false]);
    expect(ids(queue.take(9, Infinity))).toEqual([1]);
    expect(first.waits).toBe(false);
  });

  it('does what a sorted list does, in any order of calls', () => {
    const call = fc.oneof(
      fc.record({ add: fc.nat(50), bytes: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ take: fc.nat(9), maxBytes: fc.nat(30) }),
      fc.record({ trim: fc.nat(200), maxBytes: fc.nat(500) }),
      fc.record({ remove: fc.array(fc.nat(50), { maxLength: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 300 }), (calls) => {
        const queue = createQueue();
        let list: Parcel[] = [];
        for (const one of calls) {
          if ('add' in one) {
            const parcel = parcelOf(one.add, one.bytes);
            queue.add(parcel);
            list = [...list, parcel].sort((a, b) => a.id - b.id);
          } else if ('remove' in one) {
            const gone = list.filter(({ id }) => one.remove.includes(id));
            queue.remove(gone);
            list = list.filter((parcel) => !gone.includes(parcel));
          } else {
            const out =
              'take' in one ? queue.take(one.take, one.maxBytes) : queue.trim(one.trim, one.maxBytes);
            const expected =
              'take' in one ? taken(list, one.take, one.maxBytes) : trimmed(list, one.trim, one.maxBytes);
            expect(out).toEqual(expected);
            list = list.slice(out.length);
          }
          expect([queue.length, queue.bytes]).toEqual([list.length, sizeOf(list)]);
        }
      }),
    );
  });
});

const sizeOf = (parcels: readonly Parcel[]): number => parcels.reduce((sum, { bytes }) => sum + bytes, 0);

function taken(list: readonly Parcel[], count: number, maxBytes: number): Parcel[] {
  const fits = (end: number): boolean => end <= 1 || sizeOf(list.slice(0, end)) <= maxBytes;
  let end = Math.min(count, list.length);
  while (!fits(end)) end--;
  return list.slice(0, end);
}

function trimmed(list: readonly Parcel[], maxCount: number, maxBytes: number): Parcel[] {
  let rest = list.slice(Math.max(0, list.length - maxCount));
  while (sizeOf(rest) > maxBytes) rest = rest.slice(1);
  return list.slice(0, list.length - rest.length);
}

it('batches are what a queue gives, one after the other', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 5 }), fc.nat(20), (bytes, count, maxBytes) => {
      const parcels = bytes.map((size, id) => parcelOf(id, size));
      const batches = toBatches(parcels, count, maxBytes);
      const queue = createQueue();
      for (const parcel of parcels) queue.add(parcel);
      for (const batch of batches) expect(batch).toEqual(queue.take(count, maxBytes));
      expect(queue.length).toBe(0);
    }),
  );
});

describe('a parcel that waits', () => {
  it('says the same as before, whatever the characters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (texts) => {
        const parcels = texts.map((text, id) => {
          const parcel = createParcel(id);
          fill(parcel, JSON.stringify(text));
          pack(parcel);
          pack(parcel);
          return parcel;
        });
        expect(parcels.map(textOf)).toEqual(texts.map((text) => JSON.stringify(text)));
        expect(parcels.map((parcel) => contentOf(parcel).length)).toEqual(parcels.map(({ bytes }) => bytes));
        for (const parcel of parcels) empty(parcel);
      }),
    );
  });

  it('tells of its end once, and forgets whom it told', () => {
    const told: unknown[] = [];
    const parcel = parcelOf(1);
    parcel.ended = (error) => void told.push(error);
    end(parcel, new Error('down'));
    end(parcel);
    expect(told).toEqual([new Error('down')]);
  });

  it('leaves its memory to the next one, and what is filled anew is another text', () => {
    const first = parcelOf(1, 2000);
    pack(first);
    const { packed } = first;
    fill(first, '{}');
    expect(textOf(first)).toBe('{}');
    const second = parcelOf(2, 1500);
    pack(second);
    expect(second.packed).toBe(packed);
    expect(textOf(second)).toBe('x'.repeat(1500));
    empty(second);
    expect([second.bytes, textOf(second)]).toEqual([0, '']);
  });
});
