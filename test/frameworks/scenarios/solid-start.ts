/** Requests to fixtures/apps/solid-start, and what must become of each. */
import { headersOf, MASKED, passed, type SourceFrame, step, STREAMED } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import { applicationHeaders } from '../../support/e2e-http.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  onRequest: ['src/middleware.ts', 'onRequest:'],
  getOrder: ['src/lib/order.data.ts', 'query(async (id'],
  placeForm: ['src/lib/order.data.ts', 'action(async (form'],
  placeOrder: ['src/lib/order.functions.ts', 'export async function placeOrder'],
  getPrice: ['src/routes/prices/[sku].tsx', 'query(async (sku'],
  find: ['src/routes/api/orders/[id].ts', 'export async function GET'],
  add: ['src/routes/api/orders/index.ts', 'export async function POST'],
  price: ['src/routes/api/prices/[sku].ts', 'export const GET'],
  findOrder: ['src/lib/orders.ts', 'export async function findOrder'],
  checkStock: ['src/lib/orders.ts', 'export async function checkStock'],
  priceOf: ['src/lib/orders.ts', 'export async function priceOf'],
} as const;

const start = (more: object): object => ({ framework: 'solid-start', ...more });

const frame = (functionName: string | undefined, file: string, text: string): SourceFrame => ({
  ...(functionName !== undefined && { functionName }),
  file,
  at: text,
  exact: true,
});

/** A value as seroval writes it: names here, values there. */
function written(value: unknown): object {
  if (typeof value === 'number') return { t: 0, s: value };
  if (typeof value === 'string') return { t: 1, s: value };
  if (Array.isArray(value)) return { t: 9, i: 0, a: value.map(written), o: 0 };
  const fields = Object(value) as Record<string, unknown>;
  return { t: 10, i: 1, p: { k: Object.keys(fields), v: Object.values(fields).map(written) }, o: 0 };
}

const payload = (args: unknown[]): string => JSON.stringify({ t: written(args), f: 127, m: [] });

/** As SolidStart's own script in the browser does. */
const headersOfCall = (id: string): Record<string, string> => ({
  'x-server-id': encodeURIComponent(`${id}#function`),
  'x-server-instance': 'server-fn:0',
});

const post = (id: string, ...args: unknown[]): Call => ({
  method: 'POST',
  path: '/_server',
  headers: { ...headersOfCall(id), 'x-serialized': 'true', 'content-type': 'text/plain' },
  body: payload(args),
});

const addressOf = (id: string): string => `/_server?id=${id}&name=function`;

const ids = {
  getOrder: 'src_lib_order_data_ts--getOrder_query',
  placeForm: 'src_lib_order_data_ts--placeForm_action',
  placeOrder: 'src_lib_order_functions_ts--placeOrder_1',
};

const nothing = "Cannot read properties of undefined (reading 'amount')";
const bug = { error: `TypeError: ${nothing}` };
const tooMany = { error: 'RangeError: Not 200 copies of Emma' };
const UNREAD = { captured: false, reason: 'Encoded body not captured' };

const all: readonly Scenario[] = [
  {
    title: 'a page, which asks a server function',
    call: { path: '/orders/1?token=hidden' },
    status: 200,
    event: ({ project, answer }) => ({
      responsePayload: STREAMED,
      requestUrl: `http://${answer.sent['host']}/orders/1?token=${MASKED}`,
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'getOrder', at.getOrder),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/orders/:id' }),
    }),
  },
  {
    title: 'a page that does not exist',
    call: { path: '/nothing' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'onRequest', at.onRequest)],
      metadata: start({}),
    }),
  },
  {
    title: 'a bug in a component, of which SolidStart tells nobody',
    call: { path: '/shelf' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'onRequest', at.onRequest)],
      metadata: start({ route: '/shelf' }),
    }),
  },
  {
    title: 'a bug deep inside of what a page asks',
    call: { path: '/prices/x2' },
    status: 500,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'getPrice', at.getPrice, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: start({
        route: '/prices/:sku',
        handled: true,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'getPrice', at.getPrice),
        ],
      }),
    }),
    frames: [
      frame('priceOf', 'src/lib/orders.ts', 'amount;\n}'),
      frame(undefined, 'src/routes/prices/[sku].tsx', 'await priceOf('),
    ],
  },
  {
    title: 'an API route',
    call: { path: '/api/orders/1', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, body }) => ({
      traceId: 'from-outside',
      responsePayload: body,
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'GET', at.find),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/api/orders/:id' }),
    }),
  },
  {
    title: 'an API route that finds nothing',
    call: { path: '/api/orders/99' },
    status: 404,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'GET', at.find),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ route: '/api/orders/:id' }),
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
      responseHeaders: { ...applicationHeaders(answer.headers), 'set-cookie': [`session=${MASKED}`] },
      responsePayload: { ordered: 'Emma', token: MASKED },
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'POST', at.add),
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
        step(project, 'onRequest', at.onRequest),
        step(project, 'POST', at.add),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: start({ route: '/api/orders' }),
    }),
  },
  {
    title: 'a bug deep inside of an API route',
    call: { path: '/api/prices/x2' },
    status: 500,
    event: ({ project, body, answer }) => ({
      // Nitro writes the address down.
      responsePayload: { ...body, url: `http://${answer.sent['host']}/api/prices/x2` },
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'GET', at.price, bug),
        step(project, 'priceOf', at.priceOf, bug),
      ],
      metadata: start({
        route: '/api/prices/:sku',
        handled: false,
        trail: [
          passed(project, 'priceOf', at.priceOf, { sku: 'x2' }),
          passed(project, 'GET', at.price, { params: { sku: 'x2' } }),
        ],
      }),
    }),
    frames: [
      frame('priceOf', 'src/lib/orders.ts', 'amount;\n}'),
      frame('GET', 'src/routes/api/prices/[sku].ts', 'await priceOf('),
    ],
  },
  {
    title: 'middleware that answers itself',
    call: { path: '/closed' },
    status: 403,
    event: ({ project }) => ({
      responsePayload: STREAMED,
      breadcrumbs: [step(project, 'onRequest', at.onRequest)],
      metadata: start({}),
    }),
  },
  {
    title: 'a server function that is called with a body, and masked fields of what it was given and gives',
    call: post(ids.placeOrder, { title: 'Emma', copies: 2, password: 'hunter2' }),
    status: 200,
    event: ({ project }) => ({
      requestPayload: [{ title: 'Emma', copies: 2, password: MASKED }],
      responsePayload: { ordered: 'Emma', token: MASKED },
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'placeOrder', at.placeOrder),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: start({ action: 'placeOrder' }),
    }),
  },
  {
    title: 'a server function that is called with a query',
    call: {
      path: `${addressOf(ids.getOrder)}&args=${encodeURIComponent(payload([1]))}`,
      headers: headersOfCall(ids.getOrder),
    },
    status: 200,
    event: ({ project, answer }) => ({
      requestUrl: `http://${answer.sent['host']}${addressOf(ids.getOrder)}&args=${MASKED}`,
      requestPayload: [1],
      responsePayload: { id: 1, title: 'Middlemarch', copies: 2 },
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'getOrder', at.getOrder),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: start({ action: 'getOrder' }),
    }),
  },
  {
    title: 'a server function that fails, of which SolidStart tells the caller with status 200',
    call: post(ids.placeOrder, { title: 'Emma', copies: 200 }),
    status: 200,
    event: ({ project }) => ({
      status: 'failed',
      requestPayload: [{ title: 'Emma', copies: 200 }],
      responsePayload: undefined,
      errorName: 'RangeError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'placeOrder', at.placeOrder, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: start({
        action: 'placeOrder',
        handled: false,
        trail: [
          passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 }),
          passed(project, 'placeOrder', at.placeOrder, { wanted: { title: 'Emma', copies: 200 } }),
        ],
      }),
    }),
    frames: [
      frame('checkStock', 'src/lib/orders.ts', 'new RangeError('),
      frame(undefined, 'src/lib/order.functions.ts', 'await checkStock('),
    ],
  },
  {
    title: 'a server function that redirects',
    call: post(ids.placeOrder, { title: 'leave', copies: 1 }),
    status: 200,
    event: ({ project }) => ({
      requestPayload: [{ title: 'leave', copies: 1 }],
      responsePayload: undefined,
      breadcrumbs: [step(project, 'onRequest', at.onRequest), step(project, 'placeOrder', at.placeOrder)],
      metadata: start({ action: 'placeOrder' }),
    }),
  },
  {
    title: 'a server function that a form is sent to',
    call: {
      method: 'POST',
      path: addressOf(ids.placeForm),
      headers: { referer: 'http://library/orders/1', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'title=Emma&copies=2&password=hunter2',
    },
    status: 302,
    event: ({ project }) => ({
      requestPayload: [{ title: 'Emma', copies: '2', password: MASKED }],
      breadcrumbs: [
        step(project, 'onRequest', at.onRequest),
        step(project, 'placeForm', at.placeForm),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: start({ action: 'placeForm' }),
    }),
  },
  {
    title: 'a server function that does not exist: what was sent stays unknown',
    call: post('none', { password: 'hunter2' }),
    status: 404,
    event: ({ project }) => ({
      requestPayload: UNREAD,
      breadcrumbs: [step(project, 'onRequest', at.onRequest)],
      metadata: start({}),
    }),
  },
  { title: 'an asset, in which no handler takes part', call: { path: '/robots.txt' }, status: 200 },
];

export const scenarios: readonly Scenario[] = all.map(({ event, ...scenario }) => ({
  ...scenario,
  ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
}));
