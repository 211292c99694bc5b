/** Which packages a project takes from elsewhere: what it imports by another name, an alias for one, is its own. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Beside the project, or in it: how package managers write it, and `*` is how npm's workspaces name each other. */
const NEARBY = /^(?:\*$|(?:file|link|portal|workspace):)/;

type Manifest = Partial<Record<string, Record<string, unknown>>>;

/**
 * Names of all packages that the package.json files at and above a directory declare, but for those of the project's own
 * workspaces. Undefined where there is no such file, so that nothing is known.
 */
export function declaredPackages(directory: string): ReadonlySet<string> | undefined {
  let names: string[] | undefined;
  for (let at = resolve(directory); ; at = dirname(at)) {
    try {
      const text = readFileSync(join(at, 'package.json'), 'utf8');
      names = [...(names ?? []), ...namesIn(JSON.parse(text.trim()) as Manifest)];
    } catch {
      // There is none, or one that is broken: whoever needs it to be right will complain.
    }
    if (at === dirname(at)) return names && new Set(names);
  }
}

function namesIn(manifest: Manifest): string[] {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  return [dependencies, devDependencies, peerDependencies, optionalDependencies].flatMap((declared) =>
    Object.entries(declared ?? {}).flatMap(([name, version]) => (NEARBY.test(String(version)) ? [] : [name])),
  );
}
