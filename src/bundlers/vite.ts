/** What is Vite's own: its environments, of which only the server's are instrumented, and its dev server. */
import type { Build } from '../build.ts';
import { bundleHooks, chooseSourcemap } from './rollup.ts';
import type { BundleHooks } from './rollup.ts';

interface EnvironmentOptions {
  consumer?: 'client' | 'server' | undefined;
  build?: { sourcemap?: boolean | 'inline' | 'hidden' | undefined } | undefined;
  resolve?: { conditions?: string[] | undefined; noExternal?: string[] | undefined } | undefined;
}

interface ResolvedConfig {
  root: string;
  command: 'build' | 'serve';
  logger: { info(message: string): void; warn(message: string): void };
}

export interface ViteHooks extends BundleHooks {
  configEnvironment(name: string, environment: EnvironmentOptions): EnvironmentOptions | undefined;
  configResolved(config: ResolvedConfig): void;
  applyToEnvironment(environment: { name: string; config: EnvironmentOptions }): boolean;
}

const NAME = 'unplugin-replaystack';

export function viteHooks(build: Build): ViteHooks {
  const isInstrumented = (name: string, { consumer }: EnvironmentOptions): boolean =>
    build.options.client || (consumer ?? (name === 'client' ? 'client' : 'server')) === 'server';
  return {
    ...bundleHooks(build),
    configEnvironment(name, environment) {
      // A browser's maps would be public.
      if (!isInstrumented(name, environment)) return undefined;
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
    },
    applyToEnvironment: ({ name, config }) => isInstrumented(name, config),
  };
}
