/** Frameworks that find their handlers by files and names: which of them a project is built with. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { astro } from '../../transform/conventions/astro.ts';
import { conventions as common } from '../../transform/conventions/index.ts';
import { next } from '../../transform/conventions/next.ts';
import type { Convention } from '../../transform/conventions/types.ts';

export const conventions: readonly Convention[] = [...common, next, astro];

/** What a project installs to be built with a framework. */
const PACKAGES: Readonly<Record<string, string>> = {
  'react-router': '@react-router/dev',
  sveltekit: '@sveltejs/kit',
  next: 'next',
  astro: 'astro',
};

interface Manifest {
  dependencies?: Record<string, unknown>;
  devDependencies?: Record<string, unknown>;
}

/** Those that the nearest package.json at or above a directory speaks of; the build knows by whose plugin it is. */
export function conventionsOf(directory: string): Convention[] {
  const { dependencies, devDependencies } = manifestAbove(directory);
  const installed = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  return conventions.filter(({ name }) => installed.has(PACKAGES[name] ?? ''));
}

function manifestAbove(directory: string): Manifest {
  for (let at = directory; ; at = dirname(at)) {
    try {
      return JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Manifest;
    } catch {
      if (at === dirname(at)) return {};
    }
  }
}
