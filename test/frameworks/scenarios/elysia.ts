/** Requests to fixtures/apps/elysia, and what must become of each. */
import { passed, step, STREAMED } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  find: ['src/catalogue.ts', 'export async function find'],
  add: ['src/catalogue.ts', 'export async function add'],
} as const;

const elysia = (metadata: object = {}): object => ({ framework: 'elysia', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a route of a plugin',
    call: { path: '/stars/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, answer, body }) => ({
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/stars/1?token=[MASKED]`,
      responsePayload: body,
      breadcrumbs: [step(project, 'find', at.find)],
      metadata: elysia({ route: '/stars/:id' }),
    }),
  },
  {
    title: 'JSON that Elysia parsed, and a masked field of it',
    call: { method: 'POST', path: '/stars', body: { name: 'Alcor', password: 'hunter2' } },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { name: 'Alcor', password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [step(project, 'add', at.add)],
      metadata: elysia({ route: '/stars/' }),
    }),
  },
  {
    title: 'an answer that is always the same',
    call: { path: '/' },
    status: 200,
    event: () => ({ responsePayload: STREAMED, metadata: elysia({ route: '/' }) }),
  },
  {
    title: 'a body that is not valid',
    call: { method: 'POST', path: '/stars', body: { password: 'hunter2' } },
    status: 422,
    event: ({ answer }) => ({
      requestPayload: { password: '[MASKED]' },
      responsePayload: answer.body.replace('hunter2', '[MASKED]'),
      errorName: 'Error',
      errorMessage: answer.body.replace('hunter2', '[MASKED]'),
      metadata: elysia({ route: '/stars/', handled: false }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ answer }) => ({ responsePayload: answer.body, metadata: elysia() }),
  },
  {
    title: 'what a guard answers',
    call: { path: '/dome' },
    status: 401,
    event: ({ answer }) => ({ responsePayload: answer.body, metadata: elysia({ route: '/dome' }) }),
  },
  {
    title: 'an error that Elysia answers',
    call: { path: '/dome', headers: { 'x-badge': 'ada' } },
    status: 500,
    event: ({ answer }) => ({
      responsePayload: answer.body,
      errorName: 'Error',
      errorMessage: 'The dome is stuck',
      metadata: elysia({ route: '/dome', handled: false }),
    }),
    frames: [{ file: 'src/app.ts', at: "new Error('The dome" }],
  },
  {
    title: 'a bug three calls deep, answered by an error handler',
    call: { path: '/stars/99' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'name')";
      return {
        responsePayload: { sorry: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [step(project, 'find', at.find, { error: `TypeError: ${errorMessage}` })],
        metadata: elysia({
          route: '/stars/:id',
          handled: true,
          trail: [passed(project, 'find', at.find, { id: '99' })],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/catalogue.ts', at: 'name as string).trim' },
      { functionName: 'find', file: 'src/catalogue.ts', at: 'await load(' },
      { file: 'src/stars.ts', at: 'await find(' },
    ],
  },
];
