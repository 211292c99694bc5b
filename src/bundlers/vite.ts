/** What is Vite's own: its environments, of which only the server's are instrumented, and its dev server. */
import type { Build } from '../build.ts';
import { bundleHooks, chooseSourcemap } from './rollup.ts';
import type { BundleHooks } from './rollup.ts';
import type { NestedNitro } from './vite-nitro.ts';
import { nestedNitro } from './vite-nitro.ts';

type Sourcemap = boolean | 'inline' | 'hidden' | undefined;

interface EnvironmentOptions {
  consumer?: 'client' | 'server' | undefined;
  build?: { sourcemap?: Sourcemap } | undefined;
  resolve?: { conditions?: string[] | undefined; noExternal?: string[] | undefined } | undefined;
}

interface ResolvedConfig {
  root: string;
  command: 'build' | 'serve';
  logger: { info(message: string): void; warn(message: string): void };
  plugins: readonly { name: string }[];
  build: { sourcemap?: Sourcemap };
  environments: Record<string, { build: { sourcemap?: Sourcemap } }>;
}

export interface ViteHooks extends BundleHooks {
  /** Nitro looks for it. */
  nitro: NestedNitro;
  configEnvironment(name: string, environment: EnvironmentOptions): EnvironmentOptions | undefined;
  configResolved(config: ResolvedConfig): void;
  applyToEnvironment(environment: { name: string; config: EnvironmentOptions }): boolean;
}

const NAME = 'unplugin-replaystack';

/** The plugin of SvelteKit's that builds. */
const SVELTEKIT = 'vite-plugin-sveltekit-compile';

export function viteHooks(build: Build): ViteHooks {
  const isInstrumented = (name: string, { consumer }: EnvironmentOptions): boolean =>
    build.options.client || (consumer ?? (name === 'client' ? 'client' : 'server')) === 'server';
  /** What the user has set, by environment. */
  const given = new Map<string, Sourcemap>();
  return {
    ...bundleHooks(build),
    nitro: nestedNitro(build),
    configEnvironment(name, environment) {
      // A browser's maps would be public.
      if (!isInstrumented(name, environment)) return undefined;
      given.set(name, environment.build?.sourcemap);
      return {
        build: { sourcemap: chooseSourcemap(build, environment.build?.sourcemap) },
        // The dev server would leave the runtime to Node, and the release with it.
        resolve: { noExternal: [NAME] },
      };
    },
    configResolved(config) {
      build.root = config.root;
      build.serving = config.command === 'serve';
      build.log = (message) => config.logger.info(message);
      build.warn = (message) => config.logger.warn(message);
      build.vitePlugins = config.plugins.map(({ name }) => name);
      if (build.vitePlugins.includes(SVELTEKIT)) setUpSvelteKit(config, given.get('ssr'));
    },
    applyToEnvironment: ({ name, config }) => isInstrumented(name, config),
  };
}

/**
 * SvelteKit builds for browsers with what it finds set for the server. And what it builds is bundled again by its adapters, which
 * look for maps in the code alone, or put the code into maps of their own: so the maps travel there.
 */
function setUpSvelteKit({ build, environments }: ResolvedConfig, given: Sourcemap): void {
  build.sourcemap = given ?? false;
  const server = environments['ssr']?.build;
  if (server?.sourcemap === 'hidden' && given === undefined) server.sourcemap = 'inline';
}
