/**
 * Random programs show the same before and after: results, throws, unhandled rejections, and all of them in the same
 * microtask. 2,600 of them did when the way of rewriting was chosen; it should stay like that.
 */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from '../../support/properties.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, transform } from '../../support/transform-fixtures.ts';
import { programs } from '../../support/transform-programs.ts';
import type { Workspace } from '../../support/transform-workspace.ts';
import { ACTIVE, createWorkspace } from '../../support/transform-workspace.ts';

/** More of them find more: a few minutes before the rewrite is changed are well spent. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 8);

let workspace: Workspace;
let dormant: ChildProcess;
let active: ChildProcess;

beforeAll(async () => {
  workspace = await createWorkspace();
  const outfile = join(workspace.directory, 'fuzz-child.mjs');
  const entry = join(root, 'test/support/transform-fuzz-child.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node' });
  dormant = fork(outfile, { env: { PATH: process.env['PATH'] } });
  active = fork(outfile, { env: { PATH: process.env['PATH'], ...ACTIVE } });
});

afterAll(() => {
  dormant.kill();
  active.kill();
  workspace.remove();
});

async function run(child: ChildProcess, code: string): Promise<string> {
  child.send(code);
  const [log] = (await once(child, 'message')) as [string[]];
  return log.join('\n');
}

test(
  'H43: random programs log the same before and after',
  async () => {
    let instrumented = 0;
    await fc.assert(
      fc.asyncProperty(programs, async (code) => {
        const result = await transform(code, 'program.cjs');
        instrumented += result?.targets.length ?? 0;
        const output = result?.output?.code ?? code;
        const [before, awake] = await Promise.all([run(dormant, code), run(active, output)]);
        expect(awake).toBe(before);
        expect(await run(dormant, output)).toBe(before);
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false },
    );
    expect(instrumented).toBeGreaterThan(50);
  },
  (SECONDS + 60) * 1000,
);
