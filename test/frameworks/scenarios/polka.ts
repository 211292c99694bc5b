/** Requests to fixtures/apps/polka, and what must become of each. */
import { passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  parse: ['src/json.ts', 'async (request, _response, next)'],
  find: ['src/app.ts', 'async (request, response, next)'],
  create: ['src/app.ts', 'async (request, response) =>'],
  store: ['src/stations.ts', 'export async function find'],
} as const;

const polka = (metadata: object = {}): object => ({ framework: 'polka', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a route of an app in the app',
    call: { path: '/stations/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, answer, body }) => ({
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/stations/1?token=[MASKED]`,
      responsePayload: body,
      breadcrumbs: [
        step(project, 'json', at.parse),
        step(project, 'GET /:id', at.find),
        step(project, 'find', at.store),
      ],
      metadata: polka({ route: '/stations/:id' }),
    }),
  },
  {
    title: 'JSON that the application parsed, and a masked field of it',
    call: { method: 'POST', path: '/stations', body: { name: 'Hoorn', password: 'hunter2' } },
    status: 201,
    event: ({ project }) => ({
      requestPayload: { name: 'Hoorn', password: '[MASKED]' },
      responsePayload: { id: '3', name: 'Hoorn', password: '[MASKED]' },
      breadcrumbs: [step(project, 'json', at.parse), step(project, 'POST /', at.create)],
      metadata: polka({ route: '/stations' }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: () => ({ metadata: polka() }),
  },
  {
    title: 'a bug that the app in the app answers',
    call: { path: '/stations/99' },
    status: 500,
    event: ({ project, body }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'name')";
      return {
        responsePayload: body,
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'json', at.parse),
          step(project, 'GET /:id', at.find),
          step(project, 'find', at.store, { error: `TypeError: ${errorMessage}` }),
        ],
        metadata: polka({
          route: '/stations/:id',
          handled: true,
          trail: [passed(project, 'find', at.store, { id: '99' })],
        }),
      };
    },
    frames: [
      { functionName: 'load', file: 'src/stations.ts', at: 'name.trim' },
      { functionName: 'find', file: 'src/stations.ts', at: 'await load(' },
      { file: 'src/app.ts', at: 'await find(' },
    ],
  },
];
