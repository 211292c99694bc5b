/** Installs what the larger frameworks' applications need when it is first needed, or has changed: too much to go with the rest. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const applications: string = fileURLToPath(new URL('../../fixtures/apps', import.meta.url));

/** Milliseconds; 0 if there is no such file. */
function modified(...segments: string[]): number {
  return statSync(join(applications, ...segments), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export default function install(): void {
  for (const name of readdirSync(applications)) {
    const locked = modified(name, 'package-lock.json');
    if (modified(name, 'node_modules/.package-lock.json') >= locked) continue;
    // Some of what NestJS brings for what is not used here asks for a newer Node.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-engine-strict', '--no-audit', '--no-fund'], {
      cwd: join(applications, name),
      stdio: 'inherit',
    });
  }
}
