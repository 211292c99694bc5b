/** Nitro as a plugin of Vite's: it bundles once more what Vite has built for the server, and looks for modules in other plugins. */
import { resolve } from 'node:path';
import type { Build } from '../build.ts';
import { loadMapsOf } from './nested-maps.ts';
import { chooseSourcemap } from './rollup.ts';

/** What is used of a Nitro that is being set up. */
interface Nitro {
  options: {
    dev?: boolean;
    buildDir: string;
    sourcemap?: boolean | 'inline' | 'hidden';
  };
  hooks: {
    hook(name: 'rollup:before', listener: (nitro: unknown, config: { plugins?: unknown }) => void): unknown;
  };
}

/** A module of Nitro's. */
export interface NestedNitro {
  name: string;
  setup(nitro: Nitro): void;
}

/** Has Nitro write maps, which it does not by itself, that lead on to the sources. */
export function nestedNitro(build: Build): NestedNitro {
  return {
    name: 'unplugin-replaystack',
    setup({ options, hooks }) {
      if (options.dev === true) return;
      const services = `${options.buildDir}/vite/services`;
      build.built = `${resolve(services).replaceAll('\\', '/')}/`;
      options.sourcemap = chooseSourcemap(build, options.sourcemap || undefined) ?? false;
      hooks.hook('rollup:before', (_, config) => {
        config.plugins = [loadMapsOf(services), config.plugins].flat();
      });
    },
  };
}
