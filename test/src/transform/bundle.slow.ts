/** Bundlers and minifiers see what we write as they see what the author wrote: what is not used drops out. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, transform as minify } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webpack from 'webpack';
import { findFixtures, transform } from '../../support/transform-fixtures.ts';
import type { Workspace } from '../../support/transform-workspace.ts';
import { createWorkspace } from '../../support/transform-workspace.ts';

const LIBRARY = `
export async function used(id) {
  return second(id, 'used-text');
}
export const unused = async (id) => second(id, 'unused-arrow');
export class Unused {
  async method() {
    return second(1, 'unused-method');
  }
}
export default async function unusedDefault() {
  return second(2, 'unused-default');
}
const second = (id, text) => Promise.resolve(text + id);
`;

const ENTRIES = {
  some: "import { used } from './library.mjs';\nused(1).then(console.log);\n",
  none: "import './library.mjs';\nconsole.log('nothing');\n",
  cycle: "import { later } from './input.mjs';\nlater().then(console.log);\n",
} as const;

const CYCLE = 'hostile/called-in-a-cycle-before-it-was-evaluated';

let workspace: Workspace;
let directory: string;

beforeAll(async () => {
  workspace = await createWorkspace();
  directory = join(workspace.directory, 'library');
  mkdirSync(directory);
  const result = await transform(LIBRARY, 'library.mjs');
  expect(result?.targets).toHaveLength(4);
  writeFileSync(join(directory, 'library.mjs'), result?.output?.code ?? '');
  const [cycle] = findFixtures(CYCLE);
  if (cycle === undefined) throw new Error(CYCLE);
  await workspace.add('cycle', cycle, (await transform(cycle.input, 'input.mts'))?.output?.code ?? '');
  cpSync(join(workspace.directory, 'cycle', CYCLE), directory, { recursive: true });
  for (const [name, text] of Object.entries(ENTRIES)) writeFileSync(join(directory, `${name}.mjs`), text);
});

afterAll(() => workspace.remove());

/** As the plugin has it: found from anywhere, and free of side effects. */
const runtime = {
  name: 'runtime',
  resolveId: (id: string) =>
    id === 'unplugin-replaystack/runtime'
      ? {
          id: join(workspace.directory, 'node_modules/unplugin-replaystack/runtime.mjs'),
          moduleSideEffects: false,
        }
      : null,
};

type Entry = keyof typeof ENTRIES;

const bundlers: Record<string, (entry: Entry) => Promise<string>> = {
  async rollup(entry) {
    const bundle = await rollup({
      input: join(directory, `${entry}.mjs`),
      plugins: [runtime],
      external: ['undici'],
      logLevel: 'silent',
    });
    return (await bundle.generate({ format: 'esm', inlineDynamicImports: true })).output[0].code;
  },
  async rolldown(entry) {
    const bundle = await rolldown({
      input: join(directory, `${entry}.mjs`),
      plugins: [runtime],
      external: ['undici'],
      platform: 'node',
    });
    return (await bundle.generate({ format: 'esm' })).output[0].code;
  },
  async esbuild(entry) {
    const { outputFiles } = await build({
      entryPoints: [join(directory, `${entry}.mjs`)],
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['undici'],
      write: false,
    });
    return outputFiles[0]?.text ?? '';
  },
  async webpack(entry) {
    const compiler = webpack({
      mode: 'production',
      target: 'node',
      entry: join(directory, `${entry}.mjs`),
      context: directory,
      output: { path: directory, filename: `webpack-${entry}.cjs` },
      // It marks what is unused, and leaves the dropping to its minifier.
      optimization: { minimize: true },
      externals: { undici: 'commonjs undici' },
    });
    await promisify(compiler?.run.bind(compiler) as (done: (error: Error | null) => void) => void)();
    return readFileSync(join(directory, `webpack-${entry}.cjs`), 'utf8');
  },
};

function run(code: string, file: string): string {
  writeFileSync(join(directory, file), code);
  return execFileSync(process.execPath, [join(directory, file)], { encoding: 'utf8' });
}

describe.each(Object.entries(bundlers))('%s', (name, bundle) => {
  const extension = name === 'webpack' ? 'cjs' : 'mjs';

  test('H2: has the hooks ready for a function that is called in a cycle', async () => {
    expect(run(await bundle('cycle'), `${name}-cycle.${extension}`)).toBe('loaded 1 function\n');
  });

  test('H11: drops the functions that nobody uses', async () => {
    const code = await bundle('some');
    expect(run(code, `${name}-some.${extension}`)).toBe('used-text1\n');
    expect(code).not.toMatch(/unused-(arrow|method|default)/);
  });

  test('H11: drops the runtime when no function is used', async () => {
    const code = await bundle('none');
    expect(code).toContain('nothing');
    expect(code.length).toBeLessThan(1_000);
  });
});

test('H66: a minifier keeps every hook, and the order of what happens', async () => {
  const source = readFileSync(join(directory, 'library.mjs'), 'utf8');
  const { code } = await minify(source, { minify: true, format: 'esm' });
  expect(code.match(/library\.mjs:\d+:/g)).toHaveLength(4);
  expect(code.match(/try\{return/g)).toHaveLength(4);
  expect(code.match(/catch\(\w+\)\{throw/g)).toHaveLength(4);
  expect(code.match(/finally\{/g)).toHaveLength(4);
});
