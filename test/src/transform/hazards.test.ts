/** Everything that is known to break under a rewrite is tested somewhere, or it is said why not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../support/transform-fixtures.ts';
import { hazards } from '../../support/transform-hazards.ts';

describe('the hazards of a rewrite', () => {
  test('are all in the table', () => {
    const numbers = Array.from({ length: 71 }, (_, index) => `H${index + 1}`);
    expect(hazards.map(({ number }) => number)).toEqual(numbers);
  });

  test.each(hazards)('$number: $title', ({ number, places, why }) => {
    expect(places.length > 0 || why !== undefined).toBe(true);
    for (const place of places) {
      expect(existsSync(join(root, place)), place).toBe(true);
      if (place.endsWith('.test.ts')) {
        expect(readFileSync(join(root, place), 'utf8')).toMatch(new RegExp(`\\b${number}\\b`));
      }
    }
  });
});
