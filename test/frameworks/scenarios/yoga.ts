/** Requests to fixtures/apps/yoga, and what must become of each. */
import { note, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  play: ['src/schema.ts', 'async (_, { id }: { id: string }) => await plays'],
  fallback: ['src/schema.ts', 'async find(_'],
  reviews: ['src/schema.ts', 'async ({ id }: plays.Play)'],
  box: ['src/schema.ts', 'async () => {\n        throw new GraphQLError'],
  create: ['src/schema.ts', 'async (_, { title }'],
  find: ['src/plays.ts', 'export async function find'],
  add: ['src/plays.ts', 'export async function add'],
} as const;

const graphql = (operation: string, more: object = {}): object => ({
  framework: 'http',
  route: '/graphql',
  operation,
  ...more,
});

const path = '/graphql';
const BUG = "Cannot read properties of undefined (reading 'trim')";
const error = { error: `TypeError: ${BUG}` };

export const scenarios: readonly Scenario[] = [
  {
    title: 'a query, with its resolvers',
    call: {
      method: 'POST',
      path,
      headers: { 'x-trace-id': 'from-outside', authorization: 'Bearer hidden' },
      body: {
        query: 'query Evening($id: ID!) { play(id: $id) { title reviews } whose }',
        variables: { id: '1' },
      },
    },
    status: 200,
    event: ({ project, call, answer, body }) => ({
      traceId: 'from-outside',
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestHeaders: { ...answer.sent, authorization: '[MASKED]' },
      requestPayload: call.body,
      responsePayload: body,
      breadcrumbs: [
        step(project, 'Query.play', at.play),
        step(project, 'find', at.find),
        step(project, 'Play.reviews', at.reviews),
      ],
      metadata: graphql('query Evening'),
    }),
  },
  {
    title: 'a query in the address',
    call: { path: `${path}?query=%7Bwhose%7D` },
    status: 200,
    event: ({ body }) => ({ responsePayload: body, metadata: graphql('query') }),
  },
  {
    title: 'passwords in variables and in the operation',
    call: {
      method: 'POST',
      path,
      body: {
        query:
          'mutation Add($password: String!) { a: add(title: "A", password: $password) { id } b: add(title: "B", password: "hunter2") { id } }',
        variables: { password: 'hunter2' },
      },
    },
    status: 200,
    event: ({ project, body }) => ({
      requestPayload: {
        query:
          'mutation Add($password: [MASKED] { a: add(title: "A", password: [MASKED] { id } b: add(title: "B", password: "[MASKED]") { id } }',
        variables: { password: '[MASKED]' },
      },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'Mutation.add', at.create),
        step(project, 'add', at.add),
        step(project, 'Mutation.add', at.create),
        step(project, 'add', at.add),
      ],
      metadata: graphql('mutation Add'),
    }),
  },
  {
    title: 'a bug three calls deep, which the answer says nothing of',
    call: { method: 'POST', path, body: { query: '{ whose play(id: "99") { title } }' } },
    status: 200,
    event: ({ project, call, body }) => ({
      requestPayload: call.body,
      responsePayload: body,
      status: 'failed',
      errorName: 'TypeError',
      errorMessage: BUG,
      breadcrumbs: [
        step(project, 'Query.play', at.play, error),
        step(project, 'find', at.find, error),
        note(BUG, 'graphql', 'error', { path: 'play' }),
      ],
      metadata: graphql('query', {
        handled: false,
        trail: [passed(project, 'find', at.find, { id: '99' }), passed(project, 'Query.play', at.play)],
      }),
    }),
    frames: [
      { functionName: 'load', file: 'src/plays.ts', at: 'trim()', exact: true },
      { functionName: 'find', file: 'src/plays.ts', at: 'await load(' },
      { file: 'src/schema.ts', at: 'await plays.find(' },
    ],
  },
  {
    title: 'an error that a resolver handles',
    call: { method: 'POST', path, body: { query: '{ find(id: "99") { title } }' } },
    status: 200,
    event: ({ project, call, body }) => ({
      requestPayload: call.body,
      responsePayload: body,
      breadcrumbs: [step(project, 'Query.find', at.fallback), step(project, 'find', at.find, error)],
      metadata: graphql('query'),
    }),
  },
  {
    title: 'an error that is meant for the client',
    call: { method: 'POST', path, body: { query: '{ box }' } },
    status: 200,
    event: ({ project, call, body }) => ({
      requestPayload: call.body,
      responsePayload: body,
      breadcrumbs: [
        step(project, 'Query.box', at.box, { error: 'GraphQLError: The box is for the mayor' }),
        note('The box is for the mayor', 'graphql', 'warning', { path: 'box', code: 'FORBIDDEN' }),
      ],
      metadata: graphql('query'),
    }),
  },
  {
    title: 'several operations in one request',
    call: {
      method: 'POST',
      path,
      body: [{ query: 'query A { whose }' }, { query: 'query B { play(id: "98") { title } }' }],
    },
    status: 200,
    event: ({ project, call, answer }) => ({
      requestPayload: call.body,
      responsePayload: JSON.parse(answer.body) as unknown,
      status: 'failed',
      errorName: 'TypeError',
      errorMessage: BUG,
      breadcrumbs: [
        step(project, 'Query.play', at.play, error),
        step(project, 'find', at.find, error),
        note(BUG, 'graphql', 'error', { path: 'play' }),
      ],
      metadata: graphql('query A,query B', {
        handled: false,
        trail: [passed(project, 'find', at.find, { id: '98' }), passed(project, 'Query.play', at.play)],
      }),
    }),
  },
  {
    title: 'an operation that the schema does not have',
    call: { method: 'POST', path, body: { query: '{ opera }' } },
    status: 200,
    event: ({ call, body }) => ({
      requestPayload: call.body,
      responsePayload: body,
      breadcrumbs: [note('Cannot query field "opera" on type "Query".', 'graphql', 'warning', {})],
      metadata: { framework: 'http', route: '/graphql' },
    }),
  },
  {
    title: 'a context that cannot be made',
    call: { method: 'POST', path, headers: { 'x-user': 'broken' }, body: { query: '{ whose }' } },
    status: 500,
    event: ({ call, body }) => ({
      requestPayload: call.body,
      responsePayload: body,
      errorName: 'RangeError',
      errorMessage: 'There is no such user',
      breadcrumbs: [note('There is no such user', 'graphql', 'error', {})],
      metadata: { framework: 'http', route: '/graphql', handled: false },
    }),
    frames: [{ file: 'src/server.ts', at: "new RangeError('There" }],
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: () => ({ metadata: { framework: 'http' } }),
  },
  { title: 'the check of its health, which is no event', call: { path: '/health' }, status: 200 },
];
