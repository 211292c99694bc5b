/** Watch mode: a file that is edited is built again once, and is instrumented once then, like all the others. */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bundlerNames } from '../support/e2e-bundlers.ts';
import { createProject, inProject, type Project } from '../support/e2e-project.ts';
import { watch } from '../support/e2e-watch.ts';

/** Longer than any of them waits before it takes up a change. */
const QUIET_MS = 400;

const SITES = ['src/shared.js:3:connect', 'src/report.js:3:report', 'src/invoice.js:3:invoice'];

function output(project: Project): string {
  const names = readdirSync(project.path('dist'), { recursive: true, encoding: 'utf8' });
  const scripts = names.filter((name) => /\.[cm]?js$/.test(name));
  return scripts.map((name) => project.read(`dist/${name}`)).join('\n');
}

test.each(bundlerNames)('%s', async (bundler) => {
  const project = createProject('apps/chunks');
  const state: { builds: number; failure: unknown } = { builds: 0, failure: undefined };
  /** Resolves with the number of builds, when no more seem to come. */
  const quiet = async (): Promise<number> => {
    while (state.builds === 0) await sleep(20);
    await sleep(QUIET_MS);
    expect(state.failure).toBeUndefined();
    const { builds } = state;
    state.builds = 0;
    return builds;
  };
  await inProject(project, async () => {
    const watching = await watch(project, bundler, (error) => {
      state.builds++;
      state.failure ??= error ?? undefined;
    });
    try {
      await quiet();
      const first = output(project);
      expect(SITES.map((site) => first.split(site).length - 1)).toEqual([1, 1, 1]);

      project.edit('src/invoice.js', "await connect('invoice');", "await connect('ledger');");
      // A watcher may see the writing of one file as two changes.
      expect(await quiet()).toBeGreaterThan(0);
      const second = output(project);
      expect(second).toContain('ledger');
      expect(SITES.map((site) => second.split(site).length - 1)).toEqual([1, 1, 1]);

      const report = JSON.parse(project.read('dist/report.json')) as { totals: object };
      expect(report.totals).toMatchObject({ files: 3, functions: 3 });

      // The file holds nothing for us any more, and then something else.
      project.edit(
        'src/invoice.js',
        'export async function invoice(',
        'export const other = 1;\nexport async function bill(',
      );
      project.edit('src/main.js', '{ invoice }', '{ bill: invoice }');
      await quiet();
      const third = output(project);
      expect([third.split('src/invoice.js:4:bill').length, third.split(':invoice"').length]).toEqual([2, 1]);
    } finally {
      await watching.close();
    }
  });
});
