/** A schema of orders, and the servers that GraphQL runs on, with the hooks as the build injects them. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { expressMiddleware } from '@as-integrations/express5';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { fastify } from 'fastify';
// The same copy of it that its servers load.
import { GraphQLError } from 'graphql/index.js';
import type { YogaServerOptions } from 'graphql-yoga';
import { createSchema, createYoga } from 'graphql-yoga';
import { Hono } from 'hono';
import { apolloServer, apolloStandalone } from '../../runtime/adapters/apollo.ts';
import { expressApp } from '../../runtime/adapters/express.ts';
import { fastifyApp } from '../../runtime/adapters/fastify.ts';
import { honoApp } from '../../runtime/adapters/hono.ts';
import { nodeServer } from '../../runtime/adapters/node-server.ts';
import { yogaOptions } from '../../runtime/adapters/yoga.ts';
import { enter, exit, fail } from '../../runtime/observe/hooks.ts';

export const typeDefs: string = /* GraphQL */ `
  type Order {
    id: ID!
    cents: Int!
  }
  type Query {
    order(id: ID!): Order
    orders: [Order!]!
    broken(id: ID!): Order
    caught(id: ID!): String
    forbidden: String
    maintenance: String
    code: String
    text: String
    one: Int
  }
  type Mutation {
    pay(id: ID!): Boolean!
  }
  type Subscription {
    prices: Int!
  }
`;

/** As the build writes it into a function that fails. */
async function loadOrder(id: string): Promise<never> {
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

type Resolver = (parent: unknown, args: { id: string }) => unknown;

export const resolvers: Record<'Query' | 'Mutation', Record<string, Resolver>> & {
  Subscription: { prices: { subscribe(): AsyncGenerator } };
} = {
  Query: {
    order: (_, { id }) => ({ id, cents: 250 }),
    orders: async () => [
      { id: '1', cents: 250 },
      { id: '2', cents: null },
    ],
    broken: async (_, { id }) => await loadOrder(id),
    caught: (_, { id }) => loadOrder(id).catch(() => 'fine'),
    forbidden: () => {
      throw new GraphQLError('Ask the mayor', { extensions: { code: 'FORBIDDEN' } });
    },
    maintenance: () => {
      throw new GraphQLError('Come back later', { extensions: { http: { status: 503 } } });
    },
    code: () => {
      throw Object.assign(new Error('Who are you?'), { extensions: { code: 'UNAUTHENTICATED' } });
    },
    text: () => {
      // eslint-disable-next-line no-throw-literal
      throw 'a text';
    },
    one: () => 1,
  },
  Mutation: { pay: async () => true },
  Subscription: {
    prices: {
      async *subscribe() {
        yield { prices: 1 };
        yield { prices: 'many' };
        throw new RangeError('no more prices');
      },
    },
  },
};

/** A server that runs. */
export interface GraphQLService extends AsyncDisposable {
  /** Of its endpoint. */
  url: string;
}

/** @param context called for each request that is asked */
export type Start = (context?: () => object | Promise<object>) => Promise<GraphQLService>;

export async function listen(server: Server, path: string): Promise<GraphQLService> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the tests of all servers ask for. */
export function optionsOfYoga(context: () => object | Promise<object>): YogaServerOptions<object, object> {
  const schema = createSchema({ typeDefs, resolvers });
  return { schema, context, batching: true, logging: false };
}

const noContext = (): object => ({});

const yoga = (context: () => object | Promise<object> = noContext) =>
  createYoga(yogaOptions(optionsOfYoga(context)));

const apollo = (): ApolloServer => {
  const schema = { typeDefs, resolvers, allowBatchedHttpRequests: true, nodeEnv: 'test' };
  return apolloServer(new ApolloServer(schema));
};

export const YOGA: Record<string, Start> = {
  http: (context) => listen(nodeServer(createServer(yoga(context) as RequestListener)), '/graphql'),
  express(context) {
    const app = expressApp(express());
    app.use('/graphql', yoga(context));
    return listen(createServer(app), '/graphql');
  },
  async fastify(context) {
    const app = fastifyApp(fastify());
    const server = yoga(context);
    app.addContentTypeParser('multipart/form-data', {}, (_request, _payload, done) => done(null));
    app.route({
      url: server.graphqlEndpoint,
      method: ['GET', 'POST', 'OPTIONS'],
      handler: (request, reply) => server.handleNodeRequestAndResponse(request, reply),
    });
    await app.listen();
    return listen(app.server, '/graphql');
  },
  hono(context) {
    const app = honoApp(new Hono());
    const server = yoga(context);
    app.use('/graphql', async (context) => await server.fetch(context.req.raw));
    return listen(createServer(getRequestListener(app.fetch)), '/graphql');
  },
};

export const APOLLO: Record<string, Start> = {
  async standalone(context) {
    const server = apollo();
    const { url } = await apolloStandalone(
      startStandaloneServer(server, {
        listen: { port: 0, host: '127.0.0.1' },
        ...(context && { context: async () => await context() }),
      }),
    );
    return { url, [Symbol.asyncDispose]: () => server.stop() };
  },
  async express(context) {
    const server = apollo();
    await server.start();
    const app = expressApp(express());
    const options = context ? { context: async () => await context() } : {};
    app.use('/graphql', express.json(), expressMiddleware(server, options));
    return await listen(createServer(app), '/graphql');
  },
};
