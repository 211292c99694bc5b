/** Requests to fixtures/apps/apollo, and what must become of each. */
import { headersOf, note, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  painting: ['src/resolvers.ts', 'async painting(_'],
  fallback: ['src/resolvers.ts', 'async (_: unknown, { id }'],
  cellar: ['src/resolvers.ts', 'async () => {\n      throw'],
  context: ['src/resolvers.ts', 'export async function contextOf'],
  find: ['src/paintings.ts', 'export async function find'],
} as const;

const BUG = "Cannot read properties of undefined (reading 'trim')";
const error = { error: `TypeError: ${BUG}` };

/**
 * @param path of the endpoint
 * @param framework that takes the requests
 */
export function scenariosOf(path: string, framework: string): readonly Scenario[] {
  const http = { framework, ...(path !== '/' && { route: path }) };
  const graphql = (operation: string, more: object = {}): object => ({ ...http, operation, ...more });

  return [
    {
      title: 'a query, with its resolvers',
      call: {
        method: 'POST',
        path,
        headers: { 'x-trace-id': 'from-outside', 'x-user': 'ada', cookie: 'session=hidden' },
        body: { query: 'query Tour($id: ID!) { painting(id: $id) { title } whose }', variables: { id: '1' } },
      },
      status: 200,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        traceId: 'from-outside',
        authMode: 'cookie',
        requestHeaders: { ...answer.sent, cookie: 'session=[MASKED]' },
        requestPayload: call.body,
        responsePayload: body,
        breadcrumbs: [
          step(project, 'contextOf', at.context),
          step(project, 'resolvers.Query.painting', at.painting),
          step(project, 'find', at.find),
        ],
        metadata: graphql('query Tour'),
      }),
    },
    {
      title: 'a query in the address',
      call: { path: `${path}?query=%7Bwhose%7D`, headers: { 'apollo-require-preflight': 'yes' } },
      status: 200,
      event: ({ project, answer, body }) => ({
        responseHeaders: headersOf(answer),
        responsePayload: body,
        breadcrumbs: [step(project, 'contextOf', at.context)],
        metadata: graphql('query'),
      }),
    },
    {
      title: 'a password in a variable',
      call: {
        method: 'POST',
        path,
        body: {
          query: 'mutation Enter($word: String!) { enter(password: $word) }',
          variables: { word: 'x', password: 'hunter2' },
        },
      },
      status: 200,
      event: ({ project, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: {
          query: 'mutation Enter($word: String!) { enter(password: [MASKED] }',
          variables: { word: 'x', password: '[MASKED]' },
        },
        responsePayload: body,
        breadcrumbs: [step(project, 'contextOf', at.context)],
        metadata: graphql('mutation Enter'),
      }),
    },
    {
      title: 'a bug three calls deep',
      call: { method: 'POST', path, body: { query: '{ whose painting(id: "99") { title } }' } },
      status: 200,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: call.body,
        responsePayload: body,
        status: 'failed',
        errorName: 'TypeError',
        errorMessage: BUG,
        breadcrumbs: [
          step(project, 'contextOf', at.context),
          step(project, 'resolvers.Query.painting', at.painting, error),
          step(project, 'find', at.find, error),
          note(BUG, 'graphql', 'error', { path: 'painting' }),
        ],
        metadata: graphql('query', {
          handled: false,
          trail: [
            passed(project, 'find', at.find, { id: '99' }),
            passed(project, 'resolvers.Query.painting', at.painting, { id: '99' }),
          ],
        }),
      }),
      frames: [
        { functionName: 'load', file: 'src/paintings.ts', at: 'trim()', exact: true },
        { functionName: 'find', file: 'src/paintings.ts', at: 'await load(' },
        { file: 'src/resolvers.ts', at: 'await paintings.find(' },
      ],
    },
    {
      title: 'an error that a resolver handles',
      call: { method: 'POST', path, body: { query: '{ find(id: "99") { title } }' } },
      status: 200,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: call.body,
        responsePayload: body,
        breadcrumbs: [
          step(project, 'contextOf', at.context),
          step(project, 'resolvers.Query.find', at.fallback),
          step(project, 'find', at.find, error),
        ],
        metadata: graphql('query'),
      }),
    },
    {
      title: 'an error that is meant for the client',
      call: { method: 'POST', path, body: { query: '{ cellar }' } },
      status: 200,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: call.body,
        responsePayload: body,
        breadcrumbs: [
          step(project, 'contextOf', at.context),
          step(project, 'resolvers.Query.cellar', at.cellar, { error: 'GraphQLError: The cellar is closed' }),
          note('The cellar is closed', 'graphql', 'warning', { path: 'cellar', code: 'FORBIDDEN' }),
        ],
        metadata: graphql('query'),
      }),
    },
    {
      title: 'an operation that the schema does not have',
      call: { method: 'POST', path, body: { query: '{ statue }' } },
      status: 400,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: call.body,
        responsePayload: body,
        breadcrumbs: [
          step(project, 'contextOf', at.context),
          note('Cannot query field "statue" on type "Query".', 'graphql', 'warning', {
            code: 'GRAPHQL_VALIDATION_FAILED',
          }),
        ],
        metadata: http,
      }),
    },
    {
      title: 'a context that cannot be made',
      call: { method: 'POST', path, headers: { 'x-user': 'broken' }, body: { query: '{ whose }' } },
      status: 500,
      event: ({ project, call, answer, body }) => ({
        responseHeaders: headersOf(answer),
        requestPayload: call.body,
        responsePayload: body,
        errorName: 'RangeError',
        errorMessage: 'There is no such user',
        breadcrumbs: [
          step(project, 'contextOf', at.context, { error: 'RangeError: There is no such user' }),
          note('There is no such user', 'graphql', 'error', {}),
        ],
        metadata: {
          ...http,
          handled: false,
          trail: [passed(project, 'contextOf', at.context, { user: 'broken' })],
        },
      }),
    },
  ];
}
