/** Installs what larger applications need when it is first needed, or has changed: too much to go with the rest. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const applications: string = fileURLToPath(new URL('../../fixtures/apps', import.meta.url));

/** Undefined if there is no such file. */
function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What a directory's own lock file names. */
export function installLocked(directory: string): void {
  const lock = join(directory, 'package-lock.json');
  const installed = join(directory, 'node_modules/.installed.json');
  if (read(installed) === read(lock)) return;
  // Some of what NestJS brings for what is not used here asks for a newer Node.
  const options = ['--ignore-scripts', '--no-engine-strict', '--no-audit', '--no-fund'];
  execFileSync('npm', ['ci', ...options], { cwd: directory, stdio: 'inherit' });
  copyFileSync(lock, installed);
}

/** Those that have a lock file of their own. */
export function installApplications(isWanted: (name: string) => boolean): void {
  for (const name of readdirSync(applications).filter(isWanted)) {
    const directory = join(applications, name);
    if (existsSync(join(directory, 'package-lock.json'))) installLocked(directory);
  }
}
