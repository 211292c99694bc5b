/**
 * The plugin for Rolldown.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```js
 * // rolldown.config.js
 * import replaystack from 'unplugin-replaystack/rolldown';
 *
 * export default {
 *   input: 'src/server.ts',
 *   platform: 'node',
 *   output: { dir: 'dist' },
 *   plugins: [replaystack()],
 * };
 * ```
 */
const rolldown: typeof unplugin.rolldown = unplugin.rolldown;

export default rolldown;

// What `require()` gives: the function itself.
export { rolldown as 'module.exports' };
