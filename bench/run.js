// node bench/run.js <name> [arguments]: compiles bench/<name>/index.ts and runs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', ...rest] = process.argv.slice(2);
const source = join(root, 'bench', name, 'index.ts');
if (name === '' || !existsSync(source)) {
  console.error(`No benchmark "${name}" here: faults, mask`);
  process.exit(2);
}

const outfile = join(root, 'node_modules/.cache/replaystack-bench', `${name}.mjs`);
buildSync({
  entryPoints: [source],
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
process.exitCode = status ?? 1;
