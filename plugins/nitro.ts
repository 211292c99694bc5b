/**
 * The plugin for Nitro, 2 and 3.
 *
 * @module
 */
import type { Nitro } from '../src/bundlers/nitro.ts';
import { extendNitro } from '../src/bundlers/nitro.ts';
import type { ReplayStackPluginOptions } from '../src/options/index.ts';

/** A module of Nitro's. */
export interface NitroModule {
  name: string;
  setup(nitro: never): void;
}

function isNitro(value: object): value is Nitro {
  return 'hooks' in value && 'options' in value;
}

/**
 * A module of Nitro's, or what makes one with options for the plugin.
 *
 * @throws When there is something wrong with the options.
 * @example
 * ```ts
 * // nitro.config.ts
 * import { defineConfig } from 'nitro';
 *
 * export default defineConfig({
 *   modules: ['unplugin-replaystack/nitro'],
 * });
 * ```
 */
export default function replaystack(options: ReplayStackPluginOptions = {}): NitroModule {
  // Named in a configuration, it is called with what it is to set up.
  if (isNitro(options)) extendNitro(options, {}, 'nitro');
  return {
    name: 'unplugin-replaystack',
    setup: (nitro: Nitro) => extendNitro(nitro, options, 'nitro'),
  };
}
