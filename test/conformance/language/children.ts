/** Processes that programs are run in, made of files of this directory. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root: string = fileURLToPath(new URL('../../..', import.meta.url));
const output = join(root, '.tmp/language');

/** A process that answers each message with one. */
export interface Child {
  ask<T>(question: unknown): Promise<T>;
  end(): void;
}

const common = {
  bundle: true,
  platform: 'node',
  packages: 'external',
  alias: {
    '#platform': join(root, 'runtime/platform/node.ts'),
    'unplugin-replaystack/runtime/build': join(root, 'runtime/build.ts'),
  },
  define: { __REPLAYSTACK_VERSION__: '"0.0.0"' },
  logLevel: 'error',
} as const;

/** Bundles a program of this directory. */
export async function buildChild(name: string): Promise<string> {
  const outfile = join(output, `${name}.mjs`);
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  await build({ ...common, entryPoints: [entry], outfile, format: 'esm' });
  return outfile;
}

/** Bundles the hooks as a text of their own, to be evaluated in any realm. */
export async function buildHooks(): Promise<string> {
  const outfile = join(output, 'hooks.cjs');
  await build({ ...common, entryPoints: [join(root, 'runtime/observe/hooks.ts')], outfile, format: 'cjs' });
  return outfile;
}

export function startChild(file: string, env: NodeJS.ProcessEnv): Child {
  const execArgv = ['--experimental-vm-modules', '--no-warnings', '--max-old-space-size=2048'];
  const child: ChildProcess = fork(file, { execArgv, env: { PATH: process.env['PATH'], ...env } });
  // Asked one thing at a time.
  let pending: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;
  child.on('message', (answer) => pending?.resolve(answer));
  child.on('error', (error) => pending?.reject(error));
  child.on('exit', (code) => pending?.reject(new Error(`the process has ended with ${String(code)}`)));
  return {
    ask: <T>(question: unknown) =>
      new Promise<T>((resolve, reject) => {
        pending = { resolve: resolve as (answer: unknown) => void, reject };
        child.send(question as object);
      }),
    end: () => void child.kill(),
  };
}
