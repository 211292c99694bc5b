/** Nitro bundles a server with Rollup, and runs plugins of its own when that starts: it takes one of each. */
import { fileURLToPath } from 'node:url';
import type { ReplayStackPluginOptions } from '../options/index.ts';
import { EXCLUDE } from '../options/index.ts';
import { createPlugin } from '../plugin.ts';

// Beside the file that this source is built into.
const distribution = fileURLToPath(new URL('.', import.meta.url));

/** What is used of a Nitro that is being set up. */
export interface Nitro {
  options: {
    dev?: boolean;
    plugins: string[];
    /** Its own files, which the modules that it makes are in. */
    buildDir: string;
    externals?: { inline?: unknown[] };
  };
  hooks: { hook(name: 'rollup:before', listener: (nitro: unknown, config: RollupConfig) => void): unknown };
}

interface RollupConfig {
  plugins?: unknown;
}

/** The plugin of Nitro's, by the framework that it is for. */
const RUNTIME: Record<'nitro' | 'nuxt', string> = {
  nitro: `${distribution}runtime/nitro.js`,
  nuxt: `${distribution}runtime/nuxt.js`,
};

/**
 * Sets a Nitro up.
 *
 * @param framework that its events are to carry
 * @throws when there is something wrong with the options
 */
export function extendNitro(
  { options: nitro, hooks }: Nitro,
  options: ReplayStackPluginOptions,
  framework: keyof typeof RUNTIME,
): void {
  const { enabled = true, routes = true } = options;
  const plugin = createPlugin([]).rollup(withoutBuilt(options, nitro.buildDir));
  if (!enabled) return;
  if (routes === true || (routes !== false && routes.includes('h3'))) {
    nitro.plugins.unshift(RUNTIME[framework]);
    // Left to Node, it would bring a runtime along that knows nothing of the build.
    nitro.externals = {
      ...nitro.externals,
      inline: [...(nitro.externals?.inline ?? []), distribution, 'unplugin-replaystack'],
    };
  }
  hooks.hook('rollup:before', (_, config) => {
    config.plugins = [plugin, config.plugins].flat();
  });
}

/** What was built is instrumented already, or was made by the framework. */
function withoutBuilt(options: ReplayStackPluginOptions, buildDir: string): ReplayStackPluginOptions {
  const { exclude = EXCLUDE } = options;
  return { ...options, exclude: [exclude, `${buildDir.replaceAll('\\', '/')}/**`].flat() };
}
