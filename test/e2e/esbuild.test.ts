/** What only esbuild has: outputs in memory, loaders by extension, a working directory of its own, and rebuilds. */
import { existsSync, mkdirSync } from 'node:fs';
import { build, type BuildOptions, context, type OutputFile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPlugin } from '../support/e2e-bundlers.ts';
import { createProject, inProject, type Project } from '../support/e2e-project.ts';

describe('esbuild', () => {
  let project: Project;
  let options: BuildOptions;

  beforeAll(() => {
    project = createProject('apps/chunks', {
      'src/page.js': 'export async function page() {\n  return <p>{await null}</p>;\n}\n',
    });
    options = {
      absWorkingDir: project.dir,
      entryPoints: ['src/main.js'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outdir: 'dist',
      logLevel: 'silent',
      plugins: [loadPlugin(project, 'esbuild')() as never],
    };
  });

  const textOf = (files: OutputFile[] = [], ending: string): string =>
    files.find(({ path }) => path.endsWith(ending))?.text ?? '';

  test('finishes outputs that stay in memory', async () => {
    const { outputFiles } = await inProject(project, () => build({ ...options, write: false }));
    expect(existsSync(project.path('dist'))).toBe(false);
    const code = textOf(outputFiles, 'main.js');
    expect(code).toContain(project.commit);
    const [, id] = /^\/\/# debugId=(\S+)$/m.exec(code) ?? [];
    expect(JSON.parse(textOf(outputFiles, 'main.js.map'))).toMatchObject({ debugId: id });
  });

  test('builds without a path to write to, where there can be no separate map', async () => {
    const { outdir: _, ...pathless } = options;
    const { outputFiles } = await inProject(project, () => build({ ...pathless, write: false }));
    expect(outputFiles.map(({ text }) => text.includes(project.commit))).toEqual([true]);
  });

  test('says so in the release when tracked files were changed and not committed', async () => {
    const edited = createProject('apps/chunks');
    edited.edit('src/invoice.js', 'no invoice', 'never an invoice');
    const { outputFiles } = await inProject(edited, () =>
      build({ ...options, absWorkingDir: edited.dir, write: false }),
    );
    const [slot = ''] = /%7B%22commitHash%22[^`]*?%7D/.exec(textOf(outputFiles, 'main.js')) ?? [];
    expect(JSON.parse(decodeURIComponent(slot))).toEqual({
      commitHash: edited.commit,
      appVersion: '1.4.0',
      serviceName: 'chunks',
      dirty: true,
    });
  });

  test('keeps builds apart that share a plugin object, at the same time even', async () => {
    const [browser, server] = await Promise.all(
      (['browser', 'node'] as const).map((platform) => build({ ...options, platform, write: false })),
    );
    expect(textOf(browser?.outputFiles, 'main.js')).not.toContain('src/invoice.js:3:invoice');
    expect(textOf(server?.outputFiles, 'main.js')).toContain('src/invoice.js:3:invoice');
  });

  test('finishes a single output file, and leaves the metafile to those who asked for it', async () => {
    const { metafile } = await inProject(project, () =>
      build({ ...options, outdir: undefined as never, outfile: 'out/server.mjs', metafile: true }),
    );
    expect(Object.keys(metafile.outputs)).toContain('out/server.mjs');
    expect(project.read('out/server.mjs')).toContain(project.commit);
  });

  test('parses by the loader that an extension was given', async () => {
    const { outputFiles } = await inProject(project, () =>
      build({ ...options, entryPoints: ['src/page.js'], loader: { '.js': 'jsx' }, write: false }),
    );
    expect(textOf(outputFiles, 'page.js')).toContain('src/page.js:1:page');
    expect(textOf(outputFiles, 'page.js')).toContain('createElement("p"');
  });

  test('names files from its working directory, wherever the process is', async () => {
    const { outputFiles } = await build({ ...options, write: false });
    expect(process.cwd()).not.toBe(project.dir);
    expect(textOf(outputFiles, 'main.js')).toContain('"src/invoice.js:3:invoice"');
  });

  test('names files outside of it, as a workspace has them, by the same paths that stack frames get', async () => {
    const place = { absWorkingDir: project.path('packages/api'), entryPoints: [project.path('src/main.js')] };
    mkdirSync(place.absWorkingDir, { recursive: true });
    const { outputFiles } = await build({ ...options, ...place, write: false });
    expect(textOf(outputFiles, 'main.js')).toContain('"src/invoice.js:3:invoice"');
  });

  test('rebuilds to the same, and to something else after an edit', async () => {
    const watched = await context({ ...options, write: false });
    const rebuild = async (): Promise<string> => textOf((await watched.rebuild()).outputFiles, 'main.js');
    const first = await rebuild();
    expect(await rebuild()).toBe(first);
    project.edit('src/invoice.js', 'no invoice', 'never an invoice');
    const edited = await rebuild();
    expect(edited).toContain('never an invoice');
    expect(edited.split('src/invoice.js:3:invoice')).toHaveLength(2);
    await watched.dispose();
  });

  test('gives warnings that belong to a file in its own result', async () => {
    const broken = createProject('apps/chunks', {
      'src/invoice.js': 'export async function invoice() { return 1 |> 2; }',
    });
    const failure = await build({ ...options, absWorkingDir: broken.dir, write: false }).catch(
      (error: { warnings: { text: string }[]; errors: { text: string }[] }) => error,
    );
    expect(failure.errors.map(({ text }) => text)).toEqual([expect.stringContaining('Unexpected')]);
    expect(failure.warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^RS1201 src\/invoice\.js/),
    ]);
  });
});
