/** Runs the programs of fixtures/guards as processes of their own, with guards and without. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = join(root, 'fixtures/guards');

/** What can be seen of a process from outside. */
export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  /** Without the number of the process, which Node writes into its warnings. */
  stderr: string;
}

export interface RunOptions {
  args?: string[];
  /** For Node. */
  flags?: string[];
  env?: Record<string, string>;
  /** Called when the program says that it is ready. */
  ready?: (child: ChildProcess) => void;
}

/** How a process ended, and how many milliseconds it took from its start, or from when it was ready. */
export type Ended = Outcome & { ms: number };

export interface Programs {
  directory: string;
  run(program: string, endpoint: string, guards: boolean, options?: RunOptions): Promise<Ended>;
  remove(): Promise<void>;
}

/**
 * Compiles every program into a bundle of its own, with its map beside it.
 *
 * @param options `buildModule` is what the build knew; `undici` whether it can be found where they are
 */
export async function compilePrograms(
  options: { buildModule?: string; undici?: boolean } = {},
): Promise<Programs> {
  const { buildModule = 'runtime/build.ts', undici = true } = options;
  const directory = await mkdtemp(join(tmpdir(), 'replaystack-guards-'));
  if (undici) await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await build({
    entryPoints: readdirSync(programs).map((file) => join(programs, file)),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    sourcemap: 'external',
    // The package has no side effects, but these programs have.
    ignoreAnnotations: true,
    alias: {
      '#platform': join(root, 'runtime/platform/node.ts'),
      'unplugin-replaystack/runtime/build': join(root, buildModule),
    },
  });
  return {
    directory,
    run: (program, endpoint, guards, options) =>
      run(join(directory, `${program}.mjs`), endpoint, guards, options),
    remove: () => rm(directory, { recursive: true }),
  };
}

function run(file: string, endpoint: string, guards: boolean, options: RunOptions = {}): Promise<Ended> {
  const { args = [], flags = [], env, ready } = options;
  const child = spawn(process.execPath, [...flags, file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      REPLAYSTACK_ENDPOINT: endpoint,
      // What takes milliseconds may take seconds where much else runs; it is the events that are looked for.
      REPLAYSTACK_TIMEOUT_MS: '20000',
      REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '20000',
      ...(guards && { GUARDS: '1' }),
      ...env,
    },
  });
  let began = performance.now();
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const wasReady = stdout.includes('ready');
    stdout += chunk.toString();
    if (wasReady || !stdout.includes('ready')) return;
    began = performance.now();
    ready?.(child);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout,
        stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node)'),
        ms: performance.now() - began,
      }),
    );
  });
}
