/** Requests to fixtures/apps/astro, and what must become of each. */
import { passed, type SourceFrame, step } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

/** What Astro takes a server's address for, unless it is told which to trust. */
export const ORIGIN = 'http://localhost';

const lib = 'src/lib/orders.ts';
const actions = 'src/actions/index.ts';
const price = 'src/pages/api/prices/[sku].ts';

const at = {
  find: ['src/pages/api/orders/[id].ts', 'export const GET'],
  post: ['src/pages/api/orders/index.ts', 'export const POST'],
  price: [price, 'export const GET'],
  findOrder: [lib, 'export async function findOrder'],
  placeOrder: [lib, 'export async function placeOrder'],
  checkStock: [lib, 'export async function checkStock'],
  priceOf: [lib, 'export async function priceOf'],
} as const;

const astro = (route?: string, more: object = {}): object => ({
  framework: 'astro',
  ...(route !== undefined && { route }),
  ...more,
});

const frame = (file: string, text: string, functionName?: string): SourceFrame => ({
  file,
  at: text,
  exact: true,
  ...(functionName !== undefined && { functionName }),
});

const inMiddleware: SourceFrame = frame('src/middleware.ts', 'await next(');

/** A form, as a browser sends it. */
const submit = (path: string, body: string): Call => ({
  method: 'POST',
  path,
  headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

const order = { id: 1, title: 'Middlemarch', copies: 2 };
const nothing = "Cannot read properties of undefined (reading 'amount')";
const bug = { error: `TypeError: ${nothing}` };
const tooMany = { error: 'OrderError: Not 200 copies of Emma' };

export const scenarios: readonly Scenario[] = [
  {
    title: 'an endpoint, with a query that is masked',
    call: { path: '/api/orders/1?token=hidden' },
    status: 200,
    event: ({ project }) => ({
      requestUrl: `${ORIGIN}/api/orders/1?token=[MASKED]`,
      responsePayload: order,
      breadcrumbs: [step(project, 'GET', at.find), step(project, 'findOrder', at.findOrder)],
      metadata: astro('/api/orders/[id]'),
    }),
  },
  {
    title: 'something that is not there',
    call: { path: '/api/orders/99' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: { error: 'No such order' },
      breadcrumbs: [step(project, 'GET', at.find), step(project, 'findOrder', at.findOrder)],
      metadata: astro('/api/orders/[id]'),
    }),
  },
  {
    title: 'redirect() of an endpoint',
    call: { path: '/api/orders/first' },
    status: 307,
    event: ({ project }) => ({
      breadcrumbs: [step(project, 'GET', at.find)],
      metadata: astro('/api/orders/[id]'),
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
        step(project, 'POST', at.post),
        step(project, 'placeOrder', at.placeOrder),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: astro('/api/orders'),
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
        step(project, 'POST', at.post),
        step(project, 'placeOrder', at.placeOrder, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: astro('/api/orders'),
    }),
  },
  {
    title: 'a bug deep inside of an endpoint',
    call: { path: '/api/prices/x2', headers: { 'x-trace-id': 'astro-endpoint' } },
    status: 500,
    untraced: true,
    event: ({ project }) => ({
      responseHeaders: undefined,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [step(project, 'GET', at.price, bug), step(project, 'priceOf', at.priceOf, bug)],
      metadata: astro('/api/prices/[sku]', {
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'GET', at.price, { params: { sku: 'x2' } }),
        ],
      }),
    }),
    frames: [frame(lib, 'amount;\n}', 'priceOf'), frame(price, 'await priceOf(')],
  },
  {
    title: 'an answer that an endpoint throws, which Astro does not take',
    call: { path: '/api/orders/taken', headers: { 'x-trace-id': 'astro-thrown' } },
    status: 500,
    untraced: true,
    event: ({ project }) => ({
      responseHeaders: undefined,
      errorMessage: '"[Response]"',
      breadcrumbs: [step(project, 'GET', at.find)],
      metadata: astro('/api/orders/[id]', { handled: false }),
    }),
  },
  {
    title: 'a request that a middleware answers itself',
    call: { path: '/api/private' },
    status: 401,
    event: () => ({ responsePayload: { error: 'Who are you?' }, metadata: astro() }),
  },
  {
    title: 'a page',
    call: { path: '/books/m1' },
    status: 200,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      breadcrumbs: [step(project, 'priceOf', at.priceOf)],
      metadata: astro('/books/[slug]'),
    }),
  },
  {
    title: 'a bug deep inside of a page',
    call: { path: '/books/x2', headers: { 'x-trace-id': 'astro-page' } },
    status: 500,
    untraced: true,
    event: ({ project }) => ({
      responseHeaders: undefined,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [step(project, 'priceOf', at.priceOf, bug)],
      metadata: astro('/books/[slug]', {
        handled: false,
        trail: [passed(project, 'priceOf', at.priceOf, { sku: 'x2' })],
      }),
    }),
    frames: [
      frame(lib, 'amount;\n}', 'priceOf'),
      frame('src/pages/books/[slug].astro', 'await priceOf('),
      inMiddleware,
    ],
  },
  {
    title: 'a page that is not there',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ answer }) => ({ responsePayload: answer.body, metadata: astro() }),
  },
  {
    title: 'an action that a form calls',
    call: submit('/orders?_action=order', 'title=Emma&copies=3&password=hunter2'),
    status: 200,
    event: ({ project, answer }) => ({
      requestPayload: { title: 'Emma', copies: '3', password: '[MASKED]' },
      responsePayload: answer.body,
      breadcrumbs: [step(project, 'checkStock', at.checkStock)],
      metadata: astro('/orders', { action: 'order' }),
    }),
  },
  {
    title: 'an action that a script calls',
    call: submit('/_actions/order', 'title=Emma&copies=3'),
    status: 200,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: '3' },
      // Its names stand apart from its values as it is sent.
      responsePayload: { ordered: 'Emma', token: '[MASKED]' },
      breadcrumbs: [step(project, 'checkStock', at.checkStock)],
      metadata: astro('/_actions/[...path]', { action: 'order' }),
    }),
  },
  {
    title: 'an action that a script calls, with an error',
    call: submit('/_actions/order', 'title=Emma&copies=200'),
    status: 500,
    event: ({ project, body }) => ({
      requestPayload: { title: 'Emma', copies: '200' },
      responsePayload: body,
      errorName: 'OrderError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [step(project, 'checkStock', at.checkStock, tooMany)],
      metadata: astro('/_actions/[...path]', {
        action: 'order',
        // Astro makes an answer of it.
        handled: true,
        trail: [passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 })],
      }),
    }),
    frames: [frame(lib, 'new OrderError(`', 'checkStock'), frame(actions, 'await checkStock('), inMiddleware],
  },
  { title: 'a page that was rendered in advance', call: { path: '/' }, status: 200 },
];
