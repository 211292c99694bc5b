/** SolidStart 1 is built by Vinxi: each of its routers by Vite, and what comes of that once more, by Nitro. It takes a plugin of each. */
import type { ReplayStackPluginOptions } from '../options/index.ts';
import { INCLUDE } from '../options/index.ts';
import { createPlugin } from '../plugin.ts';
import { solidStart } from '../transform/conventions/solid-start.ts';
import { loadMapsOf } from './nested-maps.ts';

/** What is used of a configuration of Vite's. */
interface ViteConfig {
  plugins?: readonly unknown[];
}

/** What is used of SolidStart's. */
export interface SolidStartConfig {
  vite?: ViteConfig | ((router: object) => ViteConfig | Promise<ViteConfig>);
  server?: { modules?: readonly unknown[] };
}

/** What is used of a Nitro that is being set up. */
interface Nitro {
  options: { buildDir: string };
  hooks: {
    hook(name: 'rollup:before', listener: (nitro: unknown, config: { plugins?: unknown }) => void): unknown;
  };
}

/** What takes the requests of a router, and the application's routes: Vinxi makes them up. */
const MADE = /^(?:\0virtual:\$vinxi\/handler\/[\w-]+|vinxi\/routes)$/;

/** A module that holds some of the functions of another, and goes by its name. */
const PART = /\.[cm]?[jt]sx?\?(?:pick=|tsr-directive-use-server=)/;

/** The configuration with what instruments it. @throws when there is something wrong with the options */
export function extendSolidStart(
  config: SolidStartConfig,
  options: ReplayStackPluginOptions,
): SolidStartConfig {
  const { include = INCLUDE, enabled = true } = options;
  const plugin = createPlugin([solidStart], { isFirst: true, made: MADE }).vite({
    ...options,
    include: [include, PART].flat(),
  });
  if (!enabled) return config;
  const { vite = {}, server } = config;
  const extend = (own: ViteConfig): ViteConfig => ({ ...own, plugins: [plugin, ...(own.plugins ?? [])] });
  return {
    ...config,
    vite: typeof vite === 'function' ? async (router) => extend(await vite(router)) : extend(vite),
    server: { ...server, modules: [...(server?.modules ?? []), nestedMaps] },
  };
}

/** A module of Nitro's: its maps lead on to the sources. */
const nestedMaps = {
  name: 'unplugin-replaystack',
  setup({ options, hooks }: Nitro): void {
    hooks.hook('rollup:before', (_, config) => {
      config.plugins = [loadMapsOf(`${options.buildDir}/build`), config.plugins].flat();
    });
  },
};
