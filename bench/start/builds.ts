/** What is started: the application in four ways, and what others want to be loaded ahead of it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';
import replaystack from 'unplugin-replaystack/esbuild';

// Inside the checkout, so that what is external is found.
const folder = resolve('bench/node_modules/.cache/start');

/** @returns the file that was written */
export async function bundle(name: string, entry: string, options: BuildOptions = {}): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [resolve('bench/start', entry)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['undici'],
    // Express is CommonJS, which asks for Node's builtins by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
    ...options,
  });
  return outfile;
}

export const instrumented: BuildOptions = {
  plugins: [replaystack({ include: [/bench\/start\/application/], summary: false, sourcemap: false })],
};

/** Puts a stand-in for undici beside the bundles, which tells that it was loaded. */
export async function placeUndici(): Promise<void> {
  const place = join(folder, 'node_modules/undici');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), '{"name":"undici","version":"0.0.0","main":"index.js"}');
  await writeFile(join(place, 'index.js'), 'globalThis.undiciIsLoaded = true;');
}
