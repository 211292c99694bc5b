/**
 * The plugin for Rollup.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```js
 * // rollup.config.js
 * import replaystack from 'unplugin-replaystack/rollup';
 *
 * export default {
 *   input: 'src/server.js',
 *   output: { dir: 'dist' },
 *   plugins: [replaystack()],
 * };
 * ```
 */
const rollup: typeof unplugin.rollup = unplugin.rollup;

export default rollup;

// What `require()` gives: the function itself.
export { rollup as 'module.exports' };
