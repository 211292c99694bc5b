/**
 * The plugin of Nitro's that has its requests captured.
 *
 * @module
 */
import { adoptNitro } from 'unplugin-replaystack/runtime';

export default (app: unknown): void => adoptNitro(app, 'nitro');
