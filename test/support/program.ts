/** Fixture programs that use the runtime, bundled, each run in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Program extends AsyncDisposable {
  /** The bundle. */
  file: string;
  /** Runs it to its end. The environment is the arguments' alone. */
  run(args: string[], environment?: Record<string, string>): Promise<Ended>;
}

export interface Ended {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

/** @param path of its module, below fixtures/runtime */
export async function bundleProgram(path: string): Promise<Program> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'replaystack-program-'));
  const file = join(directory, 'program.mjs');
  await build({
    entryPoints: [join(root, 'fixtures/runtime', path)],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: {
      '#platform': join(root, 'runtime/platform/node.ts'),
      'unplugin-replaystack/runtime/build': join(root, 'runtime/build.ts'),
    },
  });
  return {
    file,
    run: (args, environment = {}) =>
      new Promise((resolve) => {
        execFile(process.execPath, [file, ...args], { env: environment }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
        );
      }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
