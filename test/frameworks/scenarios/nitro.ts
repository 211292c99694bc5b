/** Requests to fixtures/apps/nuxt and fixtures/apps/nitro, which have the same server, and what must become of each. */
import { headersOf, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  find: ['server/utils/books.ts', 'export async function findBook'],
  add: ['server/utils/books.ts', 'export async function addBook'],
  price: ['server/utils/books.ts', 'export async function priceOf'],
} as const;

/** @param errorName of the errors that h3 makes */
export function scenariosOf(framework: string, errorName: string): Scenario[] {
  const metadata = (route: string, more: object = {}): object => ({ framework, route, ...more });
  const scenarios: Scenario[] = [
    {
      title: 'a route with a parameter, and a query that is masked',
      call: { path: '/api/books/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
      status: 200,
      event: ({ project, answer, body }) => ({
        traceId: 'from-outside',
        requestUrl: `http://${answer.sent['host']}/api/books/1?token=[MASKED]`,
        responsePayload: body,
        breadcrumbs: [step(project, 'findBook', at.find)],
        metadata: metadata('/api/books/:id'),
      }),
    },
    {
      title: 'a body that was read, and a masked field of it',
      call: { method: 'POST', path: '/api/books', body: { title: 'Emma', copies: 2, password: 'hunter2' } },
      status: 201,
      event: ({ project, body }) => ({
        requestPayload: { title: 'Emma', copies: 2, password: '[MASKED]' },
        responsePayload: body,
        breadcrumbs: [step(project, 'addBook', at.add)],
        metadata: metadata('/api/books'),
      }),
    },
    {
      title: 'an error that the handler answers itself',
      call: { method: 'POST', path: '/api/books', body: { title: 'Emma', copies: 200 } },
      status: 422,
      event: ({ project }) => ({
        requestPayload: { title: 'Emma', copies: 200 },
        responsePayload: { error: 'No room for 200 copies' },
        breadcrumbs: [step(project, 'addBook', at.add, { error: 'RangeError: No room for 200 copies' })],
        metadata: metadata('/api/books'),
      }),
    },
    {
      title: 'what an application asks of itself is part of the request',
      call: { path: '/api/shelf' },
      status: 200,
      event: ({ project, body }) => ({
        responsePayload: body,
        breadcrumbs: [step(project, 'findBook', at.find)],
        metadata: metadata('/api/shelf'),
      }),
    },
    {
      title: 'what createError() says, in a function that a route calls',
      call: { path: '/api/books/99' },
      status: 404,
      event: ({ project, body }) => ({
        responsePayload: body,
        errorName,
        errorMessage: 'No such book',
        breadcrumbs: [step(project, 'findBook', at.find, { error: `${errorName}: No such book` })],
        metadata: metadata('/api/books/:id', {
          handled: false,
          cause: { message: { statusCode: 404, statusMessage: 'No such book' } },
          trail: [passed(project, 'findBook', at.find, { id: 99 })],
        }),
      }),
      frames: [
        { functionName: 'findBook', file: 'server/utils/books.ts', at: 'createError({' },
        { file: 'server/api/books/[id].get.ts', at: 'await findBook' },
      ],
    },
    {
      title: 'a bug two calls deep',
      call: { path: '/api/prices?id=x2' },
      status: 500,
      event: ({ project, body }) => {
        const errorMessage = "Cannot read properties of undefined (reading 'amount')";
        return {
          responsePayload: body,
          errorName: 'TypeError',
          errorMessage,
          breadcrumbs: [step(project, 'priceOf', at.price, { error: `TypeError: ${errorMessage}` })],
          metadata: metadata('/api/prices', {
            handled: false,
            trail: [passed(project, 'priceOf', at.price, { id: 'x2' })],
          }),
        };
      },
      frames: [
        { functionName: 'priceOf', file: 'server/utils/books.ts', at: 'amount;\n}' },
        { file: 'server/api/prices.get.ts', at: 'await priceOf' },
      ],
    },
    { title: 'a public file has no event', call: { path: '/robots.txt' }, status: 200 },
  ];
  return scenarios.map(({ event, ...scenario }) => ({
    ...scenario,
    ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
  }));
}
