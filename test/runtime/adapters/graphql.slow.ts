/** GraphQL on the servers that it runs on: which operations were asked for, and what went wrong in them. */
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apolloServer } from '../../../runtime/adapters/apollo.ts';
import { expressApp } from '../../../runtime/adapters/express.ts';
import type { GraphQLService, Start } from '../../support/graphql.ts';
import { APOLLO, listen, resolvers, typeDefs, YOGA } from '../../support/graphql.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let service: GraphQLService | undefined;

beforeEach(async () => void (test = await startRuntime()));

afterEach(async () => {
  await service?.[Symbol.asyncDispose]();
  service = undefined;
  await test[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  traceId: string | null;
  body: unknown;
}

async function ask(operation: unknown): Promise<Answer> {
  const response = await fetch(service?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
  });
  const { status, headers } = response;
  return { status, traceId: headers.get('x-trace-id'), body: await response.json() };
}

const SERVERS = [
  ...Object.entries(YOGA).map(([name, start]) => ({ title: `Yoga on ${name}`, kind: 'yoga', name, start })),
  ...Object.entries(APOLLO).map(([name, start]) => ({
    title: `Apollo on ${name}`,
    kind: 'apollo',
    name,
    start,
  })),
];

describe.each(SERVERS)('$title', ({ kind, name, start }) => {
  const begin = async (...given: Parameters<Start>): Promise<void> => void (service = await start(...given));

  it('tells what was asked for and answered', async () => {
    await begin();
    const query = 'query One($id: ID!) { order(id: $id) { id } }';
    const { status, traceId, body } = await ask({ query, variables: { id: '7' } });
    expect({ status, body }).toEqual({ status: 200, body: { data: { order: { id: '7' } } } });
    await ask({ query: 'mutation { pay(id: 7) }' });
    const [first, second] = await test.events();
    expect(first).toMatchObject({
      traceId,
      method: 'POST',
      endpoint: new URL(service?.url ?? '').pathname,
      status: 'success',
      statusCode: 200,
      requestPayload: { query, variables: { id: '7' } },
      responsePayload: { data: { order: { id: '7' } } },
    });
    const route = name === 'standalone' ? {} : { route: '/graphql' };
    const framework = name === 'standalone' ? 'http' : name;
    expect(first?.metadata).toEqual({ framework, ...route, operation: 'query One' });
    expect(second?.metadata).toMatchObject({ operation: 'mutation' });
    expect(second?.errorName).toBeUndefined();
  });

  it('has the error that a resolver threw, with the way that it took', async () => {
    await begin();
    const { status, body } = await ask({ query: 'query Broken { one broken(id: 7) { id } }' });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { data: { one: 1, broken: null }, errors: [{ path: ['broken'] }] },
    });
    const [event] = await test.events();
    expect(event).toMatchObject({
      status: 'failed',
      statusCode: 200,
      errorName: 'RangeError',
      errorMessage: 'no order 7',
      stackTrace: expect.stringContaining('support/graphql.ts'),
      metadata: {
        operation: 'query Broken',
        handled: false,
        trail: [{ functionName: 'loadOrder', arguments: { id: '7' } }],
      },
    });
    expect(event?.breadcrumbs).toContainEqual(
      expect.objectContaining({
        message: 'no order 7',
        category: 'graphql',
        level: 'error',
        metadata: { path: 'broken' },
      }),
    );
  });

  it('leaves to the client what is meant for it', async () => {
    await begin();
    const { body } = await ask({ query: '{ forbidden }' });
    expect(body).toMatchObject({ errors: [{ message: 'Ask the mayor', extensions: { code: 'FORBIDDEN' } }] });
    await ask({ query: '{ code }' });
    await ask({ query: '{ nothing }' });
    await ask({ query: '{ one' });
    await ask({ query: 'query ($id: ID!) { order(id: $id) { id } }' });
    const events = await test.events();
    expect(events).toHaveLength(5);
    for (const event of events) {
      expect(event).not.toHaveProperty('errorName');
      expect(event.status).not.toBe('failed');
    }
    expect(events[0]?.breadcrumbs).toContainEqual(
      expect.objectContaining({
        message: 'Ask the mayor',
        level: 'warning',
        metadata: { path: 'forbidden', code: 'FORBIDDEN' },
      }),
    );
  });

  it('tells of operations that are none, each time', async () => {
    await begin();
    const queries = ['{ one', '{ nothing }'];
    for (const query of [...queries, ...queries]) await ask({ query });
    const told = (await test.events()).map(({ errorName, breadcrumbs = [] }) => [
      errorName,
      ...breadcrumbs
        .filter(({ category }) => category === 'graphql')
        .map(({ message, level }) => [message, level]),
    ]);
    const none = [undefined, ['Syntax Error: Expected Name, found <EOF>.', 'warning']];
    const unknown = [undefined, ['Cannot query field "nothing" on type "Query".', 'warning']];
    expect(told).toEqual([none, unknown, none, unknown]);
  });

  it('has errors that say themselves that the server is to blame, and those of the schema', async () => {
    await begin();
    expect(await ask({ query: '{ maintenance }' })).toMatchObject({ status: 503 });
    expect(await ask({ query: '{ orders { cents } }' })).toMatchObject({ status: 200 });
    await ask({ query: '{ text }' });
    await ask({ query: '{ caught(id: 7) }' });
    const told = (await test.events()).map(({ status, errorName, errorMessage }) => [
      status,
      errorName,
      errorMessage,
    ]);
    expect(told.sort()).toEqual([
      ['failed', 'Error', 'Cannot return null for non-nullable field Order.cents.'],
      ...(kind === 'yoga' ? [['failed', 'Error', 'a text']] : []),
      ['failed', 'GraphQLError', 'Come back later'],
      ...(kind === 'apollo' ? [['failed', 'NonErrorThrown', 'Unexpected error value: "a text"']] : []),
      ['success', undefined, undefined],
    ]);
  });

  it('has one event of a batch', async () => {
    await begin();
    const { body } = await ask([
      { query: 'query A { one }' },
      { query: 'query B { broken(id: 2) { id } }' },
      { query: 'query C { broken(id: 3) { id } }' },
    ]);
    expect(body).toMatchObject([{ data: { one: 1 } }, { errors: [{}] }, { errors: [{}] }]);
    const events = await test.events();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      errorMessage: expect.stringMatching(/^no order [23]$/),
      metadata: { operation: 'query A,query B,query C' },
    });
  });

  it('has the error of a context that could not be made', async () => {
    await begin(async () => {
      throw new RangeError('no session');
    });
    const { status } = await ask({ query: '{ one }' });
    expect(status).toBe(500);
    expect(await test.events()).toEqual([
      expect.objectContaining({
        status: 'failed',
        statusCode: 500,
        errorName: 'RangeError',
        errorMessage: 'no session',
      }),
    ]);
  });

  it('keeps a hundred requests at a time apart', async () => {
    await begin();
    const ids = Array.from({ length: 100 }, (_, index) => String(index));
    const answers = await Promise.all(
      ids.map((id) => ask({ query: `query Q${id} { broken(id: ${id}) { id } }` })),
    );
    const events = await test.events();
    expect(events).toHaveLength(100);
    for (const [index, { traceId }] of answers.entries()) {
      const event = events.find((event) => event.traceId === traceId);
      expect(event).toMatchObject({
        errorMessage: `no order ${index}`,
        metadata: { operation: `query Q${index}` },
      });
    }
  });
});

it('has no route where Express mounts Apollo at a path with a parameter', async () => {
  const server = apolloServer(new ApolloServer({ typeDefs, resolvers }));
  await server.start();
  const app = expressApp(express());
  app.use('/:town/graphql', express.json(), expressMiddleware(server));
  service = await listen(createServer(app), '/rome/graphql');
  await ask({ query: '{ one }' });
  expect((await test.events()).map(({ endpoint, metadata }) => [endpoint, metadata])).toEqual([
    ['/rome/graphql', { framework: 'express', operation: 'query' }],
  ]);
});

describe.each(Object.keys(YOGA))('a subscription of Yoga on %s', (name) => {
  it('comes piece by piece, with the errors until its end', async () => {
    service = await YOGA[name]?.();
    const response = await fetch(service?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription Prices { prices }' }),
    });
    expect(await response.text()).toContain('data: {"data":{"prices":1}}');
    const [event] = await test.events();
    expect(event).toMatchObject({
      status: 'failed',
      statusCode: 200,
      responsePayload: { captured: false },
      metadata: { operation: 'subscription Prices' },
    });
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('Int cannot represent'), 'no more prices']),
    );
  });
});
