/** Name and version of the program, as the nearest package.json files give them. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toValue, type Warn } from './values.ts';

export interface Package {
  /** Without its scope. */
  name: string | undefined;
  version: string | undefined;
}

/**
 * Reads upward from `root`, and takes each of the two from the nearest file that has it: in a monorepo the version is
 * often at the top only, and a `{ "type": "module" }` beside the sources has neither.
 *
 * @param top Last directory to look in; the file system's root when it is not known.
 */
export async function readPackage(root: string, top: string | undefined, warn: Warn): Promise<Package> {
  const found: Package = { name: undefined, version: undefined };
  for (let directory = resolve(root); ; directory = dirname(directory)) {
    const { name, version } = await readManifest(directory);
    found.name ??= toValue(name, 'name in package.json', warn)?.replace(/^@[^/]*\//, '');
    found.version ??= toValue(version, 'version in package.json', warn);
    const complete = found.name !== undefined && found.version !== undefined;
    if (complete || directory === top || directory === dirname(directory)) return found;
  }
}

/** A file that is missing or no JSON says nothing; whoever needs it to be right will complain. */
async function readManifest(directory: string): Promise<{ name?: unknown; version?: unknown }> {
  try {
    const text = await readFile(join(directory, 'package.json'), 'utf8');
    const manifest: unknown = JSON.parse(text.trim());
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    return {};
  }
}
