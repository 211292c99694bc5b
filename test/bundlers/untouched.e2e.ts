/** What is left alone: builds for browsers, and everything when the plugin is switched off. */
import { describe, expect, test } from 'vitest';
import { build, type BuildRequest, bundlerNames, loadPlugin } from '../support/e2e-bundlers.ts';
import { createProject, inProject } from '../support/e2e-project.ts';

const entry = { main: 'src/main.js' };

/** Rollup and Rolldown are not told for whom they build. */
const browsers: [string, (typeof bundlerNames)[number], Partial<BuildRequest>][] = [
  ["Vite's client environment", 'vite', { platform: 'browser' }],
  ["webpack's target web", 'webpack', { platform: 'browser' }],
  ["webpack's default target", 'webpack', { config: { target: undefined } }],
  ["webpack's targets web and es2022", 'webpack', { config: { target: ['web', 'es2022'] } }],
  ["Rspack's target web", 'rspack', { platform: 'browser' }],
  ["esbuild's platform browser", 'esbuild', { platform: 'browser' }],
  ["esbuild's default platform", 'esbuild', { config: { platform: undefined } }],
];

describe.each(browsers)('%s', (_, bundler, request) => {
  const project = createProject('apps/chunks');
  const common = { entry, ...request };

  test('comes out as without the plugin, byte for byte', async () => {
    const without = await build(project, bundler, { ...common, outDir: 'dist/without', plugin: 'absent' });
    const built = await build(project, bundler, { ...common, outDir: 'dist/with' });
    expect(built.files).toEqual(without.files);
  });

  test('is instrumented when the user wants it to be', async () => {
    const { files, log } = await build(project, bundler, {
      ...common,
      outDir: 'dist/client',
      plugin: { client: true },
    });
    expect(Object.values(files).join('\n')).toContain('src/invoice.js:3:invoice');
    expect(log).toContain('3 functions');
  });
});

test.each([
  ['webpack', { platform: 'browser' }],
  ['rspack', { platform: 'browser' }],
  ['esbuild', { platform: 'browser' }],
] as const)('%s is told why nothing was instrumented', async (bundler, request) => {
  const { log } = await build(createProject('apps/chunks'), bundler, { entry, ...request });
  expect(log).toContain('nothing was instrumented');
});

test('esbuild is warned when it builds for browsers only because nobody said anything else', async () => {
  const { log } = await build(createProject('apps/chunks'), 'esbuild', {
    entry,
    config: { platform: undefined },
  });
  expect(log).toContain('RS1401');
});

test('of a Vite application with client and server, the server alone is instrumented', async () => {
  const project = createProject('apps/chunks');
  const { createBuilder } = await import('vite');
  const buildBoth = (plugins: unknown[], folder: string): Promise<void> =>
    inProject(project, async () => {
      const output = { entryFileNames: '[name].js', chunkFileNames: '[name].js' };
      const environment = (name: string) => ({
        build: { outDir: `${folder}/${name}`, rolldownOptions: { input: entry, output } },
      });
      const builder = await createBuilder({
        configFile: false,
        root: project.dir,
        logLevel: 'silent',
        plugins: plugins as [],
        environments: { client: environment('client'), ssr: environment('ssr') },
        builder: {},
      });
      for (const name of ['client', 'ssr']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    });
  await buildBoth([], 'dist/without');
  await buildBoth([loadPlugin(project, 'vite')()], 'dist/with');
  const [main, withPlugin] = [
    project.read('dist/without/client/main.js'),
    project.read('dist/with/client/main.js'),
  ];
  expect(withPlugin).toBe(main);
  expect(project.read('dist/with/ssr/main.js')).toContain('src/shared.js:3:connect');
  expect(JSON.parse(project.read('dist/with/ssr/main.js.map'))).toHaveProperty('debugId');
});

test.each(bundlerNames)('with enabled: false, %s builds as without the plugin', async (bundler) => {
  const project = createProject('apps/chunks');
  const without = await build(project, bundler, { entry, outDir: 'dist/without', plugin: 'absent' });
  const off = await build(project, bundler, { entry, outDir: 'dist/off', plugin: { enabled: false } });
  expect(off.files).toEqual(without.files);
  expect(off.log).not.toContain('replaystack');
});
