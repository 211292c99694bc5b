/**
 * The plugin, for every bundler.
 *
 * @module
 */
import type { Instance } from './plugin.ts';
import { createPlugin } from './plugin.ts';
import { platforms } from './transform/conventions/index.ts';

export type { FilterPattern, FunctionOptions, ReplayStackPluginOptions } from './options/index.ts';
export type { ReleaseOptions } from './release/index.ts';
export type { Report } from './report.ts';
export type { Factory, Recogniser } from './transform/frameworks/types.ts';

/**
 * The plugin by bundler: `unplugin.vite(options)`, `unplugin.webpack(options)`, …. Configurations are better off with the entry
 * point of their bundler, `unplugin-replaystack/vite` and so on, which load nothing of the others.
 */
export const unplugin: Instance = /* @__PURE__ */ createPlugin(platforms);

/** @alias */
export default unplugin;
