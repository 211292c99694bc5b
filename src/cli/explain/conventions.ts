/** Frameworks that find their handlers by files and names: which of them a project is built with. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { astro } from '../../transform/conventions/astro.ts';
import { conventions as common } from '../../transform/conventions/index.ts';
import { next } from '../../transform/conventions/next.ts';
import { solidStart } from '../../transform/conventions/solid-start.ts';
import type { Convention } from '../../transform/conventions/types.ts';

export const conventions: readonly Convention[] = [...common, next, astro, solidStart];

/** Of frameworks that are built with a plugin of their own, by the package that a project installs. */
const OWN: Readonly<Record<string, readonly Convention[]>> = {
  next: [next],
  astro: [astro],
  '@solidjs/start': [solidStart],
  nuxt: [],
  nitropack: [],
  nitro: [],
};

/** What a project installs to be built with a framework by the plugin of its bundler. */
const PACKAGES: Readonly<Record<string, string>> = {
  'react-router': '@react-router/dev',
  sveltekit: '@sveltejs/kit',
};

interface Manifest {
  dependencies?: Record<string, unknown>;
  devDependencies?: Record<string, unknown>;
}

/** Those that a build follows, told by the nearest package.json at or above a directory; the build knows by whose plugin it is. */
export function conventionsOf(directory: string): readonly Convention[] {
  const { dependencies, devDependencies } = manifestAbove(directory);
  const installed = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  const own = Object.keys(OWN).find((name) => installed.has(name));
  if (own !== undefined) return OWN[own] ?? [];
  return common.filter(({ name }) => {
    const needed = PACKAGES[name];
    return needed === undefined || installed.has(needed);
  });
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
