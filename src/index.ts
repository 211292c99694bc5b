/**
 * The plugin, for every bundler. This is the one file that knows unplugin.
 *
 * @module
 */
import { isAbsolute } from 'node:path';
import type { UnpluginFactory, UnpluginInstance, UnpluginOptions } from 'unplugin';
import { createUnplugin } from 'unplugin';
import { createBuild } from './build.ts';
import { buildModuleFile, isOurModule, OUR_MODULES } from './build-module.ts';
import { flavourOf } from './bundlers/edge.ts';
import { esbuildHooks } from './bundlers/esbuild.ts';
import { rollupHooks } from './bundlers/rollup.ts';
import { viteHooks } from './bundlers/vite.ts';
import type { WebpackLikeCompiler } from './bundlers/webpack.ts';
import { applyWebpackLike, readsInlineMapsOnly } from './bundlers/webpack.ts';
import { fileOfModule } from './module-id.ts';
import type { ReplayStackPluginOptions } from './options/index.ts';
import { resolveOptions } from './options/index.ts';
import { withInlineMap, withoutInlineMap } from './sourcemaps/inline-map.ts';
import { recognisers } from './transform/frameworks/index.ts';
import { jobs } from './transform/jobs/index.ts';

export type { FilterPattern, FunctionOptions, ReplayStackPluginOptions } from './options/index.ts';
export type { ReleaseOptions } from './release/index.ts';
export type { Report } from './report.ts';
export type { Factory, Recogniser } from './transform/frameworks/types.ts';

const NAME = 'unplugin-replaystack';

const factory: UnpluginFactory<ReplayStackPluginOptions | undefined, false> = (input, meta) => {
  const options = resolveOptions(input, {
    routes: recognisers.map(({ name }) => name),
    jobs: jobs.map(({ name }) => name),
  });
  if (!options.enabled) return { name: NAME };
  const build = createBuild(options, { recognisers, jobs });
  const isEsbuild = meta.framework === 'esbuild';
  const { include, exclude } = options;
  const ids = {
    include,
    exclude: [...exclude, /\0/, /[?&](?:raw|url|inline|worker)\b|\.(?:vue|svelte|astro)\?/],
  };
  return {
    name: NAME,
    // Comments are pragmas, and TypeScript's types are evidence: the source must come here before anything strips it.
    enforce: 'pre',
    // esbuild resolves and loads by itself; a plugin's modules would get into a namespace of their own.
    ...(!isEsbuild && {
      // webpack numbers modules by the loaders they went through: even one that does nothing would leave its mark.
      transformInclude: () => build.inactive === undefined,
      transform: {
        filter: { id: ids, code: build.patterns },
        async handler(code, id) {
          const file = fileOfModule(id);
          // In a linked checkout the runtime lies outside of node_modules. What is in no file was made by a plugin.
          if (isOurModule(file) || !isAbsolute(file)) return undefined;
          const output = await build.transform(code, file, (message) => this.warn(message));
          if (output === undefined) return undefined;
          const fresh = withoutInlineMap(output);
          return readsInlineMapsOnly(this.getNativeBuildContext?.()) ? withInlineMap(fresh) : fresh;
        },
      },
      resolveId: {
        filter: { id: OUR_MODULES },
        handler(id) {
          const file = build.resolve(id, flavourOf(this));
          return file === undefined ? undefined : { id: file, moduleSideEffects: false };
        },
      },
      load: { filter: { id: /[\\/]runtime[\\/]build\.js$/ }, handler: (id) => loadOurs(id) },
    }),
    buildStart: () => build.start(),
    writeBundle: () => build.end(),
    // Three bundlers' own types for hooks that are the same.
    vite: viteHooks(build) as UnpluginOptions['vite'],
    rollup: rollupHooks(build) as UnpluginOptions['rollup'],
    rolldown: rollupHooks(build) as UnpluginOptions['rolldown'],
    esbuild: esbuildHooks(build, ids),
    webpack: (compiler) => applyWebpackLike(build, compiler as unknown as WebpackLikeCompiler),
    rspack: (compiler) => applyWebpackLike(build, compiler as unknown as WebpackLikeCompiler),
  };

  function loadOurs(id: string): Promise<string | undefined> {
    return id === buildModuleFile ? build.load(id) : Promise.resolve(undefined);
  }
};

/** esbuild's plugin objects are shared by builds for browsers and for servers, which may even run at the same time. */
function withFreshState<T extends UnpluginInstance<ReplayStackPluginOptions | undefined, false>>(
  instance: T,
): T {
  const esbuild: T['esbuild'] = (options) => {
    // Wrong options are told at once.
    const { name } = instance.esbuild(options);
    return { name, setup: (build) => instance.esbuild(options).setup(build) };
  };
  return Object.create(instance, { esbuild: { value: esbuild, enumerable: true } }) as T;
}

/**
 * The plugin by bundler: `unplugin.vite(options)`, `unplugin.webpack(options)`, …. Configurations are better off with the entry
 * point of their bundler, `unplugin-replaystack/vite` and so on, which load nothing of the others.
 */
export const unplugin: UnpluginInstance<ReplayStackPluginOptions | undefined, false> =
  /* @__PURE__ */ withFreshState(createUnplugin(factory));

/** @alias */
export default unplugin;
