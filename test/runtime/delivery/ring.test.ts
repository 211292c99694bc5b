/** A ring behaves as a Map would, whatever goes in and out of it. */
import fc from '../../support/properties.ts';
import { expect, it } from 'vitest';
import { createRing } from '../../../runtime/delivery/ring.ts';

it('has what was put in, by id, until it is taken out', () => {
  const ring = createRing<string>();
  ring.set(7, 'seven');
  ring.set(8, 'eight');
  ring.set(7, 'again');
  expect([ring.size, ring.oldest(), ring.get(7), ring.get(8), ring.get(9)]).toEqual([
    2,
    7,
    'again',
    'eight',
    undefined,
  ]);
  ring.delete(7);
  ring.delete(7);
  expect([ring.size, ring.oldest(), ring.entries()]).toEqual([1, 8, [[8, 'eight']]]);
  ring.delete(8);
  expect([ring.size, ring.oldest(), ring.entries()]).toEqual([0, undefined, []]);
});

it('keeps one that stays while thousands come and go', () => {
  const ring = createRing<number>();
  ring.set(1, 1);
  for (let id = 2; id < 5000; id++) {
    ring.set(id, id);
    ring.delete(id);
  }
  expect([ring.size, ring.oldest(), ring.get(1)]).toEqual([1, 1, 1]);
});

/** Ids count up, with gaps; any of those that ever were may be changed or taken out. */
const actions = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), skip: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constantFrom('delete' as const, 'change' as const), pick: fc.nat() }),
  ),
  { maxLength: 300 },
);

it('is a Map', () => {
  fc.assert(
    fc.property(actions, (list) => {
      const [ring, map] = [createRing<number>(), new Map<number, number>()];
      const ids: number[] = [];
      let last = 0;
      for (const action of list) {
        if (action.kind === 'add') {
          last += action.skip;
          ids.push(last);
          ring.set(last, last);
          map.set(last, last);
        } else {
          const id = ids[action.pick % Math.max(1, ids.length)] ?? 1;
          if (action.kind === 'delete') {
            ring.delete(id);
            map.delete(id);
          } else if (map.has(id)) {
            ring.set(id, -id);
            map.set(id, -id);
          }
        }
        expect(ring.size).toBe(map.size);
      }
      expect(ring.entries()).toEqual([...map]);
      expect(ring.oldest()).toBe(map.keys().next().value);
      for (const id of ids) expect(ring.get(id)).toBe(map.get(id));
    }),
  );
});
