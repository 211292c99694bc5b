/** What users meet in their configs: how the plugin is loaded, what it says, and what it does with what is not its own. */
import { describe, expect, test } from 'vitest';
import type { ReplayStackPluginOptions } from '../../src/options/index.ts';
import { build, type BuildRequest, type BundlerName, bundlerNames } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const entry = { main: './src/main.js' };
const SITES = ['src/invoice.js:3:invoice', 'src/report.js:3:report', 'src/shared.js:3:connect'];

/** How often each observed function of the fixture is in the code. */
function occurrences(files: Record<string, string>): number[] {
  const code = Object.entries(files).filter(([name]) => !name.endsWith('.map'));
  return SITES.map(
    (site) =>
      code
        .map(([, text]) => text)
        .join('\n')
        .split(site).length - 1,
  );
}

describe.each(bundlerNames)('%s', (bundler) => {
  test('gets a function from require(), the same as from import, and no warning', async () => {
    const project = createProject('apps/chunks', {
      'check.cjs': `
        const plugin = require('unplugin-replaystack/${bundler}');
        import('unplugin-replaystack/${bundler}').then((module) => {
          console.log(typeof plugin, typeof plugin(), module.default === plugin);
        });`,
    });
    const { stdout, stderr } = await run(project.dir, ['check.cjs']);
    expect(stdout).toBe('function object true\n');
    expect(
      stderr
        .split('\n')
        .filter((line) => !/ExperimentalWarning: .*require|--trace-warnings/.test(line))
        .join(''),
    ).toBe('');
  });

  test('fails at once on wrong options, and names all of them', async () => {
    const wrong: unknown = { apiKey: 'rs_1', rutes: true, sourcemap: 'yes', functions: { method: true } };
    const plugin = wrong as ReplayStackPluginOptions;
    const failure = await build(createProject('apps/chunks'), bundler, { entry, plugin }).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/RS1006 .*`apiKey`/);
    expect(failure).toMatch(/RS1001 .*`rutes`.*`routes`/);
    expect(failure).toMatch(/RS1003 .*`sourcemap`/);
    expect(failure).toMatch(/RS1001 .*`functions\.method`.*`functions\.methods`/);
  });

  test('instruments once, even if the plugin is registered twice', async () => {
    const { files } = await build(createProject('apps/chunks'), bundler, {
      entry,
      plugin: 'twice',
      minify: false,
    });
    expect(occurrences(files)).toEqual([1, 1, 1]);
  });

  test('says in its own log what was done, and writes a report', async () => {
    const project = createProject('apps/chunks');
    const { log } = await build(project, bundler, { entry, plugin: { report: 'reports/replaystack.json' } });
    expect(log.match(/0 routes and 3 functions in 3 files, \d+ ms/g)).toHaveLength(1);
    const report = JSON.parse(project.read('reports/replaystack.json')) as { files: { file: string }[] };
    expect(report).toMatchObject({ totals: { files: 3, routes: 0, functions: 3, skipped: 0 } });
    expect(report.files.map(({ file }) => file)).toEqual([
      'src/invoice.js',
      'src/report.js',
      'src/shared.js',
    ]);
    const silent = await build(project, bundler, { entry, plugin: { summary: false } });
    expect(silent.log).not.toContain('functions');
  });

  test('goes on, with one warning, when a file is in a language that a later plugin speaks', async () => {
    const project = createProject('apps/chunks', {
      'src/invoice.js':
        'export async function invoice() { return 20 |> double; }\nconst double = (n) => n * 2;\n',
    });
    const { files, log } = await build(project, bundler, {
      entry,
      minify: false,
      ...pipelines(bundler, project),
    });
    expect(Object.values(files).join('\n')).toContain('return double(20)');
    expect(log.match(/RS1201 src\/invoice\.js/g)).toHaveLength(1);
    expect(occurrences(files)).toEqual([0, 1, 1]);
  });
});

/** A compiler for one expression of a made-up language, behind our plugin, in each bundler's form. */
function pipelines(bundler: BundlerName, project: Project): Partial<BuildRequest> {
  const compiled = (code: string): string => code.replace('20 |> double', 'double(20)');
  if (bundler === 'webpack' || bundler === 'rspack') {
    project.write('loader.cjs', `module.exports = (code) => code.replace('20 |> double', 'double(20)');`);
    const rules = [{ test: /invoice\.js$/, loader: project.path('loader.cjs') }];
    return { config: { module: { rules } } };
  }
  if (bundler === 'esbuild') {
    const setup = (build: { onLoad(options: object, load: () => object): void }): void =>
      build.onLoad({ filter: /invoice\.js$/ }, () => ({
        contents: compiled(project.read('src/invoice.js')),
      }));
    return { behind: [{ name: 'pipelines', setup }] };
  }
  const transform = (code: string, id: string): string | undefined =>
    id.endsWith('invoice.js') ? compiled(code) : undefined;
  return { behind: [{ name: 'pipelines', transform }] };
}
