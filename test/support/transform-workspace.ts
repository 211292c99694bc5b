/** A temporary directory in which fixtures are compiled, and run as Node would run them in a project of their own. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Loader } from 'esbuild';
import { build, transform } from 'esbuild';
import type { Fixture } from './transform-fixtures.ts';
import { root } from './transform-fixtures.ts';
import type { RunResult } from './transform-runner.ts';

export interface Workspace {
  directory: string;
  /** Compiles a fixture's module with this text in its place, and the files beside it; for Node unless told otherwise. */
  add(version: string, fixture: Fixture, code: string, target?: string): Promise<void>;
  /** Runs the modules of a version in one process. */
  run(
    version: string,
    names: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<Record<string, RunResult>>;
  remove(): void;
}

/** The environment of an application whose events are made, and never arrive: nothing listens there. */
export const ACTIVE: NodeJS.ProcessEnv = {
  REPLAYSTACK_API_KEY: 'test',
  REPLAYSTACK_ENDPOINT: 'http://127.0.0.1:9',
};

const NODE = 'node20';

const PACKAGES = [
  '@hapi',
  '@trpc',
  'elysia',
  'express',
  'express4',
  'fastify',
  'h3',
  'h3-1',
  'hono',
  '@hono',
  '@apollo',
  '@graphql-tools',
  'graphql',
  'graphql-yoga',
  'koa',
  '@koa',
  'polka',
  'undici',
].concat(['cron', 'croner', 'node-cron', 'node-schedule']);

/** Fixtures of older versions, by folder: the package that is meant there, and where it is. */
const VERSIONS: Record<string, [name: string, installed: string]> = {
  'express-4': ['express', 'express4'],
  'h3-1': ['h3', 'h3-1'],
};

export async function createWorkspace(): Promise<Workspace> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'replaystack-transform-')));
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, 'unplugin-replaystack'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{}');
  for (const name of PACKAGES) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  await buildRuntime(join(modules, 'unplugin-replaystack'));
  await build({
    entryPoints: [join(root, 'test/support/transform-runner.ts')],
    outfile: join(directory, 'runner.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  let runs = 0;
  return {
    directory,
    async add(version, fixture, code, target = NODE) {
      const folder = join(directory, version, fixture.name);
      mkdirSync(folder, { recursive: true });
      useVersion(join(directory, version), fixture.name);
      const compilerOptions = readCompilerOptions(fixture.directory);
      for (const file of readdirSync(fixture.directory)) {
        if (/^(output\.|tsconfig)/.test(file)) continue;
        const isInput = file.startsWith('input.');
        const text = isInput ? code : readFileSync(join(fixture.directory, file), 'utf8');
        if (!/\.[cm]?[jt]sx?$/.test(file)) {
          copyFileSync(join(fixture.directory, file), join(folder, file));
          continue;
        }
        const cjs = isInput ? fixture.kind === 'cjs' : /\.c[jt]s$/.test(file);
        const compiled = await compile(text, file, { cjs, target: isInput ? target : NODE, compilerOptions });
        writeFileSync(join(folder, `${basename(file, extname(file))}.${cjs ? 'cjs' : 'mjs'}`), compiled);
      }
    },
    async run(version, names, environment) {
      const list = join(directory, `run-${++runs}`);
      writeFileSync(`${list}.json`, JSON.stringify(names));
      const args = [join(directory, 'runner.mjs'), join(directory, version), `${list}.json`, `${list}.log`];
      await promisify(execFile)(process.execPath, args, {
        env: { PATH: process.env['PATH'], ...environment },
      });
      return JSON.parse(readFileSync(`${list}.log`, 'utf8')) as Record<string, RunResult>;
    },
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The real runtime, as the package has it: one file for `import`, one for `require`. */
async function buildRuntime(target: string): Promise<void> {
  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ] as const) {
    await build({
      entryPoints: [join(root, 'runtime/index.ts')],
      outfile: join(target, `runtime.${extension}`),
      bundle: true,
      format,
      platform: 'node',
      external: ['undici'],
      alias: {
        '#platform': join(root, 'runtime/platform/node.ts'),
        'unplugin-replaystack/runtime/build': join(root, 'runtime/build.ts'),
      },
      define: { __REPLAYSTACK_VERSION__: '"0.0.0"' },
      logLevel: 'error',
    });
  }
  writeFileSync(
    join(target, 'package.json'),
    JSON.stringify({
      sideEffects: false,
      exports: { './runtime': { import: './runtime.mjs', require: './runtime.cjs' } },
    }),
  );
}

/** In the folders for an older version, the package is that. */
function useVersion(version: string, name: string): void {
  const folder = join(version, dirname(name));
  const [meant, installed] = VERSIONS[basename(folder)] ?? [];
  if (meant === undefined || installed === undefined) return;
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  try {
    symlinkSync(join(root, 'node_modules', installed), join(folder, 'node_modules', meant));
  } catch {
    // The fixture before has done it.
  }
}

function readCompilerOptions(directory: string): object {
  if (!readdirSync(directory).includes('tsconfig.json')) return {};
  const { compilerOptions } = JSON.parse(readFileSync(join(directory, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: object;
  };
  return compilerOptions;
}

interface CompileOptions {
  cjs: boolean;
  target: string;
  compilerOptions: object;
}

/** What Node understands goes to it as it is. */
async function compile(
  text: string,
  file: string,
  { cjs, target, compilerOptions }: CompileOptions,
): Promise<string> {
  if (/\.[cm]?js$/.test(file) && target === NODE) return text;
  const { code } = await transform(text, {
    loader: extname(file).replace(/^\.[cm]?/, '') as Loader,
    format: cjs ? 'cjs' : 'esm',
    target,
    sourcefile: file,
    tsconfigRaw: { compilerOptions },
  });
  return code;
}
