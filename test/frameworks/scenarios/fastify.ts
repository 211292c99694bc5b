/** Requests to fixtures/apps/fastify, and what must become of each. */
import { MASKED, passed, step, STREAMED } from '../../support/e2e-event.ts';
import { type Answer, applicationHeaders } from '../../support/e2e-http.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  onSend: ['src/app.ts', 'async (request, reply, payload)'],
  home: ['src/app.ts', "app.get('/', async"],
  find: ['src/books.ts', 'async (request) => await store.find('],
  create: ['src/books.ts', 'async (request, reply) => {\n    const id'],
  identify: ['src/books.ts', 'preHandler: async'],
  store: ['src/store.ts', 'export const find'],
  add: ['src/store.ts', 'export async function add'],
  text: ['src/files.ts', "app.get('/text'"],
  cover: ['src/files.ts', "app.get('/cover'"],
  import: ['src/files.ts', "app.post('/import'"],
  apologise: ['src/members.ts', 'async (error: Error'],
  github: ['src/app.ts', "app.post('/github-webhook'"],
  printer: ['src/app.ts', "app.post('/from-the-printer'"],
  again: ['src/members.ts', "fastify.get('/again'"],
} as const;

const fastify = (metadata: object = {}): object => ({ framework: 'fastify', ...metadata });

/** The headers of an answer with which Fastify itself ends the connection. */
const closing = ({ headers }: Answer): object => ({ ...applicationHeaders(headers), connection: 'close' });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a plugin with a prefix, and a response that its schema serialises',
    call: { path: '/v1/books/1', headers: { 'user-agent': 'curl/8', 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project }) => ({
      traceId: 'from-outside',
      userAgent: 'curl/8',
      responsePayload: { title: 'Middlemarch' },
      breadcrumbs: [
        step(project, 'GET /:id', at.find),
        step(project, 'find', at.store),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({ route: '/v1/books/:id' }),
    }),
  },
  {
    title: 'the app itself, with what it was decorated with',
    call: {
      path: '/?token=hidden&page=2',
      headers: { 'x-forwarded-for': '10.1.2.3', 'x-api-key': 'hidden' },
    },
    status: 200,
    event: ({ project, answer }) => ({
      requestUrl: new URL(`http://${answer.sent['host']}/?token=[MASKED]&page=2`).href
        .replace('%5B', '[')
        .replace('%5D', ']'),
      authMode: 'api_key',
      authScheme: 'x-api-key',
      requestHeaders: { ...answer.sent, 'x-api-key': MASKED },
      responsePayload: { openedIn: 1898 },
      // Fastify trusts the proxy.
      sourceIp: '10.1.2.3',
      breadcrumbs: [step(project, 'GET /', at.home), step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/' }),
    }),
  },
  {
    title: 'a webhook, by its path',
    call: { method: 'POST', path: '/github-webhook', body: { action: 'opened', secret: 'hidden' } },
    status: 202,
    event: ({ project }) => ({
      eventType: 'webhook',
      requestPayload: { action: 'opened', secret: MASKED },
      responsePayload: { received: { action: 'opened', secret: MASKED } },
      breadcrumbs: [
        step(project, 'POST /github-webhook', at.github),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({ route: '/github-webhook' }),
    }),
  },
  {
    title: 'a webhook, as a pragma says, that fails',
    call: { method: 'POST', path: '/from-the-printer', body: { pages: 3 } },
    status: 500,
    event: ({ project, body }) => ({
      eventType: 'webhook',
      requestPayload: { pages: 3 },
      responsePayload: body,
      errorName: 'Error',
      errorMessage: 'Nobody has signed this',
      breadcrumbs: [
        step(project, 'POST /from-the-printer', at.printer, { error: 'Error: Nobody has signed this' }),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({
        route: '/from-the-printer',
        handled: true,
        trail: [passed(project, 'POST /from-the-printer', at.printer)],
      }),
    }),
    frames: [{ file: 'src/app.ts', at: "new Error('Nobody" }],
  },
  {
    title: 'JSON that a schema accepts, and a masked field of it',
    call: {
      method: 'POST',
      path: '/v1/books',
      headers: { 'x-visitor': 'ada' },
      body: { title: 'Emma', year: 1815, password: 'hunter2' },
    },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { title: 'Emma', year: 1815, password: MASKED },
      responsePayload: { id: body['id'], by: 'ada' },
      breadcrumbs: [
        step(project, 'POST /', at.create),
        step(project, 'add', at.add),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({ route: '/v1/books' }),
    }),
  },
  {
    title: 'JSON that a schema refuses, answered by the error handler',
    call: { method: 'POST', path: '/v1/books', body: { year: 1815 } },
    status: 422,
    event: ({ project }) => ({
      requestPayload: { year: 1815 },
      responsePayload: { invalid: "body must have required property 'title'" },
      errorName: 'Error',
      errorMessage: "body must have required property 'title'",
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/v1/books', handled: true }),
    }),
  },
  {
    title: 'JSON that is none, which the error handler leaves to Fastify',
    call: {
      method: 'POST',
      path: '/v1/books',
      headers: { 'content-type': 'application/json' },
      body: '{"title"',
    },
    status: 400,
    event: ({ project, answer, body }) => ({
      responseHeaders: closing(answer),
      responsePayload: body,
      errorName: 'FastifyError',
      errorMessage: body['message'],
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/v1/books', handled: false }),
    }),
  },
  {
    title: 'a body that is too large',
    call: { method: 'POST', path: '/v1/books', body: { title: 'x'.repeat(3000) } },
    status: 413,
    event: ({ project, answer, body }) => ({
      responseHeaders: closing(answer),
      responsePayload: body,
      errorName: 'FastifyError',
      errorMessage: 'Request body is too large',
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/v1/books', handled: false }),
    }),
  },
  {
    title: 'a body of a type that nobody reads',
    call: {
      method: 'POST',
      path: '/v1/books',
      headers: { 'content-type': 'application/yaml' },
      body: 'title: Emma',
    },
    status: 415,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'FastifyError',
      errorMessage: body['message'],
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/v1/books', handled: false }),
    }),
  },
  {
    title: 'a route for several methods, described by an object',
    call: { method: 'PATCH', path: '/v1/books/1/lend', headers: { 'x-visitor': 'ada' } },
    status: 200,
    event: ({ project, answer }) => ({
      // Node adds it to a PATCH without a body.
      requestHeaders: { ...answer.sent, 'content-length': '0' },
      responsePayload: { lent: '1', to: 'ada' },
      breadcrumbs: [
        step(project, 'PUT,PATCH /:id/lend', at.identify),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({ route: '/v1/books/:id/lend' }),
    }),
  },
  {
    title: 'a hook of a route that throws',
    call: { method: 'PUT', path: '/v1/books/1/lend' },
    status: 401,
    event: ({ project, answer, body }) => ({
      requestHeaders: { ...answer.sent, 'content-length': '0' },
      responsePayload: body,
      errorName: 'Error',
      errorMessage: 'Who are you?',
      breadcrumbs: [
        step(project, 'PUT,PATCH /:id/lend', at.identify, { error: 'Error: Who are you?' }),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({
        route: '/v1/books/:id/lend',
        handled: false,
        trail: [passed(project, 'PUT,PATCH /:id/lend', at.identify)],
      }),
    }),
    frames: [{ functionName: 'Object.preHandler', file: 'src/books.ts', at: 'new Error(' }],
  },
  {
    title: 'a hook that throws when there is an answer',
    call: { path: '/files/text', headers: { 'x-visitor': 'censor' } },
    status: 500,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'Error',
      errorMessage: 'Not for your eyes',
      // It is asked for the answers to its own errors as well.
      breadcrumbs: Array.from({ length: 3 }, () =>
        step(project, 'addHook onSend', at.onSend, { error: 'Error: Not for your eyes' }),
      ),
      metadata: fastify({
        route: '/files/text',
        handled: false,
        trail: [passed(project, 'addHook onSend', at.onSend)],
      }),
    }),
    frames: [{ functionName: 'Object.<anonymous>', file: 'src/app.ts', at: 'throw new Error(' }],
  },
  {
    title: 'a wildcard in a plugin of a plugin',
    call: { path: '/v1/books/shelves/top/left' },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { '*': 'top/left' },
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/v1/books/shelves/*' }),
    }),
  },
  {
    title: 'a route that does not exist',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: { nothing: '/nowhere' },
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify(),
    }),
  },
  {
    title: 'a route that calls the handler for those that do not exist',
    call: { path: '/members/ada' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: { nothing: '/members/ada' },
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/members/:name' }),
    }),
  },
  {
    title: 'a path that cannot be decoded',
    call: { path: '/v1/books/%E0%A4%A' },
    status: 400,
    event: ({ body }) => ({ responsePayload: body, metadata: fastify() }),
  },
  {
    title: 'bytes',
    call: { path: '/files/cover' },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      breadcrumbs: [step(project, 'GET /cover', at.cover), step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/cover' }),
    }),
  },
  {
    title: 'an array of bytes without a type',
    call: { path: '/files/index' },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/index' }),
    }),
  },
  {
    title: 'a Response',
    call: { path: '/files/web' },
    status: 203,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/web' }),
    }),
  },
  {
    title: 'a redirect',
    call: { path: '/files/old' },
    status: 301,
    event: ({ project }) => ({
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/old' }),
    }),
  },
  {
    title: 'a body that a parser of the application leaves as bytes',
    call: {
      method: 'POST',
      path: '/files/import',
      headers: { 'content-type': 'text/csv' },
      body: 'title,year\nEmma,1815',
    },
    status: 200,
    event: ({ project }) => ({
      requestPayload: 'title,year\nEmma,1815',
      responsePayload: { lines: 2 },
      breadcrumbs: [step(project, 'POST /import', at.import), step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/import' }),
    }),
  },
  {
    title: 'a body that a parser of the application hands on as a stream',
    call: {
      method: 'POST',
      path: '/files/copy',
      headers: { 'content-type': 'application/x-pieces' },
      body: 'copied',
    },
    status: 200,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'addHook onSend', at.onSend)],
      metadata: fastify({ route: '/files/copy' }),
    }),
  },
  {
    title: 'an answer past Fastify',
    call: { path: '/files/raw' },
    status: 200,
    event: () => ({ responsePayload: 'by hand', metadata: fastify({ route: '/files/raw' }) }),
  },
  {
    title: 'a stream that fails before there is an answer',
    call: { path: '/files/broken' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: { sorry: 'The disk is gone' },
      errorName: 'Error',
      errorMessage: 'The disk is gone',
      breadcrumbs: [step(project, 'addHook onSend', at.onSend, { calls: 2 })],
      metadata: fastify({ route: '/files/broken', handled: true }),
    }),
  },
  {
    title: 'a plugin with an error handler of its own',
    call: { path: '/members' },
    status: 503,
    event: ({ project }) => ({
      responsePayload: { later: 'No members' },
      errorName: 'RangeError',
      errorMessage: 'No members',
      breadcrumbs: [
        step(project, 'setErrorHandler', at.apologise),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({ route: '/members', handled: true }),
    }),
  },
  {
    title: 'an error handler that fails, so that the next one answers',
    call: { path: '/members/again' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: { sorry: 'The error handler failed' },
      errorName: 'Error',
      errorMessage: 'again',
      breadcrumbs: [
        step(project, 'GET /again', at.again, { error: 'Error: again' }),
        step(project, 'setErrorHandler', at.apologise, { error: 'Error: The error handler failed' }),
        step(project, 'addHook onSend', at.onSend),
      ],
      metadata: fastify({
        route: '/members/again',
        handled: true,
        trail: [passed(project, 'GET /again', at.again)],
      }),
    }),
  },
  {
    title: 'an error three calls deep, answered by the error handler',
    call: { path: '/v1/books/99' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'title')";
      const error = { error: `TypeError: ${errorMessage}` };
      return {
        responsePayload: { sorry: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'GET /:id', at.find, error),
          step(project, 'find', at.store, error),
          step(project, 'addHook onSend', at.onSend),
        ],
        metadata: fastify({
          route: '/v1/books/:id',
          handled: true,
          trail: [passed(project, 'find', at.store, { id: '99' }), passed(project, 'GET /:id', at.find)],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/store.ts', at: 'title.trim', exact: true },
      { functionName: 'find', file: 'src/store.ts', at: 'await load(', exact: true },
      { functionName: 'Object.<anonymous>', file: 'src/books.ts', at: 'await store.find(', exact: true },
    ],
  },
];
