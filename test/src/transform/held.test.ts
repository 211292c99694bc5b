/** Functions in the options of what makes an app, or part of one: resolvers of GraphQL. */
import { describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';

/** What is found, as `kind name`. */
async function found(code: string): Promise<string[]> {
  const result = await transform(code, 'a.ts', { functions: false });
  return (result?.targets ?? []).map(({ kind, name }) => `${kind} ${name}`);
}

const SCHEMA = "import { createSchema } from 'graphql-yoga'; ";

describe('resolvers', () => {
  test.each([
    [
      "import { createSchema } from 'graphql-yoga'; createSchema({ resolvers: { Query: { a: async () => f() } } });",
    ],
    [
      "import * as yoga from 'graphql-yoga'; yoga.createSchema({ resolvers: { Query: { a: async () => f() } } });",
    ],
    [
      "const { createSchema } = require('graphql-yoga'); createSchema({ resolvers: { Query: { a: async () => f() } } });",
    ],
    [
      "import { makeExecutableSchema as make } from '@graphql-tools/schema'; make({ 'resolvers': { Query: { a: async () => f() } } });",
    ],
    [
      "import { buildSubgraphSchema } from '@apollo/subgraph'; buildSubgraphSchema([{ typeDefs, resolvers: { Query: { a: async () => f() } } }]);",
    ],
    [`${SCHEMA}createSchema({ resolvers: [more, { Query: { async a() { return f(); } } }] } as Options);`],
    [
      `${SCHEMA}const Query = { a: async function () { return f(); } }; createSchema({ resolvers: { Query } });`,
    ],
    [`${SCHEMA}async function a() { return f(); } createSchema({ resolvers: { Query: { a } } });`],
  ])('where a schema takes them: %s', async (code) => {
    expect(await found(code)).toEqual([expect.stringMatching(/^function (?:Query\.)?a$/)]);
  });

  test('of types, subscriptions and enumerations, by where they are', async () => {
    const code = `${SCHEMA}
      const resolvers = {
        Order: { items: { resolve: async () => f(), complexity: 2 }, total: () => 1 },
        Subscription: { prices: { subscribe: async function* () { yield* f(); } } },
        Color: { RED: '#f00' },
        Date: new GraphQLScalarType({ parseValue: async () => f() }),
        ...others,
        [name]: { a: async () => f() },
      } satisfies Resolvers;
      createSchema({ typeDefs, resolvers });`;
    expect(await found(code)).toEqual([
      'function resolvers.Order.items.resolve',
      'function resolvers.Subscription.prices.subscribe',
      'function resolvers.[computed].a',
    ]);
  });

  test.each([
    "import { createSchema } from './schema'; createSchema({ resolvers: { Query: { a: async () => f() } } });",
    "import { createYoga } from 'graphql-yoga'; createYoga(...[{ resolvers: { Query: { a: async () => f() } } }]);",
    `${SCHEMA}createSchema({ typeDefs, ...{ resolvers: { Query: { a: async () => f() } } } });`,
    `${SCHEMA}createSchema({ typeDefs: { a: async () => f() }, resolvers: mergeResolvers([{ a: async () => f() }]) });`,
    `${SCHEMA}createSchema({ get resolvers() { return { a: async () => f() }; } });`,
    `${SCHEMA}createSchema(); createSchema(options);`,
    `${SCHEMA}\n// @replaystack-ignore\ncreateSchema({ resolvers: { Query: { a: async () => f() } } });`,
  ])('and nothing else: %s', async (code) => {
    expect(await found(code)).toEqual([]);
  });

  test('of a server are found with it', async () => {
    const code = `
      import { ApolloServer } from '@apollo/server';
      import { startStandaloneServer } from '@apollo/server/standalone';
      const server = new ApolloServer<Context>({ typeDefs, resolvers: { Query: { a: async () => f() } } });
      await startStandaloneServer(server);`;
    expect(await found(code)).toEqual(['app graphql', 'function Query.a', 'app graphql']);
  });

  test('one by one may be left alone', async () => {
    const code = `${SCHEMA}createSchema({ resolvers: { Query: {
      // @replaystack-ignore
      a: async () => f(),
      b: async () => f(),
    } } });`;
    expect(await found(code)).toEqual(['function Query.b']);
  });
});

describe('options', () => {
  const YOGA = "import { createYoga } from 'graphql-yoga'; ";

  test.each([
    ['createYoga({ schema });', 'createYoga($rsYogaOptions({ schema }));'],
    ['createYoga(options as Options);', 'createYoga($rsYogaOptions(options as Options));'],
    ['createYoga<Context>(await options(),);', 'createYoga<Context>($rsYogaOptions(await options()),);'],
    ['createYoga((a, { schema }));', 'createYoga(($rsYogaOptions((a, { schema }))));'],
    ['createYoga(();', undefined],
    ['createYoga();', undefined],
    ['createYoga(...all);', undefined],
    ['createYoga?.({ schema });', undefined],
    ['use(createYoga);', undefined],
  ])('%s', async (code, expected) => {
    const result = await transform(YOGA + code, 'a.ts', { functions: false });
    const output = result?.output?.code;
    if (expected === undefined) expect(output).toBeUndefined();
    else expect(output?.endsWith(expected)).toBe(true);
  });
});

test.each(['forRoot', 'forRootAsync'])('what `%s` of the GraphQL module of NestJS takes', async (method) => {
  const code = `import { GraphQLModule } from '@nestjs/graphql'; @Module({ imports: [GraphQLModule.${method}<Config>({ driver })] }) class App {}`;
  const { output, targets } = (await transform(code, 'a.ts', { functions: false })) ?? {};
  expect(output?.code).toContain(`GraphQLModule.${method}<Config>($rsNestGraphqlOptions({ driver }))`);
  expect(targets).toMatchObject([{ kind: 'app', name: 'graphql' }]);
});
