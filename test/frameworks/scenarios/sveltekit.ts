/** Requests to fixtures/apps/sveltekit, and what must become of each. */
import { expect } from 'vitest';
import { passed, type SourceFrame, step } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import type { Project } from '../../support/e2e-project.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

/** What the application is told it is called: forms of other sites are turned away. */
export const ORIGIN = 'http://books.example';

const routes = 'src/routes';
const lib = 'src/lib/server/orders.ts';

const at = {
  handle: ['src/hooks.server.ts', 'export const handle:'],
  find: [`${routes}/api/orders/[id]/+server.ts`, 'export async function GET'],
  post: [`${routes}/api/orders/+server.ts`, 'export const POST'],
  price: [`${routes}/api/prices/[sku]/+server.ts`, 'export const GET'],
  book: [`${routes}/books/[slug]/+page.server.ts`, 'export const load'],
  orders: [`${routes}/orders/+page.server.ts`, 'export const load'],
  order: [`${routes}/orders/+page.server.ts`, 'order: async'],
  leave: [`${routes}/orders/+page.server.ts`, 'leave: async'],
  refuse: [`${routes}/orders/+page.server.ts`, 'refuse: async'],
  findOrder: [lib, 'export async function findOrder'],
  placeOrder: [lib, 'export async function placeOrder'],
  checkStock: [lib, 'export async function checkStock'],
  priceOf: [lib, 'export async function priceOf'],
} as const;

const kit = (route?: string, more: object = {}): object => ({
  framework: 'sveltekit',
  ...(route !== undefined && { route }),
  ...more,
});

const handle = (project: Project): unknown => step(project, 'handle', at.handle);

const frame = (file: string, text: string, functionName?: string): SourceFrame => ({
  file,
  at: text,
  exact: true,
  ...(functionName !== undefined && { functionName }),
});

const inHandle: SourceFrame = frame('src/hooks.server.ts', 'await resolve(');

/** A form, as a browser sends it: with JavaScript it asks for JSON. */
const submit = (action: string, body: string, accept: 'text/html' | 'application/json'): Call => ({
  method: 'POST',
  path: `/orders?/${action}`,
  headers: { accept, origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

const order = { id: 1, title: 'Middlemarch', copies: 2 };
const nothing = "Cannot read properties of undefined (reading 'amount')";
const bug = { error: `TypeError: ${nothing}` };
const tooMany = { error: 'OrderError: Not 200 copies of Emma' };
const wrong = { message: 'Something went wrong', told: true };

export const scenarios: readonly Scenario[] = [
  {
    title: 'an endpoint, with a query that is masked',
    call: { path: '/api/orders/1?token=hidden' },
    status: 200,
    event: ({ project }) => ({
      requestUrl: `${ORIGIN}/api/orders/1?token=[MASKED]`,
      responsePayload: order,
      breadcrumbs: [handle(project), step(project, 'GET', at.find), step(project, 'findOrder', at.findOrder)],
      metadata: kit('/api/orders/[id]'),
    }),
  },
  {
    title: 'error(404)',
    call: { path: '/api/orders/99' },
    status: 404,
    event: ({ project, answer }) => ({
      responsePayload: answer.body.startsWith('{') ? { message: 'No such order' } : answer.body,
      breadcrumbs: [
        handle(project),
        step(project, 'GET', at.find, { error: '{"message":"No such order"}' }),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: kit('/api/orders/[id]'),
    }),
  },
  {
    title: 'redirect() of an endpoint',
    call: { path: '/api/orders/first' },
    status: 307,
    event: ({ project }) => ({
      breadcrumbs: [handle(project), step(project, 'GET', at.find)],
      metadata: kit('/api/orders/[id]'),
    }),
  },
  {
    title: 'a body, and a masked field of it',
    call: { method: 'POST', path: '/api/orders', body: { title: 'Emma', copies: 2, password: 'hunter2' } },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { title: 'Emma', copies: 2, password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [
        handle(project),
        step(project, 'POST', at.post),
        step(project, 'placeOrder', at.placeOrder),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: kit('/api/orders'),
    }),
  },
  {
    title: 'an error that an endpoint answers itself',
    call: { method: 'POST', path: '/api/orders', body: { title: 'Emma', copies: 200 } },
    status: 422,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: 200 },
      responsePayload: { error: 'Not 200 copies of Emma' },
      breadcrumbs: [
        handle(project),
        step(project, 'POST', at.post),
        step(project, 'placeOrder', at.placeOrder, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: kit('/api/orders'),
    }),
  },
  {
    title: 'a bug deep inside of an endpoint',
    call: { path: '/api/prices/x2', headers: { accept: 'application/json' } },
    status: 500,
    event: ({ project }) => ({
      responsePayload: wrong,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        handle(project),
        step(project, 'GET', at.price, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: kit('/api/prices/[sku]', {
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'GET', at.price, { params: { sku: 'x2' } }),
        ],
      }),
    }),
    frames: [
      frame(lib, 'amount;\n}', 'priceOf'),
      frame(`${routes}/api/prices/[sku]/+server.ts`, 'await priceOf('),
      inHandle,
    ],
  },
  {
    title: 'a request that a hook answers itself',
    call: { path: '/api/private' },
    status: 401,
    event: ({ project }) => ({
      responsePayload: { error: 'Who are you?' },
      breadcrumbs: [handle(project)],
      metadata: kit(),
    }),
  },
  {
    title: 'error(418) of a hook',
    call: { path: '/api/tea', headers: { 'x-trace-id': 'kit-tea', accept: 'application/json' } },
    status: 418,
    untraced: true,
    event: ({ project }) => ({
      responseHeaders: undefined,
      breadcrumbs: [step(project, 'handle', at.handle, { error: '{"message":"A teapot"}' })],
      metadata: kit(),
    }),
  },
  {
    title: 'a page that asks an endpoint of its own server: both are one request',
    call: { path: '/orders' },
    status: 200,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      breadcrumbs: [
        handle(project),
        step(project, 'load', at.orders),
        handle(project),
        step(project, 'GET', at.find),
        step(project, 'findOrder', at.findOrder, { calls: 2 }),
      ],
      metadata: kit('/orders'),
    }),
  },
  {
    title: 'the data of a page alone',
    call: { path: '/books/m1/__data.json' },
    status: 200,
    event: ({ project }) => ({
      // Its names stand apart from its values as it is sent.
      responsePayload: {
        type: 'data',
        nodes: [null, { type: 'data', data: { price: 12, token: '[MASKED]' }, uses: { params: ['slug'] } }],
      },
      breadcrumbs: [handle(project), step(project, 'load', at.book), step(project, 'priceOf', at.priceOf)],
      metadata: kit('/books/[slug]'),
    }),
  },
  {
    title: 'a page, with its data in a script',
    call: { path: '/books/m1' },
    status: 200,
    event: ({ project, answer }) => ({
      responsePayload: answer.body.replace('hidden', '[MASKED]'),
      breadcrumbs: [handle(project), step(project, 'load', at.book), step(project, 'priceOf', at.priceOf)],
      metadata: kit('/books/[slug]'),
    }),
  },
  {
    title: 'a bug deep inside of a page',
    call: { path: '/books/x2' },
    status: 500,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        handle(project),
        step(project, 'load', at.book, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: kit('/books/[slug]', {
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'load', at.book, { params: { slug: 'x2' } }),
        ],
      }),
    }),
    frames: [
      frame(lib, 'amount;\n}', 'priceOf'),
      frame(`${routes}/books/[slug]/+page.server.ts`, 'await priceOf('),
    ],
  },
  {
    title: 'a page that is not there',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      breadcrumbs: [handle(project)],
      metadata: kit(),
    }),
  },
  {
    title: 'an action',
    call: submit('order', 'title=Emma&copies=3&password=hunter2', 'application/json'),
    status: 200,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: '3', password: '[MASKED]' },
      responsePayload: { type: 'success', status: 200, data: { ordered: 'Emma', token: '[MASKED]' } },
      breadcrumbs: [
        handle(project),
        step(project, 'actions.order', at.order),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: kit('/orders'),
    }),
  },
  {
    title: 'an action that fails as it should',
    call: submit('refuse', '', 'text/html'),
    status: 422,
    event: ({ project }) => ({
      responsePayload: expect.stringContaining('We are closed'),
      breadcrumbs: [
        handle(project),
        step(project, 'actions.refuse', at.refuse),
        step(project, 'load', at.orders),
        handle(project),
        step(project, 'GET', at.find),
        step(project, 'findOrder', at.findOrder, { calls: 2 }),
      ],
      metadata: kit('/orders'),
    }),
  },
  {
    title: 'an action that redirects',
    call: submit('leave', '', 'text/html'),
    status: 303,
    event: ({ project }) => ({
      breadcrumbs: [handle(project), step(project, 'actions.leave', at.leave)],
      metadata: kit('/orders'),
    }),
  },
  {
    title: 'an action with an error',
    call: submit('order', 'title=Emma&copies=200', 'application/json'),
    status: 500,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: '200' },
      responsePayload: { type: 'error', error: wrong },
      errorName: 'OrderError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [
        handle(project),
        step(project, 'actions.order', at.order, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: kit('/orders', {
        handled: false,
        trail: [
          passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 }),
          passed(project, 'actions.order', at.order, { request: '[Request]' }),
        ],
      }),
    }),
    frames: [
      frame(lib, 'new OrderError(`', 'checkStock'),
      frame(`${routes}/orders/+page.server.ts`, 'await checkStock('),
      inHandle,
    ],
  },
  { title: 'a page that was rendered in advance', call: { path: '/' }, status: 200 },
  { title: 'a page that was rendered in advance with data', call: { path: '/about' }, status: 200 },
];
