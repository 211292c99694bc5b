// node bench/run.js [name] [arguments]: compiles bench/<name>/index.ts and runs it; without a name all of them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { install } from './install.js';

/** In the order of `npm run bench`; `faults` takes a quarter of an hour and is run by its name. */
const NAMES = ['size', 'mask', 'hook', 'start', 'build', 'request', 'outage'];

const root = fileURLToPath(new URL('..', import.meta.url));
const [first, ...others] = process.argv.slice(2);
const isNamed = first !== undefined && !first.startsWith('-');
if (isNamed && ![...NAMES, 'faults'].includes(first)) {
  console.error(`No benchmark "${first}" here. There are: ${NAMES.join(', ')}, faults.`);
  process.exit(2);
}
const rest = isNamed ? others : process.argv.slice(2);
install();
for (const name of isNamed ? [first] : NAMES) {
  if (!isNamed) console.error(`\n${name}`);
  process.exitCode = Math.max(Number(process.exitCode ?? 0), run(name));
}

function run(name) {
  // Beside the sources, so that what we are compared with is found.
  const outfile = join(root, 'bench/node_modules/.cache/bench', `${name}.mjs`);
  buildSync({
    entryPoints: [join(root, 'bench', name, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    alias: {
      '#platform': join(root, 'runtime/platform/node.ts'),
      'unplugin-replaystack/runtime/build': join(root, 'runtime/build.ts'),
    },
  });
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...rest], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
}
