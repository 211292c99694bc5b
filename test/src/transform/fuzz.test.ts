/** Random programs show the same before and after. A few only: test/conformance/language tries more, and other people's. */
import fc from '../../support/properties.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runner } from '../../conformance/language/programs/compare.ts';
import { createRunner } from '../../conformance/language/programs/compare.ts';
import { programs } from '../../conformance/language/programs/modules.ts';

const PROGRAMS = 15;

let runner: Runner;

beforeAll(async () => {
  runner = await createRunner();
});

afterAll(() => runner.end());

test('H43: random programs log the same before and after', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const { before, ...after } = await runner.logs(program);
      for (const log of Object.values(after)) expect(log).toBe(before);
    }),
    { numRuns: PROGRAMS },
  );
  expect(runner.counts.functions).toBeGreaterThan(PROGRAMS);
});
