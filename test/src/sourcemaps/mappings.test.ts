/** Mappings are those that a library makes of the same segments. */
import { encode } from '@jridgewell/sourcemap-codec';
import { expect, test } from 'vitest';
import { writeMappings } from '../../../src/sourcemaps/mappings.ts';
import fc from '../../support/properties.ts';

type Segments = Parameters<typeof encode>[0];

const number = fc.oneof(fc.nat(40), fc.nat(2 ** 24));
const line = fc
  .array(fc.tuple(number, number, number), { maxLength: 40 })
  .map((segments) => segments.sort(([a], [b]) => a - b));

test('whatever the segments', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const mappings = writeMappings();
      for (const [index, segments] of lines.entries()) {
        if (index > 0) mappings.endLine();
        expect(mappings.isEmpty()).toBe(true);
        for (const segment of segments) mappings.add(...segment);
      }
      const decoded = lines.map((segments) => segments.map(([column, ...source]) => [column, 0, ...source]));
      expect(mappings.end()).toBe(encode(decoded as unknown as Segments));
    }),
  );
});

test('more of them than there is room for at first', () => {
  const mappings = writeMappings();
  const segments = Array.from({ length: 40_000 }, (_, index) => [index, 0, index, index * 7] as const);
  for (const [column, , sourceLine, sourceColumn] of segments) mappings.add(column, sourceLine, sourceColumn);
  expect(mappings.end()).toBe(encode([segments] as unknown as Segments));
});
