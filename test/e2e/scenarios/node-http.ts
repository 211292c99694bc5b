/** Requests to fixtures/apps/node-http, and what must become of each. */
import { expect } from 'vitest';
import { headersOf, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  find: ['src/parcels.ts', 'export async function find'],
  accept: ['src/parcels.ts', 'export async function accept'],
  postage: ['src/parcels.ts', 'export async function postage'],
} as const;

const metadata = { framework: 'http' };

export const scenarios: readonly Scenario[] = [
  {
    title: 'a listener that answers at once',
    call: { path: '/?token=hidden', headers: { 'user-agent': 'curl/8', 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ answer }) => ({
      traceId: 'from-outside',
      userAgent: 'curl/8',
      requestUrl: `http://${answer.sent['host']}/?token=[MASKED]`,
      responsePayload: { office: 'Middlemarch' },
      metadata,
    }),
  },
  {
    title: 'an answer that an observed function makes',
    call: { path: '/parcels/1' },
    status: 200,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [step(project, 'find', at.find)],
      metadata,
    }),
  },
  {
    title: 'a body that is read piece by piece, and a masked field of it',
    call: { method: 'POST', path: '/parcels', body: { to: 'Lowick', grams: '120', password: 'hunter2' } },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { to: 'Lowick', grams: '120', password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [step(project, 'accept', at.accept)],
      metadata,
    }),
  },
  {
    title: 'a body that listeners read as text',
    call: { method: 'PUT', path: '/notes', headers: { 'content-type': 'text/plain' }, body: 'Ring twice.' },
    status: 200,
    event: () => ({ requestPayload: 'Ring twice.', responsePayload: { length: 11 }, metadata }),
  },
  {
    title: 'a header that is sent twice',
    call: { path: '/stamps' },
    status: 200,
    event: ({ answer }) => {
      expect(answer.headers['set-cookie']).toEqual(['first=1', 'second=2']);
      const cookies = ['first=[MASKED]', 'second=[MASKED]'];
      return {
        responseHeaders: expect.objectContaining({ 'set-cookie': cookies }) as object,
        responsePayload: 'two stamps',
        metadata,
      };
    },
  },
  {
    title: 'a body that nobody reads',
    call: { method: 'POST', path: '/refused', body: { a: 1 } },
    status: 403,
    event: ({ body }) => ({ responsePayload: body, metadata }),
  },
  {
    title: 'bytes',
    call: { path: '/label' },
    status: 200,
    event: ({ answer }) => ({
      responseHeaders: headersOf(answer),
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      metadata,
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: () => ({ responsePayload: 'Nothing at /nowhere', metadata }),
  },
  {
    title: 'an error that the application expects',
    call: { path: '/parcels/99' },
    status: 404,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [step(project, 'find', at.find, { error: 'Error: There is no parcel 99' })],
      metadata,
    }),
  },
  {
    title: 'a bug two calls deep, answered by the listener',
    call: { path: '/postage/crate' },
    status: 500,
    event: ({ project }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'rate')";
      return {
        responsePayload: { sorry: errorMessage },
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [step(project, 'postage', at.postage, { error: `TypeError: ${errorMessage}` })],
        metadata: {
          ...metadata,
          handled: true,
          trail: [passed(project, 'postage', at.postage, { kind: 'crate', grams: 100 })],
        },
      };
    },
    frames: [
      { functionName: 'rateOf', file: 'src/parcels.ts', at: 'rate;' },
      { functionName: 'postage', file: 'src/parcels.ts', at: 'rateOf(kind)' },
      { file: 'src/routes.ts', at: 'await postage(' },
      { file: 'src/server.ts', at: 'await handler(' },
    ],
  },
];
