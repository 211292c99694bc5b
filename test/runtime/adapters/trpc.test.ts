/** tRPC on servers of its own, of Express and of the fetch standard: which procedures were called, and what went wrong in them. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { initTRPC, TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { parse, stringify } from 'devalue';
import express from 'express';
import { fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { replayStackFetch } from '../../../runtime/adapters/fetch-middleware.ts';
import { expressApp } from '../../../runtime/adapters/express.ts';
import { fastifyApp } from '../../../runtime/adapters/fastify.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { trpcRoot } from '../../../runtime/adapters/trpc.ts';
import { enter, exit, fail } from '../../../runtime/observe/hooks.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { createScope, runInScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let server: Server | undefined;

beforeEach(async () => void (test = await startRuntime()));

afterEach(async () => {
  server?.closeAllConnections();
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  createContext = () => ({});
  await test[Symbol.asyncDispose]();
});

/** As the build writes it into a function that fails. */
async function observed(id: string): Promise<never> {
  const call = enter('src/orders.ts:12:loadOrder');
  try {
    await Promise.resolve();
    throw new RangeError(`no order ${id}`);
  } catch (error) {
    throw fail(call, error, { id });
  } finally {
    exit(call);
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('An id is a text');
  return value;
}

function routerOf(root = initTRPC.context<{ user?: string }>().create()) {
  const { procedure, router } = trpcRoot(root);
  const mine = procedure.use(({ ctx, next }) => {
    if (ctx.user === undefined) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Who are you?' });
    return next({ ctx: { user: ctx.user } });
  });
  return router({
    orders: router({
      byId: procedure.input(text).query(({ input }) => ({ id: input })),
      broken: procedure.input(text).query(({ input }) => observed(input)),
      add: procedure.input((value) => value as { item: string }).mutation(({ input }) => input),
      mine: mine.query(({ ctx }) => ctx.user),
      caught: procedure.query(() => observed('7').catch(() => 'fine')),
      prices: procedure.subscription(async function* () {
        yield 'tea';
        await observed('8');
      }),
    }),
  });
}

/** The context of all tests, but of those that have it fail. */
let createContext = (): { user?: string } => ({});

async function listen(started: Server): Promise<string> {
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const SERVERS: Record<
  string,
  (router?: ReturnType<typeof routerOf>) => Promise<(path: string, init?: RequestInit) => Promise<Response>>
> = {
  http: async (router = routerOf()) => {
    const url = await listen(
      nodeServer(createHTTPServer({ router, createContext: () => createContext(), basePath: '/trpc/' })),
    );
    return (path, init) => fetch(url + path, init);
  },
  express: async (router = routerOf()) => {
    const app = expressApp(express());
    app.use('/trpc', createExpressMiddleware({ router, createContext: () => createContext() }));
    const url = await listen(nodeServer(createServer(app)));
    return (path, init) => fetch(url + path, init);
  },
  fastify: async (router = routerOf()) => {
    const app = fastifyApp(fastify());
    const trpcOptions = { router, createContext: () => createContext() };
    app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions });
    await app.ready();
    const url = await listen(app.server);
    return (path, init) => fetch(url + path, init);
  },
  fetch: async (router = routerOf()) => {
    const handle = replayStackFetch(test.client)((req: Request) =>
      fetchRequestHandler({ req, router, createContext, endpoint: '/trpc' }),
    );
    return async (path, init) => await handle(new Request(`http://localhost${path}`, init));
  },
};

const input = (value: unknown): string => encodeURIComponent(JSON.stringify(value));

const told = async (): Promise<unknown[]> =>
  (await test.events()).map(({ statusCode, errorMessage, metadata }) => [
    statusCode,
    metadata?.['procedure'],
    errorMessage,
    metadata?.['handled'],
  ]);

/** Routers as they are merged, of roots whose errors are formatted in one way or the other. */
function mergedRouter(): ReturnType<typeof routerOf> {
  const other = trpcRoot(
    initTRPC
      .context<{ user?: string }>()
      .create({ errorFormatter: ({ shape }) => ({ ...shape, own: true }) }),
  );
  const router = other.router({ added: other.procedure.query(() => 1) });
  return other.mergeRouters(routerOf(), router) as unknown as ReturnType<typeof routerOf>;
}

/** Its breadcrumbs of errors that were answered. */
const errorsOf = (event: ReplayStackEvent | undefined): unknown[] =>
  (event?.breadcrumbs ?? [])
    .filter(({ category }) => category === 'trpc')
    .map(({ level, message, metadata }) => [level, message, metadata]);

describe.each(Object.keys(SERVERS))('procedures on %s', (name) => {
  it('are told of by their paths', async () => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.(`/trpc/orders.byId?input=${input('7')}`);
    expect(await answer?.json()).toEqual({ result: { data: { id: '7' } } });
    await ask?.('/trpc/orders.add', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item: 'tea' }),
    });
    await ask?.('/trpc/none');
    expect(await told()).toEqual([
      [200, 'orders.byId', undefined, undefined],
      [200, 'orders.add', undefined, undefined],
      [404, undefined, undefined, undefined],
    ]);
  });

  it.each([
    ['both ways', { serialize: stringify, deserialize: parse }],
    [
      'on the way in, which cannot be tried',
      {
        input: {
          serialize() {
            throw new TypeError('It is for clients alone');
          },
          deserialize: parse,
        },
        output: { serialize: (value: unknown) => value, deserialize: (value: unknown) => value },
      },
    ],
  ])(
    'whose transformer writes names apart have no bodies that could not be masked: %s',
    async (_, transformer) => {
      // Clients are told by its type whether it has a transformer, and there are none here.
      const root = initTRPC.context<{ user?: string }>().create({ transformer }) as never;
      const ask = await SERVERS[name]?.(routerOf(root));
      const body = stringify({ item: 'tea', password: 'SECRET' });
      const answer = await ask?.('/trpc/orders.add', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(await answer?.text()).toContain('SECRET');
      await ask?.(`/trpc/orders.byId?input=${input(stringify('SECRET'))}`);
      const events = await test.events();
      expect(events).toMatchObject([
        { metadata: { procedure: 'orders.add' } },
        { metadata: { procedure: 'orders.byId' } },
      ]);
      expect(JSON.stringify(events)).not.toContain('SECRET');
    },
  );

  it.each([
    ['short', 'tea'],
    ['longer than what Node takes at once', 'tea'.repeat(10_000)],
  ])('have their answer, however it is written: %s', async (_, item) => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.('/trpc/orders.add', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item, token: 'SECRET' }),
    });
    expect(await answer?.json()).toEqual({ result: { data: { item, token: 'SECRET' } } });
    expect(await test.events()).toMatchObject([
      { responsePayload: { result: { data: { item, token: '[MASKED]' } } } },
    ]);
  });

  it('have the answers of a batch that is read at once, and none of one that streams', async () => {
    const ask = await SERVERS[name]?.();
    const path = `/trpc/orders.byId,orders.byId?batch=1&input=${input({ 0: '1', 1: '2' })}`;
    await (await ask?.(path))?.text();
    const streamed = await ask?.(path, { headers: { 'trpc-accept': 'application/jsonl' } });
    expect(await streamed?.text()).toContain('"id":"2"');
    expect((await test.events()).map(({ responsePayload }) => responsePayload)).toEqual([
      [{ result: { data: { id: '1' } } }, { result: { data: { id: '2' } } }],
      { captured: false, reason: 'Streaming response body not captured' },
    ]);
  });

  it('have the error that tRPC answers, with the way that it took', async () => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.(`/trpc/orders.broken?input=${input('7')}`);
    expect(answer?.status).toBe(500);
    expect(await test.events()).toEqual([
      expect.objectContaining({
        status: 'failed',
        statusCode: 500,
        errorName: 'RangeError',
        errorMessage: 'no order 7',
        stackTrace: expect.stringContaining('trpc.test.ts'),
        metadata: expect.objectContaining({
          procedure: 'orders.broken',
          handled: false,
          trail: [expect.objectContaining({ functionName: 'loadOrder', arguments: { id: '7' } })],
        }),
      }),
    ]);
  });

  it('have errors of middleware and of what they are asked', async () => {
    const ask = await SERVERS[name]?.();
    await ask?.('/trpc/orders.mine');
    await ask?.('/trpc/orders.byId?input=7');
    await ask?.('/trpc/orders.caught');
    // Stacks are mapped before an event is sent, so that those without come first.
    expect((await told()).sort()).toEqual([
      [200, 'orders.caught', undefined, undefined],
      [400, 'orders.byId', 'An id is a text', false],
      [401, 'orders.mine', 'Who are you?', false],
    ]);
  });

  it('of a batch are one event', async () => {
    const ask = await SERVERS[name]?.();
    const inputs = input({ 0: '1', 1: '2', 2: '3' });
    const answer = await ask?.(`/trpc/orders.byId,orders.broken,orders.byId?batch=1&input=${inputs}`);
    expect(answer?.status).toBe(207);
    expect(await answer?.json()).toMatchObject([{ result: {} }, { error: {} }, { result: {} }]);
    expect(await told()).toEqual([[207, 'orders.byId,orders.broken', 'no order 2', false]]);
  });

  it('of a batch that fails leave what is meant for the client to breadcrumbs', async () => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.(`/trpc/orders.mine,orders.broken?batch=1&input=${input({ 1: '2' })}`);
    expect(answer?.status).toBe(207);
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'failed', errorName: 'RangeError', metadata: { handled: false } });
    expect(errorsOf(event)).toEqual([
      ['warning', 'Who are you?', { path: 'orders.mine', code: 'UNAUTHORIZED' }],
      ['error', 'no order 2', { path: 'orders.broken', code: 'INTERNAL_SERVER_ERROR' }],
    ]);
  });

  it('of a batch do not fail by what is meant for the client', async () => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.(
      `/trpc/orders.byId,orders.mine,orders.byId?batch=1&input=${input({ 0: '1' })}`,
    );
    expect(answer?.status).toBe(207);
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'success', statusCode: 207 });
    expect(event).not.toHaveProperty('errorName');
    expect(errorsOf(event).sort()).toEqual([
      ['warning', 'An id is a text', { path: 'orders.byId', code: 'BAD_REQUEST' }],
      ['warning', 'Who are you?', { path: 'orders.mine', code: 'UNAUTHORIZED' }],
    ]);
  });

  it('of a batch of which none can be answered have the first error', async () => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.('/trpc/orders.mine,orders.mine?batch=1&input={}');
    expect(answer?.status).toBe(401);
    expect(await test.events()).toMatchObject([
      { status: 'warning', errorName: 'TRPCError', errorMessage: 'Who are you?' },
    ]);
  });
});

describe.each(Object.keys(SERVERS))('errors outside of procedures on %s', (name) => {
  it('are those of the context', async () => {
    createContext = () => {
      throw new RangeError('no user');
    };
    const ask = await SERVERS[name]?.();
    expect((await ask?.(`/trpc/orders.byId?input=${input('7')}`))?.status).toBe(500);
    const [event] = await test.events();
    expect(event).toMatchObject({
      status: 'failed',
      errorName: 'RangeError',
      errorMessage: 'no user',
      responsePayload: { error: { message: 'no user' } },
      metadata: { procedure: 'orders.byId', handled: false },
    });
    expect(errorsOf(event)).toEqual([
      ['error', 'no user', { path: 'orders.byId', code: 'INTERNAL_SERVER_ERROR' }],
    ]);
  });

  it('are those of the context, with its way, for all of a batch', async () => {
    createContext = () => observed('9') as never;
    const ask = await SERVERS[name]?.();
    await ask?.('/trpc/orders.mine,orders.caught?batch=1&input={}');
    expect(await test.events()).toMatchObject([
      {
        errorMessage: 'no order 9',
        metadata: {
          procedure: 'orders.mine,orders.caught',
          handled: false,
          trail: [{ functionName: 'loadOrder' }],
        },
      },
    ]);
  });

  it('are those that the context means for the client', async () => {
    createContext = () => {
      throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Who is there?' });
    };
    const ask = await SERVERS[name]?.();
    await ask?.('/trpc/orders.caught');
    expect(await test.events()).toMatchObject([
      { status: 'warning', statusCode: 401, errorName: 'TRPCError', errorMessage: 'Who is there?' },
    ]);
  });

  it('are those of merged routers, which keep what formats them', async () => {
    createContext = () => {
      throw new RangeError('no user');
    };
    const ask = await SERVERS[name]?.(mergedRouter());
    const answer = await ask?.('/trpc/added');
    expect(await answer?.json()).toMatchObject({ error: { message: 'no user', own: true } });
    expect(await test.events()).toMatchObject([
      { errorName: 'RangeError', metadata: { procedure: 'added' } },
    ]);
  });

  it('are those of a path that leads nowhere, as breadcrumbs', async () => {
    const ask = await SERVERS[name]?.();
    await ask?.('/trpc/orders.caught,orders.none?batch=1&input={}');
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'success', statusCode: 207 });
    expect(event?.metadata).toMatchObject({ procedure: 'orders.caught' });
    expect(errorsOf(event)).toEqual([
      ['warning', 'No procedure found on path "orders.none"', { path: 'orders.none', code: 'NOT_FOUND' }],
    ]);
  });

  it('are told of once', async () => {
    const ask = await SERVERS[name]?.();
    await ask?.(`/trpc/orders.broken?input=${input('7')}`);
    const [event] = await test.events();
    expect(errorsOf(event)).toHaveLength(1);
  });
});

it.each([
  ['http', undefined],
  ['express', '/trpc'],
  ['fastify', '/trpc/:path'],
  ['fetch', undefined],
])('on %s has the route that its server knows: %s', async (name, route) => {
  const ask = await SERVERS[name]?.();
  await ask?.('/trpc/orders.caught');
  const [event] = await test.events();
  expect(event?.metadata?.['route']).toBe(route);
});

describe('what comes piece by piece', () => {
  it.each(['http', 'express'])('has the error that ends it, on %s', async (name) => {
    const ask = await SERVERS[name]?.();
    const answer = await ask?.('/trpc/orders.prices', { headers: { accept: 'text/event-stream' } });
    expect(await answer?.text()).toContain('no order 8');
    expect(await test.events()).toMatchObject([
      {
        status: 'failed',
        statusCode: 200,
        errorMessage: 'no order 8',
        metadata: { procedure: 'orders.prices' },
      },
    ]);
  });
});

describe('what initTRPC.create() gives', () => {
  it('formats errors as it did', () => {
    const errorFormatter = vi.fn(({ shape }) => shape);
    const root = initTRPC.create({ errorFormatter });
    const keys = Object.keys(root._config);
    const { _config } = trpcRoot(root);
    expect(_config.errorFormatter).toBe(errorFormatter);
    expect(Object.keys(_config)).toEqual(keys);
    const other = vi.fn(({ shape }) => shape);
    _config.errorFormatter = other;
    expect(_config.errorFormatter).toBe(other);
  });

  it('merges routers where a request has them loaded', () => {
    const scope = createScope('a', 5);
    expect(runInScope(scope, () => Object.keys(mergedRouter()._def.procedures))).toContain('added');
  });

  it('is what it was', async () => {
    const plain = initTRPC.meta<{ open: boolean }>().create();
    const keys = Object.keys(plain);
    const t = trpcRoot(plain);
    expectTypeOf(t).toEqualTypeOf<typeof plain>();
    expect(t).toBe(plain);
    expect(Object.keys(t)).toEqual(keys);
    expect(Object.keys(t.procedure)).toEqual(Object.keys(initTRPC.create().procedure));
    const { procedure } = t;
    expect(trpcRoot(t).procedure).toBe(procedure);
  });

  it('calls procedures outside of requests, and throws what they throw', async () => {
    const caller = routerOf().createCaller({ user: 'ada' });
    expect(await caller.orders.mine()).toBe('ada');
    const error: unknown = await caller.orders.broken('7').catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TRPCError);
    expect(error).toMatchObject({ message: 'no order 7', cause: expect.any(RangeError) });
  });

  it.each([undefined, null, 1, {}, { router() {}, procedure: {}, createCallerFactory() {} }])(
    'is not what looks otherwise: %j',
    (value) => {
      expect(trpcRoot(value)).toBe(value);
    },
  );
});
