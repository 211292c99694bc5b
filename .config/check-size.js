// What an instrumented application carries of us: a bundle of what its framework makes it import, minified and packed. Fails
// when that grows beyond what it was; `npm run bench -- size` tells which folder costs what, and what others weigh.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** In bytes, with little to spare: to raise one is a decision. */
const LIMITS = [
  { flavour: 'node', hooks: 'enter, exit, fail, settle, expressApp, expressHandler', limit: 37_000 },
  { flavour: 'node', hooks: 'enter, exit, fail, settle, nodeCronJob, bullmqJob', limit: 34_900 },
  { flavour: 'edge', hooks: 'enter, exit, fail, settle, honoApp', limit: 24_700 },
];

for (const { flavour, hooks, limit } of LIMITS) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${hooks} } from './dist/runtime/${flavour}.js';`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: flavour === 'node' ? 'node' : 'neutral',
    external: ['undici'],
  });
  const size = gzipSync(outputFiles[0].contents).length;
  console.info(`${flavour}: ${size} bytes with gzip, at most ${limit}`);
  if (size > limit) process.exitCode = 1;
}
