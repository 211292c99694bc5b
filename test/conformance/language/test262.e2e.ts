/**
 * ECMAScript's own conformance tests, every function of them instrumented: the verdicts are those of the same tests without
 * us. A checkout of test262 is wanted for that, in TEST262: the registry has none. Without one, a few tests of our own say that
 * verdicts are told apart.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isWhole } from '../extent.ts';
import type { Comparison } from './test262/compare.ts';
import { compareTests } from './test262/compare.ts';

const own = fileURLToPath(new URL('../../../fixtures/test262', import.meta.url));
/** Chapters by name, separated by commas, which are then run whole: `statements/class,module-code`. */
const { TEST262: checkout, TEST262_CHAPTERS: named } = process.env;
const isNamed = (file: string): boolean =>
  named === undefined || named.split(',').some((name) => file.startsWith(`test/language/${name}/`));

/** One of so many, when not all are wanted. */
const STEP = 40;

function findTests(root: string, folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

const HEAD = `| chapter | runs | functions | left alone | fail without us | differ |
|---|---|---|---|---|---|`;

function lineOf(chapter: string, { runs, functions, failing, skipped, differences }: Comparison): string {
  const left = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  return `| ${chapter} | ${runs} | ${functions} | ${left} | ${failing} | ${differences.length} |`;
}

test('verdicts are told apart, and are the same with and without us', async () => {
  const { runs, failing, functions, differences } = await compareTests(own, findTests(own, 'test'));
  expect({ runs, failing }).toEqual({ runs: 11, failing: 2 });
  expect(functions).toBeGreaterThan(5);
  expect(differences.every((difference) => difference.startsWith('test/reads-its-text.js'))).toBe(true);
  expect(differences).toHaveLength(6);
});

if (checkout !== undefined) {
  test(
    'test262 comes to the same verdicts',
    async () => {
      const chapters = new Map<string, string[]>();
      findTests(checkout, 'test/language').forEach((file, index) => {
        if (!isNamed(file) || (!isWhole && named === undefined && index % STEP > 0)) return;
        const chapter = file.split('/').slice(2, 4).join('/');
        chapters.set(chapter, [...(chapters.get(chapter) ?? []), file]);
      });
      const differences: string[] = [];
      console.log(HEAD);
      for (const [chapter, files] of chapters) {
        const comparison = await compareTests(checkout, files);
        // Of a run that takes hours, at once.
        console.log(lineOf(chapter, comparison), ...comparison.differences);
        differences.push(...comparison.differences);
      }
      expect(differences).toEqual([]);
    },
    4 * 3_600_000,
  );
}
