/** Edits nest and touch, and come out as if each had been made around what is inside it. */
import fc from '../../support/properties.ts';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../../../src/transform/edits.ts';
import { toInsertions } from '../../../src/transform/edits.ts';
import { writeModule } from '../../../src/transform/write.ts';

interface Span {
  start: number;
  end: number;
  inner: Span[];
}

/** Spans within `[start, end)` that lie beside each other, each with spans in it; none is empty. */
function spans(start: number, end: number, depth: number): fc.Arbitrary<Span[]> {
  if (end <= start || depth === 0) return fc.constant([]);
  const points = fc.uniqueArray(fc.integer({ min: start, max: end }), { minLength: 0, maxLength: 4 });
  return points.chain((chosen) => {
    const sorted = chosen.sort((a, b) => a - b);
    const pairs = sorted.slice(1).map((to, index): [number, number] => [sorted[index] as number, to]);
    return fc.tuple(
      ...pairs.map(([from, to]) =>
        spans(from, to, depth - 1).map((inner): Span => ({ start: from, end: to, inner })),
      ),
    );
  });
}

const TEXT = 'abcdefghijkl';

/** Brackets around spans, made the slow and certain way. */
function nest(
  list: readonly Span[],
  from: number,
  to: number,
  number: { next: number },
  edits: Edit[],
): string {
  let text = '';
  let at = from;
  for (const { start, end, inner } of list) {
    const id = number.next++;
    edits.push({ start, end, open: `<${id}:`, close: `:${id}>` });
    text += `${TEXT.slice(at, start)}<${id}:${nest(inner, start, end, number, edits)}:${id}>`;
    at = end;
  }
  return text + TEXT.slice(at, to);
}

function edited(text: string, edits: readonly Edit[]): string {
  return writeModule(text, 'text.ts', toInsertions(edits)).code;
}

describe('edits', () => {
  test('the outer one opens first and closes last, in whatever order they come', () => {
    fc.assert(
      fc.property(spans(0, TEXT.length, 4), fc.nat(), (tree, seed) => {
        const edits: Edit[] = [];
        const expected = nest(tree, 0, TEXT.length, { next: 0 }, edits);
        // Those with the same span keep their order, the first being the outer one; others may come in any.
        const key = ({ start, end }: Edit): number => (start * 7919 + end * 104_729 + seed) % 1009;
        const shuffled = [...edits].sort((a, b) => key(a) - key(b));
        expect(edited(TEXT, shuffled)).toBe(expected);
      }),
    );
  });

  test('of two with one span, the first is the outer one', () => {
    const edits = [
      { start: 8, end: 15, open: 'first(', close: ')!' },
      { start: 8, end: 15, open: 'second(', close: ')' },
    ];
    expect(edited('app.get(handler)', edits)).toBe('app.get(first(second(handler))!)');
  });

  test('one ends where the next begins', () => {
    const edits = [
      { start: 1, end: 2, open: '[', close: ']' },
      { start: 0, end: 1, open: '(', close: ')' },
    ];
    expect(edited('ab', edits)).toBe('(a)[b]');
  });

  test('around nothing, behind what ends there and before what begins', () => {
    const edits = [
      { start: 1, end: 2, open: '[', close: ']' },
      { start: 0, end: 1, open: '(', close: ')' },
      { start: 1, end: 1, open: '+', close: '' },
      { start: 2, end: 2, open: '!', close: '' },
    ];
    expect(edited('ab', edits)).toBe('(a)+[b]!');
  });

  test('into what is empty', () => {
    const edits = [
      { start: 8, end: 8, open: 'return hook(() => {', close: '})' },
      { start: 8, end: 8, open: 'told();', close: '' },
      { start: 4, end: 9, open: '<', close: '>' },
    ];
    expect(edited('f = () {}', edits)).toBe('f = <() {return hook(() => {told();})}>');
  });
});
