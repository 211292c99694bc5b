/** What is given to the servers of GraphQL, and gets a plugin of ours, is otherwise what it was. */
import { ApolloServer } from '@apollo/server';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { apolloServer, apolloStandalone } from '../../../runtime/adapters/apollo.ts';
import { nestGraphqlOptions } from '../../../runtime/adapters/nestjs-graphql.ts';
import { yogaOptions } from '../../../runtime/adapters/yoga.ts';
import { optionsOfYoga, resolvers, typeDefs } from '../../support/graphql.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

describe('options of Yoga', () => {
  it('keep their kind, their getters and their own plugins', () => {
    class Options {
      plugins = [{}];
      get schema(): typeof schema {
        return schema;
      }
    }
    const schema = createSchema({ typeDefs, resolvers });
    const given = Object.freeze(new Options());
    const options = yogaOptions(given);
    expectTypeOf(options).toEqualTypeOf<Readonly<Options>>();
    expect(options).toBeInstanceOf(Options);
    expect(options.schema).toBe(schema);
    expect(options.plugins.slice(1)).toEqual(given.plugins);
    expect(given.plugins).toEqual([{}]);
    expect(yogaOptions(given).plugins).toHaveLength(2);
  });

  it.each([undefined, null, 1, 'text', { plugins: {} }])('are not what looks otherwise: %j', (value) => {
    expect(yogaOptions(value)).toBe(value);
  });

  const QUERIES = [
    '{ one }',
    'query Q { one orders { id cents } }',
    '{ broken(id: 7) { id } forbidden code text }',
    '{ maintenance }',
    'mutation { pay(id: 7) }',
    'subscription { prices }',
    '{ nothing }',
    '{ one',
    'query A { one } query B { one }',
  ];

  it.each(QUERIES)('make the answers that they made: %s', async (query) => {
    const answers = [optionsOfYoga, (context: () => object) => yogaOptions(optionsOfYoga(context))].map(
      async (optionsOf) => {
        const response = await createYoga(optionsOf(() => ({}))).fetch('http://localhost/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          body: JSON.stringify({ query }),
        });
        return [response.status, [...response.headers], await response.text()];
      },
    );
    const [without, instrumented] = await Promise.all(answers);
    expect(instrumented).toEqual(without);
  });

  it('leave synchronous what was', () => {
    const yoga = createYoga(yogaOptions(optionsOfYoga(() => ({}))));
    const { execute, parse, schema } = yoga.getEnveloped({});
    const document = parse('{ one order(id: 7) { id } }');
    expect(execute({ schema, document, contextValue: {} })).toEqual({ data: { one: 1, order: { id: '7' } } });
  });
});

describe('an Apollo server', () => {
  it('stays itself, and has one plugin more', async () => {
    const plain = new ApolloServer({ typeDefs, resolvers });
    const server = apolloServer(plain);
    expectTypeOf(server).toEqualTypeOf<typeof plain>();
    expect(server).toBe(plain);
    const { body } = await server.executeOperation({ query: '{ one broken(id: 7) { id } }' });
    expect(body).toMatchObject({ singleResult: { data: { one: 1, broken: null } } });
    await server.stop();
    // Too late for plugins.
    expect(apolloServer(server)).toBe(plain);
  });

  it('may share its list of plugins', async () => {
    const plugins: object[] = [];
    const servers = [1, 2].map(() => apolloServer(new ApolloServer({ typeDefs, resolvers, plugins })));
    expect(plugins).toHaveLength(1);
    apolloServer(servers[0]);
    expect(plugins).toHaveLength(1);
  });

  it.each([undefined, null, 1, {}, { addPlugin() {} }])('is not what looks otherwise: %j', (value) => {
    expect(apolloServer(value)).toBe(value);
  });

  it('is started as it was', () => {
    const started = Promise.resolve({ url: 'http://localhost/' });
    expect(apolloStandalone(started)).toBe(started);
  });
});

describe('options of the module of NestJS', () => {
  class ApolloDriver {
    readonly path = '/graphql';
  }
  class OwnDriver extends ApolloDriver {}
  class MercuriusDriver {
    readonly path = '/graphql';
  }

  it('keep what they have, and are copied', () => {
    const given = Object.freeze({ driver: OwnDriver, path: '/api', plugins: Object.freeze([{}]) });
    const options = nestGraphqlOptions(given);
    expectTypeOf(options).toEqualTypeOf<typeof given>();
    expect(options).toEqual({ driver: OwnDriver, path: '/api', plugins: [expect.any(Object), {}] });
    expect(nestGraphqlOptions(given).plugins).toHaveLength(2);
  });

  it('may come of a factory, sooner or later', async () => {
    const made = { path: '/api' };
    const factory = (value: unknown) => nestGraphqlOptions({ driver: ApolloDriver, useFactory: () => value });
    const expected = { path: '/api', plugins: [expect.any(Object)] };
    expect(factory(made).useFactory()).toEqual(expected);
    expect(await factory(Promise.resolve(made)).useFactory()).toEqual(expected);
    expect(factory(undefined).useFactory()).toBeUndefined();
    expect(made).toEqual({ path: '/api' });
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { driver: MercuriusDriver },
    { driver: ApolloDriver, useClass: OwnDriver },
    { driver: ApolloDriver, useExisting: OwnDriver },
  ])('are not what looks otherwise: %j', (value) => {
    expect(nestGraphqlOptions(value)).toBe(value);
  });
});
