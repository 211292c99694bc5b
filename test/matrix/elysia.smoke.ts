/** Elysia on Bun, whose server is given routes that lead past the app's `fetch`. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { headersOf, outline, passed, step } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import type { Scenario } from '../support/e2e-scenario.ts';
import { bun } from './platforms.ts';

const find = ['src/catalogue.ts', 'export async function find'] as const;
const add = ['src/catalogue.ts', 'export async function add'] as const;

const scenarios: readonly Scenario[] = [
  {
    title: 'a route of a plugin',
    call: { path: '/stars/1?token=hidden' },
    status: 200,
    event: ({ project, answer, body }) => ({
      requestUrl: `http://${answer.sent['host']}/stars/1?token=[MASKED]`,
      responseHeaders: headersOf(answer),
      responsePayload: body,
      breadcrumbs: [step(project, 'find', find)],
      metadata: { framework: 'elysia', route: '/stars/:id' },
    }),
  },
  {
    title: 'JSON that Elysia parsed, and a masked field of it',
    call: { method: 'POST', path: '/stars', body: { name: 'Alcor', password: 'hunter2' } },
    status: 201,
    event: ({ project, answer, body }) => ({
      requestPayload: { name: 'Alcor', password: '[MASKED]' },
      responseHeaders: headersOf(answer),
      responsePayload: body,
      breadcrumbs: [step(project, 'add', add)],
      metadata: { framework: 'elysia', route: '/stars/' },
    }),
  },
  { title: 'an answer that is always the same, which Bun gives itself', call: { path: '/' }, status: 200 },
  {
    title: 'a bug three calls deep, answered by an error handler',
    call: { path: '/stars/2' },
    status: 500,
    event: ({ project, answer, body }) => ({
      responseHeaders: headersOf(answer),
      responsePayload: body,
      errorName: 'TypeError',
      errorMessage: body['sorry'],
      breadcrumbs: [step(project, 'find', find, { error: `TypeError: ${String(body['sorry'])}` })],
      metadata: {
        framework: 'elysia',
        route: '/stars/:id',
        handled: true,
        trail: [passed(project, 'find', find, { id: '2' })],
      },
    }),
  },
];

describeApplication(
  'an Elysia application on Bun',
  {
    app: 'apps/elysia',
    command: bun,
    bundlers: ['rollup'],
    environment: { NODE_ENV: 'production' },
    scenarios,
    // Bun does not tell.
    pieces: { path: '/pieces', metadata: { framework: 'elysia', route: '/pieces' }, left: {} },
    concurrent: {
      path: (id) => `/stars/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ handled: true, trail: [{ arguments: { id } }] });
        expect(outline(breadcrumbs)).toContain('find!');
      },
    },
  },
  (running) => {
    test.each([
      ['/nowhere', 404, {}],
      ['/dome', 401, { metadata: { framework: 'elysia', route: '/dome' } }],
      ['/dome?badge', 500, { errorMessage: 'The dome is stuck', metadata: { handled: false } }],
    ])('%s is answered as without us', async (path, status, told) => {
      const { service, without, receiver } = running();
      const call = { path, headers: path.includes('badge') ? { 'x-badge': 'ada' } : {} };
      const { headers, ...answer } = await send(service.url, call);
      expect([answer.status, answer.body]).toEqual([status, (await send(without.url, call)).body]);
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({ statusCode: status, sourceIp: '127.0.0.1', ...told });
    });
  },
);
