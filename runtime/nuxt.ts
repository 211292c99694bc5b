/**
 * The same for an application of Nuxt.
 *
 * @module
 */
import { adoptNitro, plainNuxtAnswer } from 'unplugin-replaystack/runtime';
import type { PublicPaths } from './adapters/nitro.ts';

/** Put in by the build: what Nitro hands out as it is. */
declare const __REPLAYSTACK_PUBLIC_PATHS__: PublicPaths;

export default (app: unknown): void => adoptNitro(app, 'nuxt', __REPLAYSTACK_PUBLIC_PATHS__, plainNuxtAnswer);
