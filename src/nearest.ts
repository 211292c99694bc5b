/** Guesses what a misspelt name was meant to be. */
import { distance } from 'fastest-levenshtein';

/**
 * The known name that is written most like this one, or `undefined` where none is close enough to be worth suggesting. Case,
 * dashes and underscores do not count, so that `source-map` finds `sourcemap`.
 *
 * @param known Without a prefix that all of them share, since every letter in common makes two names seem closer.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const written = normalise(name);
  // One slip in three letters, rounded up so that four may have two swapped (`jbos`); more is another word.
  let best = Math.ceil(written.length / 3) + 1;
  let match: string | undefined;
  for (const candidate of known) {
    const apart = distance(written, normalise(candidate));
    if (apart < best) [best, match] = [apart, candidate];
  }
  return match;
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
