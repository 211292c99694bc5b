/** Installs the platforms when they are first needed, or when they have changed: more than a gigabyte, so not with the rest. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here: string = fileURLToPath(new URL('.', import.meta.url));

function age(file: string): number {
  return statSync(here + file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export default function install(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The platforms to test on are packages for Linux on x64.');
  }
  if (age('node_modules/.package-lock.json') >= age('package-lock.json')) return;
  // The binaries are packages of their own; what scripts would do is to look for them. Some of it is run by another Node.
  const options = ['--ignore-scripts', '--no-engine-strict', '--no-audit', '--no-fund'];
  execFileSync('npm', ['ci', ...options], { cwd: here, stdio: 'inherit' });
}
