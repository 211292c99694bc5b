/**
 * The plugin for Rspack.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```js
 * // rspack.config.cjs
 * const replaystack = require('unplugin-replaystack/rspack');
 *
 * module.exports = {
 *   target: 'node',
 *   plugins: [replaystack()],
 * };
 * ```
 */
const rspack: typeof unplugin.rspack = unplugin.rspack;

export default rspack;

// What `require()` gives: the function itself.
export { rspack as 'module.exports' };
