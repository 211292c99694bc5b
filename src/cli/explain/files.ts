/** The files that the command line names. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { Failure } from '../failure.ts';

const SCRIPTS = '**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}';

/**
 * Absolute paths, each once: files as they are, scripts of directories, and whatever globs match. Packages are left out, unless a
 * pattern names them.
 *
 * @throws Failure for one that names no file
 */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const found = await filesOf(pattern);
    if (found.length === 0) throw new Failure(`No file matches ${pattern}.`);
    for (const file of found.sort()) files.add(resolve(file));
  }
  return [...files];
}

async function filesOf(pattern: string): Promise<string[]> {
  const ignore = pattern.includes('node_modules') ? [] : ['**/node_modules/**'];
  // Brackets are part of many a path: what is there is what is meant.
  const stats = statSync(pattern, { throwIfNoEntry: false });
  if (stats?.isFile()) return [pattern];
  if (stats?.isDirectory()) return glob(SCRIPTS, { cwd: pattern, ignore, absolute: true });
  const posix = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  if (!isDynamicPattern(posix)) throw new Failure(`There is no file ${pattern}.`);
  return glob(posix, { ignore, absolute: true, expandDirectories: false });
}
