/**
 * GraphQL: Yoga and Apollo Server get a plugin of ours, and resolvers are observed where a schema takes them. Requests are those of
 * the server that they run on.
 */
import type { Recogniser } from './types.ts';

const nothingRegistered = { types: [], methods: [], chains: [], receivers: /(?!)/ };

const resolvers = { app: false, holds: ['resolvers'] } as const;

export const graphqlYoga: Recogniser = {
  name: 'graphql',
  packages: ['graphql-yoga'],
  factories: [
    { export: 'createYoga', by: 'call', app: true },
    { export: 'createSchema', by: 'call', ...resolvers },
  ],
  ...nothingRegistered,
  hooks: { options: 'yogaOptions' },
};

export const apolloServer: Recogniser = {
  name: 'graphql',
  packages: ['@apollo/server'],
  factories: [{ export: 'ApolloServer', by: 'new', ...resolvers, app: true }],
  ...nothingRegistered,
  hooks: { app: 'apolloServer' },
};

/** Makes a server of Node's in a package, where the build does not see it. */
export const apolloStandalone: Recogniser = {
  name: 'graphql',
  packages: ['@apollo/server/standalone'],
  factories: [{ export: 'startStandaloneServer', by: 'call', app: true }],
  ...nothingRegistered,
  hooks: { app: 'apolloStandalone' },
};

/** Makes its server in a package, too, of what the module is given. */
export const nestGraphql: Recogniser = {
  name: 'graphql',
  packages: ['@nestjs/graphql'],
  factories: [
    { export: 'GraphQLModule', by: 'static', method: 'forRoot', app: true },
    { export: 'GraphQLModule', by: 'static', method: 'forRootAsync', app: true },
  ],
  ...nothingRegistered,
  hooks: { options: 'nestGraphqlOptions' },
};

export const graphqlSchema: Recogniser = {
  name: 'graphql',
  packages: ['@graphql-tools/schema', '@apollo/subgraph'],
  factories: [
    { export: 'makeExecutableSchema', by: 'call', ...resolvers },
    { export: 'buildSubgraphSchema', by: 'call', ...resolvers },
  ],
  ...nothingRegistered,
  hooks: {},
};
