/** What only webpack and Rspack have: a loader that checks types, a cache on disk, and a command line with defaults of its own. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { build, type BuildRequest } from '../support/e2e-bundlers.ts';
import { createProject } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

/** A package whose imports have extensions. */
const sources = (type: 'module' | 'commonjs'): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'checked', version: '1.0.0', type }),
  'src/main.ts': `
import express, { Router } from 'express';
import { find } from './find.js';
const app = express();
const router: Router = Router();
router.get('/:id', async (request, response) => {
  response.json(await find(request.params.id, { deep: request.query['deep'] === '1' }));
});
app.use('/things', router);
export default app;
`,
  'src/find.ts': `
export async function find(id: string, { deep = false }: { deep?: boolean } = {}): Promise<{ id: string } | undefined> {
  if (deep) return undefined;
  return Promise.resolve({ id });
}
`,
});

const strict = {
  target: 'ES2022',
  lib: ['ES2023'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noImplicitReturns: true,
  sourceMap: true,
  skipLibCheck: true,
};

/** Checks the types of all that webpack sees, which is the instrumented source. */
function checked(compilerOptions: object): Partial<BuildRequest> {
  const rule = {
    test: /\.ts$/,
    loader: 'ts-loader',
    options: { onlyCompileBundledFiles: true, compilerOptions: { noEmit: false, ...compilerOptions } },
  };
  return {
    minify: false,
    config: {
      module: { rules: [rule] },
      resolve: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
    },
  };
}

describe('ts-loader finds nothing wrong with the types of instrumented code', () => {
  test.each([
    ['bundler', { module: 'ESNext', moduleResolution: 'bundler' }],
    [
      'node10',
      {
        module: 'ESNext',
        moduleResolution: 'node10',
        ignoreDeprecations: '6.0',
        verbatimModuleSyntax: false,
      },
    ],
  ])('in an application with moduleResolution %s', async (_, options) => {
    const project = createProject('orders-api');
    const { files, log } = await build(project, 'webpack', {
      entry: { server: 'src/server.ts' },
      ...checked(options),
    });
    expect(log).toContain('30 functions');
    expect(files['server.cjs']).toContain('src/services/discounts.ts:12:discountFor');
  });

  // Before nodenext, TypeScript lets no CommonJS module import types of an ES module.
  test.each([
    ['module', 'node16'],
    ['commonjs', 'node16'],
    ['module', 'nodenext'],
    ['commonjs', 'nodenext'],
  ] as const)('in a package of type %s with moduleResolution %s', async (type, module) => {
    const options = { module, moduleResolution: module };
    const tsconfig = JSON.stringify({ compilerOptions: { ...strict, ...options }, include: ['src'] });
    const project = createProject('apps/chunks', { ...sources(type), 'tsconfig.json': tsconfig });
    const { log } = await build(project, 'webpack', { entry: { main: 'src/main.ts' }, ...checked(options) });
    expect(log).toContain('1 route and 2 functions');
  });
});

describe.each(['webpack', 'rspack'] as const)("%s's cache on disk", (bundler) => {
  const cacheIn = (directory: string): object =>
    bundler === 'webpack'
      ? { cache: { type: 'filesystem', cacheDirectory: directory } }
      : { cache: { type: 'persistent', storage: { type: 'filesystem', directory } } };

  test('gives the same bundle again, and none that other options made', async () => {
    const project = createProject('apps/chunks');
    const buildInto = async (
      outDir: string,
      plugin: BuildRequest['plugin'] = {},
    ): Promise<Record<string, string>> => {
      const config = cacheIn(project.path('node_modules/.cache'));
      const { files } = await build(project, bundler, {
        entry: { main: 'src/main.js' },
        outDir,
        plugin,
        minify: false,
        config,
      });
      return files;
    };
    const cold = await buildInto('dist/cold');
    expect(Object.values(cold).join('\n')).toContain('src/invoice.js:3:invoice');
    expect(await buildInto('dist/warm')).toEqual(cold);

    project.write('README.md', 'A new commit, and nothing new in the code.');
    const commit = project.commitAll();
    expect(Object.values(await buildInto('dist/committed')).join('\n')).toContain(commit);

    const without = await buildInto('dist/other-options', { functions: false });
    expect(Object.values(without).join('\n')).not.toContain('src/invoice.js:3:invoice');
  });
});

describe("Rspack's command line, which turns a silent devtool into false", () => {
  // The package @rspack/cli is no dependency: this is what it does with a config, under its name.
  const command = 'node_modules/@rspack/cli/bin/rspack.js';
  const project = createProject('apps/chunks', {
    'rspack.config.cjs': `
      const replaystack = require('unplugin-replaystack/rspack');
      module.exports = (sourcemap) => ({
        mode: 'production',
        devtool: false,
        target: 'node',
        entry: './src/main.js',
        plugins: [replaystack({ sourcemap })],
      });`,
    [command]: `
      const { rspack } = require('@rspack/core');
      const config = require(process.cwd() + '/rspack.config.cjs')(process.env.SOURCEMAP ? false : undefined);
      rspack({ ...config, output: { clean: true } }, (error, stats) => process.exit(error || stats.hasErrors() ? 1 : 0));`,
  });
  const buildWith = async (args: string[], environment?: Record<string, string>): Promise<string[]> => {
    const { code } = await run(project.dir, [command, 'build', ...args], environment);
    expect(code).toBe(0);
    return readdirSync(project.path('dist'));
  };

  test('gets hidden maps all the same', async () => {
    expect(await buildWith([])).toContain('main.js.map');
    expect(project.read('dist/main.js')).not.toMatch(/^\/\/# sourceMappingURL/m);
  });

  test('gets none when it was told so by its argument, or by our option', async () => {
    for (const args of [['-d=false'], ['--devtool', 'false']]) {
      expect(await buildWith(args)).not.toContain('main.js.map');
    }
    expect(await buildWith([], { SOURCEMAP: 'no' })).not.toContain('main.js.map');
  });
});
