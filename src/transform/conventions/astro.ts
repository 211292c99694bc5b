/** Astro, whose requests come by a middleware: nothing is written into modules, but the option `routes` knows the name. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

export const astro: Convention = { name: 'astro', hint: /(?!)/, entries: [], from: RUNTIME_MODULE };
