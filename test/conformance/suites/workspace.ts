/** A place where packages are next to each other as npm would have them, so that each uses the copies of the others. */
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Workspace {
  directory: string;
  /** The directory of a package that was copied into it. */
  packageOf(name: string): string;
}

/**
 * @param directory to be made
 * @param installed a node_modules with the packages, and all that their tests need
 * @param names of the packages to copy; the others are linked to
 */
export function createWorkspace(directory: string, installed: string, names: readonly string[]): Workspace {
  const packageOf = (name: string): string => join(directory, 'packages', name);
  for (const name of names) {
    const from = join(installed, name);
    const isOwn = (source: string): boolean => !source.slice(from.length).includes('node_modules');
    cpSync(from, packageOf(name), { recursive: true, filter: isOwn });
    const nested = join(from, 'node_modules');
    if (existsSync(nested)) symlinkSync(nested, join(packageOf(name), 'node_modules'));
  }
  for (const name of packagesIn(installed)) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(names.includes(name) ? packageOf(name) : join(installed, name), link);
  }
  return { directory, packageOf };
}

function packagesIn(installed: string): string[] {
  return readdirSync(installed).flatMap((name) => {
    if (name.startsWith('.')) return [];
    return name.startsWith('@') ? readdirSync(join(installed, name)).map((own) => `${name}/${own}`) : [name];
  });
}
