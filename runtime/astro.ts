/**
 * The middleware of Astro's that has its requests captured.
 *
 * @module
 */
import type { AstroContext } from 'unplugin-replaystack/runtime';
import { captureAstro } from 'unplugin-replaystack/runtime';

/** In front of the application's own middleware. */
export const onRequest = (context: AstroContext, next: () => Promise<Response>): Promise<Response> =>
  captureAstro(context, next);
