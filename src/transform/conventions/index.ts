/** The conventions that every build may meet: of frameworks that build with a bundler's own configuration. */
import { reactRouter } from './react-router.ts';
import { sveltekit } from './sveltekit.ts';
import { tanStackStart } from './tanstack-start.ts';
import type { Convention } from './types.ts';

export const conventions: readonly Convention[] = [reactRouter, sveltekit, tanStackStart];
