/** Requests to fixtures/apps/koa, and what must become of each. */
import { passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  serve: ['src/app.ts', "async (context, next) => {\n  context.set('x-served-by'"],
  answer: ['src/app.ts', 'async (context, next) => {\n  try'],
  broken: ['src/app.ts', 'async (context, next) => {\n  if'],
  find: ['src/books.ts', 'async (context) => {\n  context.body = await store.find'],
  create: ['src/books.ts', 'async (context) => {\n  const { title }'],
  review: ['src/books.ts', 'async (context) => {\n  const { id, number }'],
  locked: ['src/files.ts', 'async (context) => {\n  context.status = 401'],
  store: ['src/store.ts', 'export async function find'],
  add: ['src/store.ts', 'export async function add'],
} as const;

/** What is no JSON, and what this version of Node says of it. */
const broken = { text: '{"title"', message: '' };
try {
  JSON.parse(broken.text);
} catch (error) {
  broken.message = (error as Error).message;
}

const koa = (metadata: object = {}): object => ({ framework: 'koa', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a router with a prefix',
    call: {
      path: '/books/1?token=hidden',
      headers: { 'x-trace-id': 'from-outside', 'x-forwarded-for': '10.1.2.3' },
    },
    status: 200,
    event: ({ project, answer, body }) => ({
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/books/1?token=[MASKED]`,
      responsePayload: body,
      // Koa trusts the proxy.
      sourceIp: '10.1.2.3',
      breadcrumbs: [
        step(project, 'use', at.serve),
        step(project, 'use', at.answer),
        step(project, 'GET /:id', at.find),
        step(project, 'find', at.store),
      ],
      metadata: koa({ route: '/books/:id' }),
    }),
  },
  {
    title: 'middleware of a router that answers',
    call: { path: '/files/locked/diary' },
    status: 401,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [
        step(project, 'use', at.serve),
        step(project, 'use', at.answer),
        step(project, 'use /locked', at.locked),
      ],
      metadata: koa({ route: '/files/locked/:name' }),
    }),
  },
  {
    title: 'JSON that a parser read, and a masked field of it',
    call: { method: 'POST', path: '/books', body: { title: 'Emma', password: 'hunter2' } },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { title: 'Emma', password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'use', at.serve),
        step(project, 'use', at.answer),
        step(project, 'POST /', at.create),
        step(project, 'add', at.add),
      ],
      metadata: koa({ route: '/books' }),
    }),
  },
  {
    title: 'a router in a router',
    call: { path: '/books/1/reviews/2' },
    status: 200,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [
        step(project, 'use', at.serve),
        step(project, 'use', at.answer),
        step(project, 'GET /:number', at.review),
      ],
      metadata: koa({ route: '/books/:id/reviews/:number' }),
    }),
  },
  {
    title: 'what ctx.throw() says',
    call: { method: 'POST', path: '/books', body: {} },
    status: 422,
    event: ({ project, answer }) => ({
      requestPayload: {},
      responsePayload: answer.body,
      errorName: 'UnprocessableEntityError',
      errorMessage: 'A book needs a title',
      breadcrumbs: [
        step(project, 'use', at.serve, { error: 'UnprocessableEntityError: A book needs a title' }),
        step(project, 'use', at.answer, { error: 'UnprocessableEntityError: A book needs a title' }),
        step(project, 'POST /', at.create, { error: 'UnprocessableEntityError: A book needs a title' }),
      ],
      metadata: koa({
        route: '/books',
        handled: false,
        trail: [
          passed(project, 'POST /', at.create),
          passed(project, 'use', at.answer),
          passed(project, 'use', at.serve),
        ],
      }),
    }),
  },
  {
    title: 'JSON that is none',
    call: {
      method: 'POST',
      path: '/books',
      headers: { 'content-type': 'application/json' },
      body: broken.text,
    },
    status: 400,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      errorName: 'SyntaxError',
      errorMessage: broken.message,
      breadcrumbs: [
        step(project, 'use', at.serve, { error: `SyntaxError: ${broken.message}` }),
        step(project, 'use', at.answer, { error: `SyntaxError: ${broken.message}` }),
      ],
      metadata: koa({
        handled: false,
        trail: [passed(project, 'use', at.answer), passed(project, 'use', at.serve)],
      }),
    }),
  },
  {
    title: 'bytes',
    call: { path: '/files/cover' },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      breadcrumbs: [step(project, 'use', at.serve), step(project, 'use', at.answer)],
      metadata: koa({ route: '/files/cover' }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: 'Not Found',
      breadcrumbs: [
        step(project, 'use', at.serve),
        step(project, 'use', at.answer),
        step(project, 'use', at.broken),
      ],
      metadata: koa(),
    }),
  },
  {
    title: 'an error that Koa answers',
    call: { path: '/broken' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: 'Broken on purpose',
      errorName: 'Error',
      errorMessage: 'Broken on purpose',
      breadcrumbs: [
        step(project, 'use', at.serve, { error: 'Error: Broken on purpose' }),
        step(project, 'use', at.answer, { error: 'Error: Broken on purpose' }),
        step(project, 'use', at.broken, { error: 'Error: Broken on purpose' }),
      ],
      metadata: koa({
        handled: false,
        trail: [
          passed(project, 'use', at.broken),
          passed(project, 'use', at.answer),
          passed(project, 'use', at.serve),
        ],
      }),
    }),
  },
  {
    title: 'a bug three calls deep, answered by middleware',
    call: { path: '/books/99' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'title')";
      const error = { error: `TypeError: ${errorMessage}` };
      return {
        responsePayload: { sorry: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'use', at.serve),
          step(project, 'use', at.answer),
          step(project, 'GET /:id', at.find, error),
          step(project, 'find', at.store, error),
        ],
        metadata: koa({
          route: '/books/:id',
          handled: true,
          trail: [passed(project, 'find', at.store, { id: '99' }), passed(project, 'GET /:id', at.find)],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/store.ts', at: 'title as string).trim' },
      { functionName: 'find', file: 'src/store.ts', at: 'await load(' },
      { file: 'src/books.ts', at: 'await store.find(' },
    ],
  },
];
