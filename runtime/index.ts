/**
 * The runtime: what a bundled application carries, and what an application that is not bundled uses by hand.
 *
 * @module
 */
export { elysiaApp } from './adapters/elysia.ts';
export { expressApp, expressHandler } from './adapters/express.ts';
export type { EntryHook } from './adapters/entry.ts';
export { fastifyApp } from './adapters/fastify.ts';
export { h3App } from './adapters/h3.ts';
export { hapiServer } from './adapters/hapi.ts';
export { honoApp } from './adapters/hono.ts';
export { koaApp } from './adapters/koa.ts';
export { lambdaHandler } from './adapters/lambda.ts';
export { nestApp } from './adapters/nestjs.ts';
export { nestGraphqlOptions } from './adapters/nestjs-graphql.ts';
export { apolloServer, apolloStandalone } from './adapters/apollo.ts';
export { captureAstro } from './adapters/astro.ts';
export type { AstroContext } from './adapters/astro.ts';
export { openNextAction, openNextApi, openNextProxy, openNextRoute } from './adapters/next.ts';
export type { NextHook, NextStorage } from './adapters/next.ts';
export { adoptNitro } from './adapters/nitro.ts';
export { plainNuxtAnswer } from './adapters/nuxt.ts';
export { nodeServer } from './adapters/node-server.ts';
export { polkaApp } from './adapters/polka.ts';
export { solidStartHandler, solidStartReference, solidStartRoutes } from './adapters/solid-start.ts';
export { svelteKitOptions } from './adapters/sveltekit.ts';
export {
  googleCloudEvent,
  googleHttp,
  netlifyHandler,
  vercelHandler,
} from './adapters/platform-functions.ts';
export { bunServe, denoServe } from './adapters/serve.ts';
export { workerHandlers } from './adapters/worker.ts';
export { trpcRoot } from './adapters/trpc.ts';
export { replayStackExpress } from './adapters/express-middleware.ts';
export type { ExpressMiddleware } from './adapters/express-middleware.ts';
export { replayStackFetch } from './adapters/fetch-middleware.ts';
export type { FetchHandler, FetchOptions } from './adapters/fetch-middleware.ts';
export { honoOwner } from './adapters/hono-owner.ts';
export type { RequestOptions } from './adapters/request-options.ts';
export { done, enter, exit, fail, leave, settle } from './observe/hooks.ts';
export { detectAuthMode } from './event/auth.ts';
export { installReplayStackProcessGuards } from './guards.ts';
export type { ProcessGuardOptions } from './guards.ts';
export { ReplayStackClient } from './client.ts';
export type { LogInput } from './event/build-event.ts';
export { runWithReplayStackContext } from './context.ts';
export { defineReplayStackConfig } from './options/define-config.ts';
export { replayStackPino, replayStackWinston } from './logs/loggers.ts';
export type { FlushResult } from './delivery/ledger.ts';
export type { ClientOptions, QueueDrop, RequestSummary, ResolvedOptions } from './options/resolve-options.ts';
export type { Propagate } from './outbound/propagate.ts';
export type { Transport, TransportRequest, TransportResponse } from './platform/types.ts';
export { maskSensitiveData } from './masking/serialise.ts';
export { parseStackTrace } from './stack/parse.ts';
export { createTraceId } from './event/trace-id.ts';
export { cronerJob, cronJob, intervalJob, nodeCronJob, nodeScheduleJob } from './adapters/cron-jobs.ts';
export { nestBullJob, nestBullmqJob, nestMessage, nestScheduleJob } from './adapters/nestjs-jobs.ts';
export { amqplibJob, beeQueueJob, bullmqJob, kafkaJob, pgBossJob, sqsJob } from './adapters/queue-jobs.ts';
export type { EventDraft } from './event/build-event.ts';
export type {
  AuthMode,
  Breadcrumb,
  EventStatus,
  EventType,
  HeaderRecord,
  Level,
  LogEntry,
  ReplayStackEvent,
  StackFrame,
} from './protocol.ts';
export { reactRouterEntry, reactRouterModule, reactRouterPage } from './adapters/react-router.ts';
export { tanStackFunction, tanStackRouter, tanStackRpc, tanStackServer } from './adapters/tanstack-start.ts';
export { webhook } from './adapters/webhook.ts';
export { yogaOptions } from './adapters/yoga.ts';
