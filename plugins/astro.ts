/**
 * The plugin for Astro 5.
 *
 * @module
 */
import type { ReplayStackPluginOptions } from '../src/options/index.ts';
import { createPlugin } from '../src/plugin.ts';
import { astro } from '../src/transform/conventions/astro.ts';

/** What is used of an Astro that is being set up. */
export interface AstroSetup {
  updateConfig(config: object): unknown;
  addMiddleware(middleware: { entrypoint: string; order: 'pre' }): void;
}

/** An integration of Astro's. */
export interface AstroIntegration {
  name: string;
  hooks: { 'astro:config:setup'(setup: AstroSetup): void };
}

/**
 * An integration of Astro's: what is rendered on demand is instrumented, and its requests are captured.
 *
 * @param options The plugin's options.
 * @throws When there is something wrong with the options.
 * @example
 * ```ts
 * // astro.config.mjs
 * import { defineConfig } from 'astro/config';
 * import replaystack from 'unplugin-replaystack/astro';
 *
 * export default defineConfig({
 *   integrations: [replaystack()],
 * });
 * ```
 */
export default function replaystack(options: ReplayStackPluginOptions = {}): AstroIntegration {
  const { enabled = true, routes = true } = options;
  const captures = enabled && (routes === true || (routes !== false && routes.includes('astro')));
  const plugin = createPlugin([astro]).vite(options);
  return {
    name: 'unplugin-replaystack',
    hooks: {
      'astro:config:setup': ({ updateConfig, addMiddleware }) => {
        updateConfig({ vite: { plugins: [plugin] } });
        if (captures) addMiddleware({ entrypoint: 'unplugin-replaystack/runtime/astro', order: 'pre' });
      },
    },
  };
}
