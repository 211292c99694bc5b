/** The options of the running application in a module of their own, which the build bundles along. */
import type { ClientOptions } from './resolve-options.ts';

/**
 * Gives the default export of the module that the plugin's option `runtime` names: options of the client and of how
 * requests are captured, functions among them. They win over environment variables; the client that the application makes
 * by hand has its own.
 *
 * Hoisted, since the runtime imports that module and is imported by it.
 *
 * @returns its argument
 * @example
 * ```ts
 * // replaystack.config.ts
 * import { defineReplayStackConfig } from 'unplugin-replaystack/runtime';
 *
 * export default defineReplayStackConfig({
 *   apiKey: process.env.SHOP_REPLAYSTACK_KEY,
 *   maskFields: ['iban'],
 *   shouldCapture: ({ statusCode }) => statusCode !== 304,
 * });
 * ```
 */
export function defineReplayStackConfig(options: ClientOptions): ClientOptions {
  return options;
}
