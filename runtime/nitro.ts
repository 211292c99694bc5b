/**
 * The plugin of Nitro's that has its requests captured.
 *
 * @module
 */
import { adoptNitro } from 'unplugin-replaystack/runtime';
import type { PublicPaths } from './adapters/nitro.ts';

/** Put in by the build: what Nitro hands out as it is. */
declare const __REPLAYSTACK_PUBLIC_PATHS__: PublicPaths;

export default (app: unknown): void => adoptNitro(app, 'nitro', __REPLAYSTACK_PUBLIC_PATHS__);
