/** Nitro bundles a server with Rollup, and runs plugins of its own when that starts: it takes one of each. */
import { fileURLToPath } from 'node:url';
import type { ReplayStackPluginOptions } from '../options/index.ts';
import { EXCLUDE } from '../options/index.ts';
import { createPlugin } from '../plugin.ts';
import { isEdge } from './edge.ts';
import { loadMapsOf } from './nested-maps.ts';
import type { PublicAssets, RenderedPage } from './public-paths.ts';
import { pagePaths, publicPaths } from './public-paths.ts';

// Beside the file that this source is built into.
const distribution = fileURLToPath(new URL('.', import.meta.url));

/** What is used of a Nitro that is being set up. */
export interface Nitro {
  options: {
    preset?: string;
    baseURL?: string;
    plugins: string[];
    /** Conditions under which packages are resolved. */
    exportConditions?: unknown;
    /** Names that a text stands for in whatever is bundled. */
    replace: Record<string, unknown>;
    publicAssets: PublicAssets[];
    /** Its own files, which the modules that it makes are in. */
    buildDir: string;
    externals?: { inline?: unknown[] };
  };
  hooks: {
    hook(name: 'rollup:before', listener: (nitro: unknown, config: RollupConfig) => void): unknown;
    /** Before the server itself is bundled; not where Vite bundles it. */
    hook(name: 'prerender:done', listener: (result: { prerenderedRoutes: RenderedPage[] }) => void): unknown;
  };
}

interface RollupConfig {
  plugins?: unknown;
}

/** The preset of what renders pages in advance. */
const PRERENDERER = 'nitro-prerender';

/** What the plugin of Nitro's has in the place of the paths of files and pages. */
const PUBLIC_PATHS = '__REPLAYSTACK_PUBLIC_PATHS__';

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
  const flavour = isEdge(nitro.exportConditions) ? 'edge' : 'node';
  const plugin = createPlugin([], { flavour }).rollup(withoutBuilt(options, nitro.buildDir));
  // What renders pages in advance is a server as well, and none in production.
  if (!enabled || nitro.preset === PRERENDERER) return;
  if (routes === true || (routes !== false && routes.includes('h3'))) {
    nitro.plugins.unshift(RUNTIME[framework]);
    const files = publicPaths(nitro.publicAssets, nitro.baseURL);
    const tell = (pages: string[]): void => {
      nitro.replace[PUBLIC_PATHS] = JSON.stringify({ files, pages });
    };
    tell([]);
    hooks.hook('prerender:done', ({ prerenderedRoutes }) =>
      tell(pagePaths(prerenderedRoutes, nitro.baseURL)),
    );
    // Left to Node, it would bring a runtime along that knows nothing of the build.
    nitro.externals = {
      ...nitro.externals,
      inline: [...(nitro.externals?.inline ?? []), distribution, 'unplugin-replaystack'],
    };
  }
  hooks.hook('rollup:before', (_, config) => {
    config.plugins = [
      plugin,
      framework === 'nuxt' ? loadMapsOf(`${nitro.buildDir}/dist/server`) : [],
      config.plugins,
    ].flat();
  });
}

/** What was built is instrumented already, or was made by the framework. */
function withoutBuilt(options: ReplayStackPluginOptions, buildDir: string): ReplayStackPluginOptions {
  const { exclude = EXCLUDE } = options;
  return { ...options, exclude: [exclude, `${buildDir.replaceAll('\\', '/')}/**`].flat() };
}
