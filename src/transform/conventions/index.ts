/** The conventions of platforms, which any project may be made for. Those of frameworks come with their own plugins. */
import { awsLambda } from './aws-lambda.ts';
import { googleCloud } from './google-cloud.ts';
import { netlify } from './netlify.ts';
import { bun, deno } from './serve.ts';
import type { Convention } from './types.ts';
import { vercel } from './vercel.ts';
import { workers } from './workers.ts';

export const platforms: readonly Convention[] = [awsLambda, bun, deno, googleCloud, netlify, vercel, workers];
