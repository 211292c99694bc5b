/**
 * The plugin for Next.js, with webpack and with Turbopack.
 *
 * @module
 */
import type { NextConfig } from '../src/bundlers/next.ts';
import { extendNextConfig } from '../src/bundlers/next.ts';
import type { ReplayStackPluginOptions } from '../src/options/index.ts';

/** The phase of `next dev`, in which configurations that are functions are called. */
const DEVELOPMENT = 'phase-development-server';

/**
 * Extends a configuration of Next.js, be it an object or a function.
 *
 * @param config What `next.config` would export.
 * @param options The plugin's options. The summary and the report are of all bundles, and need their source maps.
 * @throws When there is something wrong with the options.
 * @example
 * ```ts
 * // next.config.ts
 * import { withReplayStack } from 'unplugin-replaystack/next';
 *
 * export default withReplayStack({ reactStrictMode: true });
 * ```
 */
export function withReplayStack<Config extends object>(
  config: Config = {} as Config,
  options: ReplayStackPluginOptions = {},
): Config {
  const extend = (own: object, serving: boolean): object =>
    extendNextConfig(own as NextConfig, options, serving);
  if (typeof config !== 'function') return extend(config, process.env.NODE_ENV === 'development') as Config;
  const configure = config as (phase: string, context: object) => object | Promise<object>;
  const extended = async (phase: string, context: object): Promise<object> =>
    extend(await configure(phase, context), phase === DEVELOPMENT);
  return extended as unknown as Config;
}
