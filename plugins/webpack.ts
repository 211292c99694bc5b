/**
 * The plugin for webpack.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```js
 * // webpack.config.cjs
 * const replaystack = require('unplugin-replaystack/webpack');
 *
 * module.exports = {
 *   target: 'node',
 *   plugins: [replaystack()],
 * };
 * ```
 */
const webpack: typeof unplugin.webpack = unplugin.webpack;

export default webpack;

// What `require()` gives: the function itself.
export { webpack as 'module.exports' };
