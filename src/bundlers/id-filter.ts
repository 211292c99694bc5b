/** The patterns of the options `include` and `exclude`, for a bundler that filters by one regular expression alone. */
import { resolve } from 'node:path';
import picomatch from 'picomatch';

export interface IdPatterns {
  include: readonly (string | RegExp)[];
  exclude: readonly (string | RegExp)[];
}

/** A test for paths; a glob is relative to the working directory, as it is in the other bundlers' filters. */
export function createIdFilter({ include, exclude }: IdPatterns): (id: string) => boolean {
  const included = include.map(toTest);
  const excluded = exclude.map(toTest);
  return (id) => {
    const path = id.replaceAll('\\', '/');
    return !excluded.some((test) => test(path)) && included.some((test) => test(path));
  };
}

function toTest(pattern: string | RegExp): (path: string) => boolean {
  if (typeof pattern === 'string') return picomatch(absolute(pattern.replaceAll('\\', '/')), { dot: true });
  return (path) => {
    // It may be sticky or global, and remember where it was.
    pattern.lastIndex = 0;
    return pattern.test(path);
  };
}

function absolute(glob: string): string {
  if (/^(?:\*\*|\/|[a-z]:\/)/i.test(glob)) return glob;
  const directory = resolve().replaceAll('\\', '/');
  return `${directory.replaceAll(/[$^*+?.()|[\]{}]/g, String.raw`\$&`)}/${glob.replace(/^\.\//, '')}`;
}
