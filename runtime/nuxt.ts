/**
 * The same for an application of Nuxt.
 *
 * @module
 */
import { adoptNitro, plainNuxtAnswer } from 'unplugin-replaystack/runtime';

/** Put in by the build: where Nitro serves files. */
declare const __REPLAYSTACK_PUBLIC_PATHS__: readonly string[];

export default (app: unknown): void => adoptNitro(app, 'nuxt', __REPLAYSTACK_PUBLIC_PATHS__, plainNuxtAnswer);
