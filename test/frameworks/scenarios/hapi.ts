/** Requests to fixtures/apps/hapi, and what must become of each. */
import { passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  open: ['src/app.ts', 'async (request, h) => {'],
  find: ['src/crossings.ts', 'async (request) => await store.find'],
  create: ['src/crossings.ts', 'async (request, h) => {'],
  store: ['src/store.ts', 'export async function find'],
  add: ['src/store.ts', 'export async function add'],
} as const;

const hapi = (metadata: object = {}): object => ({ framework: 'hapi', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a route of a plugin',
    call: { path: '/crossings/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, answer, body }) => ({
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/crossings/1?token=[MASKED]`,
      responsePayload: body,
      breadcrumbs: [
        step(project, 'ext onPreHandler', at.open),
        step(project, 'GET /{id}', at.find),
        step(project, 'find', at.store),
      ],
      metadata: hapi({ route: '/crossings/{id}' }),
    }),
  },
  {
    title: 'JSON that Hapi parsed, and a masked field of it',
    call: { method: 'POST', path: '/crossings', body: { to: 'Terschelling', password: 'hunter2' } },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { to: 'Terschelling', password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'ext onPreHandler', at.open),
        step(project, 'POST /', at.create),
        step(project, 'add', at.add),
      ],
      metadata: hapi({ route: '/crossings' }),
    }),
  },
  {
    title: 'an answer that is compressed',
    call: { path: '/crossings/log', headers: { 'accept-encoding': 'gzip' } },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { log: Array(300).fill('calm sea') },
      breadcrumbs: [step(project, 'ext onPreHandler', at.open)],
      metadata: hapi({ route: '/crossings/log' }),
    }),
  },
  {
    title: 'a body that is not valid',
    call: { method: 'POST', path: '/crossings', body: {} },
    status: 400,
    event: ({ answer }) => ({
      requestPayload: {},
      responsePayload: JSON.parse(answer.body) as object,
      errorName: 'Error',
      errorMessage: 'A crossing leads somewhere',
      metadata: hapi({ route: '/crossings', handled: false }),
    }),
  },
  {
    title: 'bytes',
    call: { path: '/tickets/picture' },
    status: 200,
    event: ({ project }) => ({
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      breadcrumbs: [step(project, 'ext onPreHandler', at.open)],
      metadata: hapi({ route: '/tickets/picture' }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ body }) => ({ responsePayload: body, metadata: hapi() }),
  },
  {
    title: 'an error of an extension, which Hapi answers',
    call: { path: '/tickets/picture', headers: { 'x-closed': 'yes' } },
    status: 500,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'Error',
      errorMessage: 'The harbour is closed',
      breadcrumbs: [step(project, 'ext onPreHandler', at.open, { error: 'Error: The harbour is closed' })],
      metadata: hapi({
        route: '/tickets/picture',
        handled: false,
        trail: [passed(project, 'ext onPreHandler', at.open)],
      }),
    }),
  },
  {
    title: 'a bug three calls deep, answered by an extension',
    call: { path: '/crossings/99' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'to')";
      const error = { error: `TypeError: ${errorMessage}` };
      return {
        responsePayload: { sorry: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'ext onPreHandler', at.open),
          step(project, 'GET /{id}', at.find, error),
          step(project, 'find', at.store, error),
        ],
        metadata: hapi({
          route: '/crossings/{id}',
          handled: true,
          trail: [passed(project, 'find', at.store, { id: '99' }), passed(project, 'GET /{id}', at.find)],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/store.ts', at: 'to as string).trim' },
      { functionName: 'find', file: 'src/store.ts', at: 'await load(' },
      { file: 'src/crossings.ts', at: 'await store.find(' },
    ],
  },
];
