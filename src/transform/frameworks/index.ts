/** The frameworks we know, in the order in which their hooks are tried where the build cannot tell. */
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { h3 } from './h3.ts';
import { hono } from './hono.ts';
import { http } from './http.ts';
import { koa, koaRouter } from './koa.ts';
import { nestjs } from './nestjs.ts';
import { tanStackMiddleware, tanStackRouter, tanStackStart } from './tanstack-start.ts';
import type { Recogniser } from './types.ts';

export const recognisers: readonly Recogniser[] = [
  express,
  fastify,
  h3,
  hono,
  http,
  koa,
  koaRouter,
  nestjs,
  tanStackMiddleware,
  tanStackRouter,
  tanStackStart,
];
