/**
 * The plugin for esbuild.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```js
 * // build.mjs
 * import { build } from 'esbuild';
 * import replaystack from 'unplugin-replaystack/esbuild';
 *
 * await build({
 *   entryPoints: ['src/server.ts'],
 *   bundle: true,
 *   platform: 'node',
 *   format: 'esm',
 *   packages: 'external',
 *   outdir: 'dist',
 *   outExtension: { '.js': '.mjs' },
 *   plugins: [replaystack()],
 * });
 * ```
 */
const esbuild: typeof unplugin.esbuild = unplugin.esbuild;

export default esbuild;

// What `require()` gives: the function itself.
export { esbuild as 'module.exports' };
