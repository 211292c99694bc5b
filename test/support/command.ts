/** The command `replaystack` as users run it: bundled, in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { cleanEnvironment } from './e2e-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  input?: string;
  environment?: Record<string, string>;
}

export interface Command extends AsyncDisposable {
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
}

export async function bundleCommand(): Promise<Command> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'replaystack-command-'));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await build({
    entryPoints: { replaystack: join(root, 'src/cli/index.ts') },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    define: { __REPLAYSTACK_VERSION__: JSON.stringify(version) },
  });
  return {
    run: (args, options) => runNode([join(directory, 'replaystack.mjs'), ...args], options),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

export function runNode(
  args: readonly string[],
  { cwd = root, input = '', environment = {} }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const env = cleanEnvironment(environment);
    const child = execFile(process.execPath, args, { cwd, env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
    child.stdin?.on('error', () => {}).end(input);
  });
}
