/** The frameworks we know, in the order in which their hooks are tried where the build cannot tell. */
import { elysia } from './elysia.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { apolloServer, apolloStandalone, graphqlSchema, graphqlYoga, nestGraphql } from './graphql.ts';
import { h3 } from './h3.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono.ts';
import { http } from './http.ts';
import { koa, koaRouter } from './koa.ts';
import { nestjs } from './nestjs.ts';
import { polka } from './polka.ts';
import { solidMiddleware, solidRouter } from './solid-start.ts';
import { tanStackMiddleware, tanStackRouter, tanStackStart } from './tanstack-start.ts';
import { trpc, trpcServer } from './trpc.ts';
import type { Recogniser } from './types.ts';

export const recognisers: readonly Recogniser[] = [
  apolloServer,
  apolloStandalone,
  elysia,
  express,
  fastify,
  graphqlSchema,
  graphqlYoga,
  h3,
  hapi,
  hono,
  http,
  koa,
  koaRouter,
  nestGraphql,
  nestjs,
  polka,
  solidMiddleware,
  solidRouter,
  tanStackMiddleware,
  tanStackRouter,
  tanStackStart,
  trpc,
  trpcServer,
];
