/** The conventions that every build may meet: of frameworks that build with a bundler's own configuration. */
import { sveltekit } from './sveltekit.ts';
import type { Convention } from './types.ts';

export const conventions: readonly Convention[] = [sveltekit];
