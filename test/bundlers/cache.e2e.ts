/** Results that are kept between builds: the second build is the first once more, to the byte, and is told of the same. */
import { readdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { build, bundlerNames } from '../support/e2e-bundlers.ts';
import type { BuildResult, BundlerName } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';

const USELESS_PRAGMA = '// @replaystack-capture\nexport const nothing = 1;\n';

interface Outcome extends BuildResult {
  /** Without how long it took. */
  report: object;
}

async function buildOnce(project: Project, bundler: BundlerName, options: object = {}): Promise<Outcome> {
  // esbuild leaves what a former build wrote under other names.
  rmSync(project.path('dist'), { recursive: true, force: true });
  const plugin = { report: 'report.json', summary: false, cache: 'kept', ...options };
  const result = await build(project, bundler, { entry: 'src/main.js', plugin });
  const { totals, ...report } = JSON.parse(project.read('report.json')) as {
    totals: { milliseconds: number };
  };
  return { ...result, report: { ...report, totals: { ...totals, milliseconds: 0 } } };
}

const packs = (project: Project): string[] => readdirSync(project.path('kept')).sort();

test.each(bundlerNames)('%s builds the same from what was kept', async (bundler) => {
  const project = createProject('apps/chunks');
  project.edit('src/invoice.js', 'export async function', `${USELESS_PRAGMA}export async function`);
  project.commitAll();
  const cold = await buildOnce(project, bundler);
  expect(cold.report).toMatchObject({ totals: { functions: 3 } });
  const [kept] = packs(project);
  const text = project.read(`kept/${kept}`);

  const warm = await buildOnce(project, bundler);
  expect(warm.files).toEqual(cold.files);
  expect(warm.report).toEqual(cold.report);
  expect(project.read(`kept/${kept}`)).toBe(text);
  expect(JSON.stringify(warm.log).split('RS1204')).toHaveLength(
    JSON.stringify(cold.log).split('RS1204').length,
  );

  // Whatever is wrong with it, it is as if it were not there.
  project.write(`kept/${kept}`, text.replaceAll('"find', '"lose').slice(0, -40));
  expect((await buildOnce(project, bundler)).files).toEqual(cold.files);
  rmSync(project.path('kept'), { recursive: true });
  project.write('kept', 'no directory');
  expect((await buildOnce(project, bundler)).files).toEqual(cold.files);
});

test('an edited module and other options are new', async () => {
  const project = createProject('apps/chunks');
  const before = await buildOnce(project, 'esbuild');
  project.edit('src/invoice.js', 'export async function invoice(', '\nexport async function invoice(');
  const edited = await buildOnce(project, 'esbuild');
  expect(Object.values(before.files).join('')).toContain('src/invoice.js:3:invoice');
  expect(Object.values(edited.files).join('')).toContain('src/invoice.js:4:invoice');
  expect(packs(project)).toHaveLength(1);

  const without = await buildOnce(project, 'esbuild', { functions: false });
  expect(Object.values(without.files).join('')).not.toContain('src/invoice.js:4:invoice');
  const again = await buildOnce(project, 'esbuild');
  expect(again.files).toEqual(edited.files);
});

test('nothing is kept with cache: false', async () => {
  const project = createProject('apps/chunks');
  await buildOnce(project, 'esbuild', { cache: false });
  expect(() => packs(project)).toThrow('ENOENT');
});
