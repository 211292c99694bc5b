/**
 * The plugin for Nuxt, 4 and newer.
 *
 * @module
 */
import type { Nitro } from '../src/bundlers/nitro.ts';
import { extendNitro } from '../src/bundlers/nitro.ts';
import type { ReplayStackPluginOptions } from '../src/options/index.ts';
import { createPlugin } from '../src/plugin.ts';

/** What is used of a Nuxt that is being set up. */
interface Nuxt {
  options: { vite: { plugins?: unknown[] } };
  hook(name: 'nitro:init', listener: (nitro: Nitro) => void): unknown;
}

/**
 * A module of Nuxt's: what renders pages is instrumented, and so is the server that Nitro makes.
 *
 * @param options The plugin's options.
 * @throws When there is something wrong with the options.
 * @example
 * ```ts
 * // nuxt.config.ts
 * export default defineNuxtConfig({
 *   modules: ['unplugin-replaystack/nuxt'],
 * });
 * ```
 */
export default function replaystack(options: ReplayStackPluginOptions | undefined, nuxt: never): void {
  const { options: settings, hook } = nuxt as Nuxt;
  (settings.vite.plugins ??= []).push(createPlugin([]).vite({ ...options, summary: false }));
  hook('nitro:init', (nitro) => extendNitro(nitro, options ?? {}, 'nuxt'));
}
