/** Requests to fixtures/apps/tanstack-start, and what must become of each. */
import { createHash } from 'node:crypto';
import { headersOf, MASKED, passed, type SourceFrame, step, STREAMED } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import { applicationHeaders } from '../../support/e2e-http.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  stamp: ['src/start.ts', 'const stamp'],
  slowly: ['src/routes/api/prices.$sku.ts', 'const slowly'],
  members: ['src/lib/order.functions.ts', 'const members'],
  getOrder: ['src/lib/order.functions.ts', '.handler(async ({ data }) => {\n    const order'],
  placeOrder: ['src/lib/order.functions.ts', '.handler(async ({ data, context })'],
  placeForm: ['src/lib/order.functions.ts', '.handler(async ({ data }) => {\n    await checkStock'],
  getPrice: ['src/routes/prices.$sku.tsx', '.handler('],
  loader: ['src/routes/orders.$id.tsx', 'loader: async'],
  find: ['src/routes/api/orders.$id.ts', 'GET: async'],
  add: ['src/routes/api/orders.ts', 'POST: async'],
  price: ['src/routes/api/prices.$sku.ts', 'GET: { handler'],
  findOrder: ['src/lib/orders.ts', 'export async function findOrder'],
  checkStock: ['src/lib/orders.ts', 'export async function checkStock'],
  priceOf: ['src/lib/orders.ts', 'export async function priceOf'],
} as const;

const start = (more: object): object => ({ framework: 'tanstack-start', ...more });

const frame = (functionName: string | undefined, file: string, text: string): SourceFrame => ({
  ...(functionName !== undefined && { functionName }),
  file,
  at: text,
  exact: true,
});

const pathOf = (file: string, name: string): string =>
  `/_serverFn/${createHash('sha256').update(`${file}--${name}_createServerFn_handler`).digest('hex')}`;

const functions = {
  getOrder: pathOf('src/lib/order.functions.ts', 'getOrder'),
  placeOrder: pathOf('src/lib/order.functions.ts', 'placeOrder'),
  placeForm: pathOf('src/lib/order.functions.ts', 'placeForm'),
  changeOrder: pathOf('src/lib/order.functions.ts', 'changeOrder'),
};

/** A value as Start writes it: names here, values there. */
function written(value: unknown): object {
  if (typeof value === 'number') return { t: 0, s: value };
  if (typeof value === 'string') return { t: 1, s: value };
  const fields = Object(value) as Record<string, unknown>;
  return { t: 10, i: 0, p: { k: Object.keys(fields), v: Object.values(fields).map(written) }, o: 0 };
}

const payload = (data: unknown): string => JSON.stringify({ t: written({ data }), f: 127, m: [] });

/** As Start's own script in the browser does. */
const headers = { 'x-tsr-serverfn': 'true', 'sec-fetch-site': 'same-origin', accept: 'application/json' };

const get = (path: string, data: unknown): Call => ({
  path: `${path}?payload=${encodeURIComponent(payload(data))}`,
  headers,
});

const post = (path: string, data: unknown): Call => ({
  method: 'POST',
  path,
  headers: { ...headers, 'content-type': 'application/json' },
  body: payload(data),
});

const nothing = "Cannot read properties of undefined (reading 'amount')";
const bug = { error: `TypeError: ${nothing}` };
const tooMany = { error: 'RangeError: Not 200 copies of Emma' };
const noBody = { responsePayload: undefined };

const all: readonly Scenario[] = [
  {
    title: 'a page, whose loader calls a server function',
    call: { path: '/orders/1?token=hidden' },
    status: 200,
    event: ({ project, answer }) => ({
      responsePayload: STREAMED,
      requestUrl: `http://${answer.sent['host']}/orders/1?token=${MASKED}`,
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'loader /orders/$id', at.loader),
        step(project, 'getOrder', at.getOrder),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/orders/$id' }),
    }),
  },
  {
    title: 'notFound() in what a loader calls',
    call: { path: '/orders/99' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'loader /orders/$id', at.loader),
        step(project, 'getOrder', at.getOrder),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/orders/$id' }),
    }),
  },
  {
    title: 'a page that does not exist',
    call: { path: '/nothing' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'stamp', at.stamp)],
      metadata: start({}),
    }),
  },
  {
    title: 'a bug deep inside of a page',
    call: { path: '/prices/x2' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'getPrice', at.getPrice, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: start({
        route: '/prices/$sku',
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'getPrice', at.getPrice),
        ],
      }),
    }),
    frames: [
      frame('priceOf', 'src/lib/orders.ts', 'amount;\n}'),
      frame(undefined, 'src/routes/prices.$sku.tsx', 'await priceOf('),
    ],
  },
  {
    title: 'a route of the server',
    call: { path: '/api/orders/1', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, body }) => ({
      traceId: 'from-outside',
      responsePayload: body,
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'GET /api/orders/$id', at.find),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/api/orders/$id' }),
    }),
  },
  {
    title: 'a body that was read, and masked fields and headers',
    call: {
      method: 'POST',
      path: '/api/orders',
      headers: { authorization: 'Bearer abc' },
      body: { title: 'Emma', copies: 2, password: 'hunter2' },
    },
    status: 201,
    event: ({ project, answer }) => ({
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestHeaders: { ...answer.sent, authorization: MASKED },
      requestPayload: { title: 'Emma', copies: 2, password: MASKED },
      responseHeaders: { ...applicationHeaders(answer.headers), 'set-cookie': `session=${MASKED}` },
      responsePayload: { ordered: 'Emma', token: MASKED },
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'POST /api/orders', at.add),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: start({ route: '/api/orders' }),
    }),
  },
  {
    title: 'an error that the handler answers itself',
    call: { method: 'POST', path: '/api/orders', body: { title: 'Emma', copies: 200 } },
    status: 422,
    event: ({ project, body }) => ({
      requestPayload: { title: 'Emma', copies: 200 },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'POST /api/orders', at.add),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: start({ route: '/api/orders' }),
    }),
  },
  {
    title: 'a bug deep inside of a route of the server, behind middleware',
    call: { path: '/api/prices/x2' },
    status: 500,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        step(project, 'stamp', at.stamp, bug),
        step(project, 'slowly', at.slowly, bug),
        step(project, 'GET /api/prices/$sku', at.price, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: start({
        route: '/api/prices/$sku',
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'GET /api/prices/$sku', at.price),
          passed(project, 'slowly', at.slowly),
          passed(project, 'stamp', at.stamp),
        ],
      }),
    }),
    frames: [
      frame('priceOf', 'src/lib/orders.ts', 'amount;\n}'),
      frame('handler', 'src/routes/api/prices.$sku.ts', 'await priceOf('),
    ],
  },
  {
    title: 'a server function that is called with a query',
    call: get(functions.getOrder, 1),
    status: 200,
    event: ({ project, answer }) => ({
      requestUrl: `http://${answer.sent['host']}${functions.getOrder}?payload=${MASKED}`,
      requestPayload: 1,
      responsePayload: { id: 1, title: 'Middlemarch', copies: 2 },
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'getOrder', at.getOrder),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ action: 'getOrder' }),
    }),
  },
  {
    title: 'a server function that is called with a body, and masked fields of what it was given and gives',
    call: post(functions.placeOrder, { title: 'Emma', copies: 2, password: 'hunter2' }),
    status: 200,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: 2, password: MASKED },
      responsePayload: { ordered: 'Emma', by: 'Ada', token: MASKED },
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'members', at.members),
        step(project, 'placeOrder', at.placeOrder),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: start({ action: 'placeOrder' }),
    }),
  },
  {
    title: 'a server function that fails, of which Start tells the caller with status 200',
    call: post(functions.placeOrder, { title: 'Emma', copies: 200 }),
    status: 200,
    event: ({ project }) => ({
      ...noBody,
      status: 'failed',
      requestPayload: { title: 'Emma', copies: 200 },
      errorName: 'RangeError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'members', at.members, tooMany),
        step(project, 'placeOrder', at.placeOrder, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: start({
        action: 'placeOrder',
        handled: false,
        trail: [
          passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 }),
          passed(project, 'placeOrder', at.placeOrder),
          passed(project, 'members', at.members),
        ],
      }),
    }),
    frames: [
      frame('checkStock', 'src/lib/orders.ts', 'new RangeError('),
      frame(undefined, 'src/lib/order.functions.ts', 'await checkStock(data.title'),
    ],
  },
  {
    title: 'a server function that is made by the factory of another module',
    call: post(functions.changeOrder, { title: 'Emma', copies: 2, password: 'hunter2' }),
    status: 200,
    event: ({ project }) => ({
      requestPayload: { title: 'Emma', copies: 2, password: MASKED },
      responsePayload: { changed: 'Emma', token: MASKED },
      breadcrumbs: [step(project, 'stamp', at.stamp), step(project, 'checkStock', at.checkStock)],
      metadata: start({ action: 'changeOrder' }),
    }),
  },
  {
    title: 'a server function that is made elsewhere, and fails',
    call: post(functions.changeOrder, { title: 'Emma', copies: 200 }),
    status: 200,
    event: ({ project }) => ({
      ...noBody,
      status: 'failed',
      requestPayload: { title: 'Emma', copies: 200 },
      errorName: 'RangeError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [step(project, 'stamp', at.stamp), step(project, 'checkStock', at.checkStock, tooMany)],
      metadata: start({
        action: 'changeOrder',
        handled: false,
        trail: [passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 })],
      }),
    }),
    frames: [
      frame('checkStock', 'src/lib/orders.ts', 'new RangeError('),
      frame(
        undefined,
        'src/lib/order.functions.ts',
        'await checkStock(data.title, data.copies);\n    return { changed',
      ),
    ],
  },
  {
    title: 'a server function whose validator throws',
    call: post(functions.changeOrder, { title: 'Emma', copies: 0 }),
    status: 200,
    event: ({ project }) => ({
      ...noBody,
      status: 'failed',
      requestPayload: { title: 'Emma', copies: 0 },
      errorName: 'TypeError',
      errorMessage: 'No copies',
      breadcrumbs: [step(project, 'stamp', at.stamp)],
      metadata: start({ action: 'changeOrder', handled: false }),
    }),
  },
  {
    title: 'a server function that redirects',
    call: post(functions.placeOrder, { title: 'leave', copies: 1 }),
    status: 200,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      requestPayload: { title: 'leave', copies: 1 },
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'members', at.members),
        step(project, 'placeOrder', at.placeOrder),
      ],
      metadata: start({ action: 'placeOrder' }),
    }),
  },
  {
    title: 'a server function that a form is sent to',
    call: {
      method: 'POST',
      path: functions.placeForm,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'title=Emma&copies=2&password=hunter2',
    },
    status: 200,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      requestPayload: { title: 'Emma', copies: '2', password: MASKED },
      breadcrumbs: [
        step(project, 'stamp', at.stamp),
        step(project, 'placeForm', at.placeForm),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: start({ action: 'placeForm' }),
    }),
  },
  {
    title: 'a server function that is called from another site: what was sent stays unknown',
    call: {
      ...post(functions.placeOrder, { password: 'hunter2' }),
      headers: { 'sec-fetch-site': 'cross-site' },
    },
    status: 403,
    event: () => ({ responsePayload: STREAMED, metadata: start({}) }),
  },
  { title: 'an asset, in which no handler takes part', call: { path: '/robots.txt' }, status: 200 },
];

export const scenarios: readonly Scenario[] = all.map(({ event, ...scenario }) => ({
  ...scenario,
  ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
}));
