/** Requests to fixtures/apps/react-router, and what must become of each. */
import { passed, type SourceFrame, step, STREAMED } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  root: ['app/root.tsx', 'export async function loader'],
  orders: ['app/routes/orders.tsx', 'export const loader'],
  action: ['app/routes/orders.tsx', 'export async function action'],
  order: ['app/routes/order.tsx', 'export async function loader'],
  prices: ['app/routes/prices.ts', 'export async function loader'],
  findOrder: ['app/lib/orders.ts', 'export async function findOrder'],
  checkStock: ['app/lib/orders.ts', 'export async function checkStock'],
  priceOf: ['app/lib/orders.ts', 'export async function priceOf'],
} as const;

const router = (route: string, more: object = {}): object => ({ framework: 'react-router', route, ...more });

const frame = (functionName: string, file: string, text: string): SourceFrame => ({
  functionName,
  file,
  at: text,
  exact: true,
});

const submit = (body: string): Call => ({
  method: 'POST',
  path: '/orders',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

const nothing = "Cannot read properties of undefined (reading 'amount')";
const bug = { error: `TypeError: ${nothing}` };
const tooMany = { error: 'Error: Not 200 copies of Emma' };

/** Pages are sent piece by piece. */
const streamed = { responsePayload: STREAMED };

export const scenarios: readonly Scenario[] = [
  {
    title: 'a page with the loaders of three routes',
    call: { path: '/orders/1?token=hidden' },
    status: 200,
    event: ({ project, answer }) => ({
      ...streamed,
      requestUrl: `http://${answer.sent['host']}/orders/1?token=[MASKED]`,
      breadcrumbs: [
        step(project, 'loader', at.root),
        step(project, 'loader', at.orders),
        step(project, 'findOrder', at.findOrder),
        step(project, 'loader', at.order),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: router('/orders/:id'),
    }),
  },
  {
    title: 'data() that a loader throws',
    call: { path: '/orders/99' },
    status: 404,
    event: ({ project }) => ({
      ...streamed,
      breadcrumbs: [
        step(project, 'loader', at.root),
        step(project, 'loader', at.orders),
        step(project, 'findOrder', at.findOrder),
        step(project, 'loader', at.order),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: router('/orders/:id'),
    }),
  },
  {
    title: 'a resource route, in a trace from outside',
    call: { path: '/api/prices/m1', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, body }) => ({
      traceId: 'from-outside',
      responsePayload: body,
      breadcrumbs: [step(project, 'loader', at.prices), step(project, 'priceOf', at.priceOf)],
      metadata: router('/api/prices/:sku'),
    }),
  },
  {
    title: 'an error that a resource route answers itself',
    call: { path: '/api/prices/x2?or=nothing' },
    status: 404,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [step(project, 'loader', at.prices), step(project, 'priceOf', at.priceOf, bug)],
      metadata: router('/api/prices/:sku'),
    }),
  },
  {
    title: 'a bug deep inside of a resource route',
    call: { path: '/api/prices/x2' },
    status: 500,
    event: ({ project }) => ({
      ...streamed,
      errorName: 'TypeError',
      errorMessage: nothing,
      breadcrumbs: [step(project, 'loader', at.prices, bug), step(project, 'priceOf', at.priceOf, bug)],
      metadata: router('/api/prices/:sku', {
        handled: false,
        trail: [passed(project, 'priceOf', at.priceOf, { sku: 'x2' }), passed(project, 'loader', at.prices)],
      }),
    }),
    frames: [
      frame('priceOf', 'app/lib/orders.ts', 'amount;\n}'),
      frame('loader', 'app/routes/prices.ts', 'await priceOf('),
    ],
  },
  {
    title: 'a form, and a masked field of it',
    call: submit('title=Emma&copies=2&password=hunter2'),
    status: 200,
    event: ({ project }) => ({
      ...streamed,
      requestPayload: { title: 'Emma', copies: '2', password: '[MASKED]' },
      breadcrumbs: [
        step(project, 'action', at.action),
        step(project, 'checkStock', at.checkStock),
        step(project, 'loader', at.root),
        step(project, 'loader', at.orders),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: router('/orders'),
    }),
  },
  {
    title: 'an action that fails',
    call: submit('title=Emma&copies=200'),
    status: 500,
    event: ({ project }) => ({
      ...streamed,
      requestPayload: { title: 'Emma', copies: '200' },
      errorName: 'Error',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [
        step(project, 'action', at.action, tooMany),
        step(project, 'checkStock', at.checkStock, tooMany),
      ],
      metadata: router('/orders', {
        handled: false,
        trail: [
          passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 }),
          passed(project, 'action', at.action),
        ],
      }),
    }),
    frames: [
      frame('checkStock', 'app/lib/orders.ts', 'new Error(`'),
      frame('action', 'app/routes/orders.tsx', 'await checkStock('),
    ],
  },
  {
    title: 'an action that redirects',
    call: submit('title=leave'),
    status: 302,
    event: ({ project }) => ({
      requestPayload: { title: 'leave' },
      breadcrumbs: [step(project, 'action', at.action)],
      metadata: router('/orders'),
    }),
  },
  {
    title: 'an action that refuses',
    call: submit('title=refuse'),
    status: 422,
    event: ({ project }) => ({
      ...streamed,
      requestPayload: { title: 'refuse' },
      breadcrumbs: [
        step(project, 'action', at.action),
        step(project, 'loader', at.root),
        step(project, 'loader', at.orders),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: router('/orders'),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: () => ({ ...streamed, metadata: { framework: 'react-router' } }),
  },
  {
    title: 'a component that fails',
    call: { path: '/broken' },
    status: 500,
    event: ({ project }) => ({
      ...streamed,
      errorName: 'TypeError',
      errorMessage: "Cannot read properties of undefined (reading 'title')",
      breadcrumbs: [step(project, 'loader', at.root)],
      metadata: router('/broken', { handled: false }),
    }),
    frames: [frame('Broken', 'app/routes/broken.tsx', 'title}</h1>')],
  },
  { title: 'an asset, in which no handler takes part', call: { path: '/robots.txt' }, status: 200 },
];
