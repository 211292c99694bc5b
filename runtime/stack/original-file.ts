/** Turns what a source map calls a source into the file's path in the project. */
import { toPath } from './parse.ts';

/** What says no more than how modules are to be read is in what was built: `.next`, `dist/cjs`. */
const TYPE_ALONE = /^\s*\{\s*"type"\s*:\s*"\w+"\s*\}\s*$/;

/**
 * The project that a file belongs to: the nearest directory above it with a package.json, else the one the process
 * runs in. Only a deployed copy may be at hand, so neither need be where the project was built.
 */
export function projectRoot(file: string): string {
  const { dirname, join } = process.getBuiltinModule('node:path');
  const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
  let built: string | undefined;
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest)) {
      if (!TYPE_ALONE.test(readFileSync(manifest, 'utf8'))) return dir;
      built ??= dir;
    }
    if (dir === dirname(dir)) return built ?? process.cwd();
  }
}

/**
 * The file's path from the project's root, with POSIX slashes. Undefined for libraries and for what a bundler made up.
 *
 * @param source - As the map has it: relative to `mapDir`, absolute, a `file:` URL or `webpack://name/./src/a.ts`.
 */
export function originalFile(source: string, mapDir: string, root: string): string | undefined {
  const { isAbsolute, relative, resolve, posix } = process.getBuiltinModule('node:path');
  const name = decoded(toPath(source.replaceAll('\\', '/'))).replace(/\?.*/s, '');
  if (/(?:^|\/)node_modules\/|\0/.test(name)) return undefined;
  // The namespace is the package's name, which may have a scope.
  const scheme = /^[a-z][\w+.-]+:\/\/(?:@[^/]+\/)?[^/]*\/(?:\[project\]\/)?/i.exec(name)?.[0];
  const path = scheme
    ? posix.normalize(name.slice(scheme.length))
    : relative(root, resolve(mapDir, name)).replaceAll('\\', '/');
  if (scheme && /^(?:webpack\/|external )/.test(path)) return undefined;
  // Built somewhere else, and the map says where: no part of that path is known to be the project's.
  if (path.startsWith('../') && isAbsolute(name)) return name;
  return path.replace(/^(?:\.\.\/)+/, '');
}

/** Sources are URLs, as the standard has it. Most bundlers write paths, in which a `%` is hardly ever to be found. */
function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}
