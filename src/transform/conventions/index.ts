/**
 * The conventions that every build may meet: of platforms, which any project may be made for, and of frameworks that build with a
 * bundler's own configuration. Those of others come with their own plugins.
 */
import { awsLambda } from './aws-lambda.ts';
import { googleCloud } from './google-cloud.ts';
import { netlify } from './netlify.ts';
import { reactRouter } from './react-router.ts';
import { bun, deno } from './serve.ts';
import { sveltekit } from './sveltekit.ts';
import type { Convention } from './types.ts';
import { vercel } from './vercel.ts';
import { workers } from './workers.ts';

export const conventions: readonly Convention[] = [
  awsLambda,
  bun,
  deno,
  googleCloud,
  netlify,
  reactRouter,
  sveltekit,
  vercel,
  workers,
];
