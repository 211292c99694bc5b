/** What the prefilter holds back holds nothing for us. */
import { isDeepStrictEqual } from 'node:util';
import type { Analysis } from '../../../../src/transform/index.ts';
import { everything } from '../everything.ts';

type Found = Pick<Analysis, 'targets' | 'skipped'>;

/**
 * @param filtered what came of the module behind the prefilter
 * @param whole what comes of it without
 */
export function heldBackInVain(
  code: string,
  file: string,
  filtered: Found | undefined,
  whole: Found | undefined,
): string | undefined {
  const { mayHoldTargets, patterns } = everything.prefilter;
  const found = [...(whole?.targets ?? []), ...(whole?.skipped ?? [])];
  if (found.length === 0) return undefined;
  // The bundler's own filter comes first.
  const passes = patterns.some((test) => (typeof test === 'string' ? code.includes(test) : test.test(code)));
  if (!passes || !mayHoldTargets(code, file)) return JSON.stringify(found).slice(0, 500);
  const before = [...(filtered?.targets ?? []), ...(filtered?.skipped ?? [])];
  return isDeepStrictEqual(before, found)
    ? undefined
    : `${JSON.stringify(found).slice(0, 500)} but behind the prefilter ${JSON.stringify(before).slice(0, 500)}`;
}
