/**
 * The plugin for SolidStart 1.
 *
 * @module
 */
import type { SolidStartConfig } from '../src/bundlers/solid-start.ts';
import { extendSolidStart } from '../src/bundlers/solid-start.ts';
import type { ReplayStackPluginOptions } from '../src/options/index.ts';

/**
 * Extends a configuration of SolidStart: its servers are instrumented, and their maps lead to the sources.
 *
 * @param config What `defineConfig` would be given.
 * @param options The plugin's options.
 * @throws When there is something wrong with the options.
 * @example
 * ```ts
 * // app.config.ts
 * import { defineConfig } from '@solidjs/start/config';
 * import { withReplayStack } from 'unplugin-replaystack/solid-start';
 *
 * export default defineConfig(withReplayStack({ middleware: 'src/middleware.ts' }));
 * ```
 */
export function withReplayStack<Config extends object>(
  config: Config = {} as Config,
  options: ReplayStackPluginOptions = {},
): Config {
  return extendSolidStart(config as SolidStartConfig, options) as Config;
}
