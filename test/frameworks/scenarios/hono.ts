/** Requests to fixtures/apps/hono, and what must become of each. */
import { expect } from 'vitest';
import { headersOf, MASKED, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  everything: ['src/app.ts', 'async (_, next) => {'],
  guard: ['src/app.ts', 'async (context, next) => {\n  if (context'],
  first: ['src/app.ts', "app.get('/first', async"],
  contact: ['src/app.ts', "app.post('/contact', async"],
  read: ['src/store.ts', 'export const read'],
  save: ['src/store.ts', 'export async function save'],
  get: ['src/notes.ts', "notes.get('/:id', async"],
  post: ['src/notes.ts', "notes.post('/', async"],
} as const;

const hono = (metadata: object = {}): object => ({ framework: 'hono', ...metadata });

const all: readonly Scenario[] = [
  {
    title: 'a sub-application under a base path',
    call: { path: '/v1/notes/1', headers: { 'user-agent': 'curl/8', 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project }) => ({
      traceId: 'from-outside',
      userAgent: 'curl/8',
      responsePayload: { text: 'first' },
      breadcrumbs: [
        step(project, 'use *', at.everything),
        step(project, 'GET /:id', at.get),
        step(project, 'read', at.read),
      ],
      metadata: hono({ route: '/v1/notes/:id' }),
    }),
  },
  {
    title: 'JSON, and a masked field of it',
    call: { method: 'POST', path: '/v1/notes', body: { text: 'second', password: 'hunter2' } },
    status: 201,
    event: ({ project }) => ({
      requestPayload: { text: 'second', password: MASKED },
      responsePayload: { id: '2' },
      breadcrumbs: [
        step(project, 'use *', at.everything),
        step(project, 'POST /', at.post),
        step(project, 'save', at.save),
      ],
      metadata: hono({ route: '/v1/notes' }),
    }),
  },
  {
    title: 'a form, read by parseBody()',
    call: {
      method: 'POST',
      path: '/v1/contact',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=Ada&otp=123456',
    },
    status: 202,
    event: ({ project }) => ({
      requestPayload: { name: 'Ada', otp: MASKED },
      responsePayload: { name: 'Ada', length: 6 },
      breadcrumbs: [step(project, 'use *', at.everything), step(project, 'POST /contact', at.contact)],
      metadata: hono({ route: '/v1/contact' }),
    }),
  },
  {
    title: 'a handler for several methods',
    call: { method: 'PATCH', path: '/v1/notes/1/text?api_key=hidden&draft=1' },
    status: 200,
    event: ({ project, answer }) => ({
      requestUrl: expect.stringMatching(/\/v1\/notes\/1\/text\?api_key=\[MASKED\]&draft=1$/),
      // Node adds it to a PATCH without a body.
      requestHeaders: { ...answer.sent, 'content-length': '0' },
      responsePayload: { id: '1', field: 'text', method: 'PATCH' },
      breadcrumbs: [step(project, 'use *', at.everything)],
      metadata: hono({ route: '/v1/notes/:id/:field' }),
    }),
  },
  {
    title: 'a redirect',
    call: { path: '/v1/home' },
    status: 302,
    event: ({ project }) => ({
      breadcrumbs: [step(project, 'use *', at.everything)],
      metadata: hono({ route: '/v1/home' }),
    }),
  },
  {
    title: 'a route that does not exist',
    call: { path: '/v1/nowhere' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: { error: 'Nothing here' },
      breadcrumbs: [step(project, 'use *', at.everything)],
      metadata: hono(),
    }),
  },
  {
    title: 'middleware that lets somebody in',
    call: { path: '/v1/private/diary', headers: { authorization: 'Bearer open-sesame' } },
    status: 200,
    event: ({ project, answer }) => ({
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestHeaders: { ...answer.sent, authorization: MASKED },
      responsePayload: 'Dear diary',
      breadcrumbs: [step(project, 'use *', at.everything), step(project, 'use /private/*', at.guard)],
      metadata: hono({ route: '/v1/private/diary' }),
    }),
  },
  {
    title: 'middleware that throws an HTTPException',
    call: { path: '/v1/private/diary' },
    status: 401,
    event: ({ project }) => ({
      responsePayload: 'Who are you?',
      errorName: 'Error',
      errorMessage: 'Who are you?',
      breadcrumbs: [
        step(project, 'use *', at.everything),
        step(project, 'use /private/*', at.guard, { error: 'Error: Who are you?' }),
      ],
      metadata: hono({
        route: '/v1/private/diary',
        handled: true,
        trail: [passed(project, 'use /private/*', at.guard)],
      }),
    }),
    frames: [
      { functionName: null, file: 'src/app.ts', at: 'throw new HTTPException' },
      { functionName: null, file: 'src/app.ts', at: 'await next();' },
    ],
  },
  {
    title: 'a handler that asks other apps and its own, one of which fails',
    call: { path: '/v1/first' },
    status: 200,
    event: ({ project }) => {
      const error = { error: "TypeError: Cannot read properties of undefined (reading 'text')" };
      return {
        responsePayload: { status: 500, note: { text: 'first' } },
        breadcrumbs: [
          step(project, 'use *', at.everything),
          step(project, 'GET /first', at.first),
          step(project, 'GET /:id', at.get, error),
          step(project, 'read', at.read, error),
          step(project, 'use *', at.everything),
          step(project, 'GET /:id', at.get),
          step(project, 'read', at.read),
        ],
        metadata: hono({ route: '/v1/first' }),
      };
    },
  },
  {
    title: 'an error three calls deep, answered by onError',
    call: { path: '/v1/notes/99' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'text')";
      const error = { error: `TypeError: ${errorMessage}` };
      return {
        responsePayload: { error: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'use *', at.everything),
          step(project, 'GET /:id', at.get, error),
          step(project, 'read', at.read, error),
        ],
        metadata: hono({
          route: '/v1/notes/:id',
          handled: true,
          trail: [passed(project, 'read', at.read, { id: '99' }), passed(project, 'GET /:id', at.get)],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/store.ts', at: 'text.trim' },
      { functionName: 'read', file: 'src/store.ts', at: 'await load(' },
      { functionName: null, file: 'src/notes.ts', at: 'await store.read(' },
      { functionName: null, file: 'src/app.ts', at: 'return await next()' },
    ],
  },
];

/** The server of Hono adds a header of its own. */
export const scenarios: readonly Scenario[] = all.map(({ event, ...scenario }) => ({
  ...scenario,
  ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
}));
