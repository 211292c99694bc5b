/**
 * Random programs show the same before and after: results, throws, unhandled rejections, what can be seen of each function, and
 * all of it in the same microtask. `FAST_CHECK_SEED=random` looks for what no one has seen yet.
 */
import fc from '../../support/properties.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWhole } from '../extent.ts';
import type { Runner } from './programs/compare.ts';
import { createRunner } from './programs/compare.ts';
import { programs } from './programs/modules.ts';

/** So many programs, or as many as there is time for. */
const PROGRAMS = 300;
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? (isWhole ? 1_200 : 0));
const EXTENT =
  SECONDS === 0
    ? { numRuns: PROGRAMS }
    : { numRuns: 10_000_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false };

let runner: Runner;

beforeAll(async () => {
  runner = await createRunner();
});

afterAll(() => runner.end());

test(
  'programs log the same before and after',
  async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { before = '', ...after } = await runner.logs(program);
        // A function that returns its own promise, perhaps by a call: README.md.
        fc.pre(!before.includes('Chaining cycle'));
        for (const log of Object.values(after)) expect(log).toBe(before);
      }),
      EXTENT,
    );
    const { programs: tried, modules, functions, entries } = runner.counts;
    console.log(`| ${tried} programs | ${modules} modules | ${functions} functions | ${entries} lines |`);
    expect(functions).toBeGreaterThan(50);
  },
  (SECONDS + 600) * 1000,
);
