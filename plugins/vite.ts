/**
 * The plugin for Vite.
 *
 * @module
 */
import { unplugin } from '../src/index.ts';

/**
 * @example
 * ```ts
 * // vite.config.ts
 * import { defineConfig } from 'vite';
 * import replaystack from 'unplugin-replaystack/vite';
 *
 * export default defineConfig({
 *   plugins: [replaystack()],
 *   build: { ssr: 'src/server.ts' },
 * });
 * ```
 */
const vite: typeof unplugin.vite = unplugin.vite;

export default vite;

// What `require()` gives: the function itself.
export { vite as 'module.exports' };
