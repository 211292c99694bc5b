/** Installs what we are compared with when it is first needed, or when it has changed: 400 MB, so not with the rest. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

function age(file) {
  return statSync(here + file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export function install() {
  if (age('node_modules/.package-lock.json') >= age('package-lock.json')) return;
  // Nothing that is measured needs a script; and some of it is run by a newer Node than this one.
  const options = ['--ignore-scripts', '--no-engine-strict', '--no-audit', '--no-fund'];
  execFileSync('npm', ['ci', ...options], { cwd: here, stdio: ['ignore', 2, 2] });
}
