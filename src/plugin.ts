/** The plugin, for every bundler. This is the one file that knows unplugin. */
import { isAbsolute } from 'node:path';
import type { UnpluginContextMeta, UnpluginInstance, UnpluginOptions } from 'unplugin';
import { createUnplugin } from 'unplugin';
import { startBuild } from './build.ts';
import type { Flavour } from './build-module.ts';
import { buildModuleFile, isOurModule, OUR_MODULES } from './build-module.ts';
import { flavourOf } from './bundlers/edge.ts';
import { esbuildHooks } from './bundlers/esbuild.ts';
import { rollupHooks } from './bundlers/rollup.ts';
import { viteHooks } from './bundlers/vite.ts';
import type { WebpackLikeCompiler } from './bundlers/webpack.ts';
import { applyWebpackLike, readsInlineMapsOnly } from './bundlers/webpack.ts';
import { fileOfModule } from './module-id.ts';
import type { ReplayStackPluginOptions } from './options/index.ts';
import { withInlineMap, withoutInlineMap } from './sourcemaps/inline-map.ts';
import type { Convention } from './transform/conventions/types.ts';

const NAME = 'unplugin-replaystack';

/** The plugin by bundler. */
export type Instance = UnpluginInstance<ReplayStackPluginOptions | undefined, false>;

/** What is known of a build where the plugin is part of what sets a framework up. */
export interface Setting {
  /** False where the maps of finished bundles are led on to the originals, so that modules are given none. */
  isMapped?: boolean;
  /** Where the bundler's own configuration does not tell. */
  flavour?: Flavour;
  /** Vite's other plugins print modules anew before anybody else sees them, so that these must not come first. */
  isFirst?: boolean;
  /** Matches modules that are in no file and that a convention is about. */
  made?: RegExp;
}

/** @param conventions of frameworks that the project is known to be built with */
export function createPlugin(conventions: readonly Convention[], setting: Setting = {}): Instance {
  return withFreshState(createUnplugin((input, meta) => hooksOf(input, meta, conventions, setting)));
}

function hooksOf(
  input: ReplayStackPluginOptions | undefined,
  meta: UnpluginContextMeta,
  conventions: readonly Convention[],
  { isMapped = true, flavour, isFirst = false, made }: Setting,
): UnpluginOptions {
  const build = startBuild(input, conventions);
  if (build === undefined) return { name: NAME };
  if (flavour !== undefined) build.flavour = flavour;
  const { options } = build;
  const isEsbuild = meta.framework === 'esbuild';
  const { include, exclude } = options;
  const ids = {
    include: made ? [...include, made] : include,
    exclude: [
      ...exclude,
      ...(made ? [] : [/\0/]),
      /[?&](?:raw|url|inline|worker)\b|\.(?:vue|svelte|astro)\?/,
    ],
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
        ...(isFirst && { order: 'pre' }),
        filter: { id: ids, code: build.patterns },
        async handler(code, id) {
          const file = fileOfModule(id);
          // In a linked checkout the runtime lies outside of node_modules. What is in no file was made by a plugin.
          if (isOurModule(file) || !(isAbsolute(file) || made?.test(file))) return undefined;
          const output = await build.transform(code, file, (message) => this.warn(message));
          if (output === undefined) return undefined;
          const fresh = withoutInlineMap(output);
          if (!isMapped) return { code: fresh.code, map: null };
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
    return id === buildModuleFile && build ? build.load(id) : Promise.resolve(undefined);
  }
}

/** esbuild's plugin objects are shared by builds for browsers and for servers, which may even run at the same time. */
function withFreshState(instance: Instance): Instance {
  const esbuild: Instance['esbuild'] = (options) => {
    // Wrong options are told at once.
    const { name } = instance.esbuild(options);
    return { name, setup: (build) => instance.esbuild(options).setup(build) };
  };
  return Object.create(instance, { esbuild: { value: esbuild, enumerable: true } }) as Instance;
}
