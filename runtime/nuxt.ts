/**
 * The same for an application of Nuxt.
 *
 * @module
 */
import { adoptNitro } from 'unplugin-replaystack/runtime';

export default (app: unknown): void => adoptNitro(app, 'nuxt');
