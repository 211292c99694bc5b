/** Requests to fixtures/apps/next, and what must become of each. */
import { expect } from 'vitest';
import type { Expected, SourceFrame } from '../../support/e2e-event.ts';
import { passed, step } from '../../support/e2e-event.ts';
import type { Call } from '../../support/e2e-http.ts';
import type { Project } from '../../support/e2e-project.ts';

export interface NextScenario {
  title: string;
  call: Call;
  status: number;
  event(project: Project): Expected;
  /** The application's frames, innermost first. */
  frames?: SourceFrame[];
  /** Next makes the answer itself, so that it has no trace id. */
  untraced?: boolean;
}

const at = {
  find: ['app/api/orders/[id]/route.ts', 'export const GET'],
  post: ['app/api/orders/route.ts', 'export async function POST'],
  price: ['app/(shop)/api/prices/[sku]/route.ts', 'export async function GET'],
  edge: ['app/api/edge/route.ts', 'export async function GET'],
  conflict: ['app/api/conflict/route.ts', 'export async function GET'],
  hook: ['pages/api/legacy/hook.ts', 'export default async function handler'],
  legacy: ['pages/api/legacy/[id].ts', 'export default async function handler'],
  findOrder: ['lib/orders.ts', 'export async function findOrder'],
  placeOrder: ['lib/orders.ts', 'export async function placeOrder'],
  checkStock: ['lib/orders.ts', 'export async function checkStock'],
  priceOf: ['lib/orders.ts', 'export async function priceOf'],
} as const;

const next = (route?: string, more: object = {}): object => ({
  framework: 'next',
  ...(route !== undefined && { route }),
  ...more,
});

const order = { id: 1, title: 'Middlemarch', copies: 2 };
const letIn = { authorization: 'Bearer let-me-in' };
const bearer = { authMode: 'bearer', authScheme: 'Bearer' };

export const scenarios: readonly NextScenario[] = [
  {
    title: 'a route handler that is an arrow function, with a query that is masked',
    call: { path: '/api/orders/1?token=hidden' },
    status: 200,
    event: (project) => ({
      requestUrl: expect.stringMatching(/\/api\/orders\/1\?token=\[MASKED\]$/),
      responsePayload: order,
      breadcrumbs: [step(project, 'GET', at.find), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/orders/[id]'),
    }),
  },
  {
    title: 'notFound() of a route handler',
    call: { path: '/api/orders/99' },
    status: 404,
    untraced: true,
    event: (project) => ({
      breadcrumbs: [step(project, 'GET', at.find), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/orders/[id]'),
    }),
  },
  {
    title: 'redirect() of a route handler',
    call: { path: '/api/orders/first' },
    status: 307,
    untraced: true,
    event: (project) => ({
      breadcrumbs: [step(project, 'GET', at.find)],
      metadata: next('/api/orders/[id]'),
    }),
  },
  {
    title: 'a body, and a masked field of it',
    call: { method: 'POST', path: '/api/orders', body: { title: 'Emma', copies: 2, password: 'hunter2' } },
    status: 201,
    event: (project) => ({
      requestPayload: { title: 'Emma', copies: 2, password: '[MASKED]' },
      responsePayload: { id: expect.any(Number), title: 'Emma', copies: 2 },
      breadcrumbs: [
        step(project, 'POST', at.post),
        step(project, 'placeOrder', at.placeOrder),
        step(project, 'checkStock', at.checkStock),
      ],
      metadata: next('/api/orders'),
    }),
  },
  {
    title: 'an error that a route handler answers itself',
    call: { method: 'POST', path: '/api/orders', body: { title: 'Emma', copies: 200 } },
    status: 422,
    event: (project) => {
      const error = { error: 'OrderError: Not 200 copies of Emma' };
      return {
        requestPayload: { title: 'Emma', copies: 200 },
        responsePayload: { error: 'Not 200 copies of Emma' },
        breadcrumbs: [
          step(project, 'POST', at.post),
          step(project, 'placeOrder', at.placeOrder, error),
          step(project, 'checkStock', at.checkStock, error),
        ],
        metadata: next('/api/orders'),
      };
    },
  },
  {
    title: 'a handler that another function has made',
    call: { method: 'PUT', path: '/api/orders', body: [{ title: 'Emma', copies: 200 }] },
    status: 500,
    untraced: true,
    event: (project) => ({
      requestPayload: [{ title: 'Emma', copies: 200 }],
      errorName: 'OrderError',
      errorMessage: 'Not 200 copies of Emma',
      breadcrumbs: [
        step(project, 'checkStock', at.checkStock, { error: 'OrderError: Not 200 copies of Emma' }),
      ],
      metadata: next('/api/orders', {
        handled: false,
        trail: [passed(project, 'checkStock', at.checkStock, { title: 'Emma', copies: 200 })],
      }),
    }),
    frames: [
      { functionName: 'checkStock', file: 'lib/orders.ts', at: 'new OrderError(`' },
      { file: 'app/api/orders/route.ts', at: 'await check(' },
    ],
  },
  {
    title: 'a Response that is thrown, with which Next does not answer',
    call: { path: '/api/conflict' },
    status: 500,
    untraced: true,
    event: (project) => ({
      errorName: 'TypeError',
      errorMessage: 'A Response was thrown',
      stackTrace: undefined,
      stackFrames: undefined,
      breadcrumbs: [step(project, 'GET', at.conflict)],
      metadata: next('/api/conflict', { handled: false }),
    }),
  },
  {
    title: 'a bug deep inside of a route in a group',
    call: { path: '/api/prices/x2' },
    status: 500,
    untraced: true,
    event: (project) => {
      const error = { error: "TypeError: Cannot read properties of undefined (reading 'amount')" };
      return {
        errorName: 'TypeError',
        errorMessage: "Cannot read properties of undefined (reading 'amount')",
        breadcrumbs: [step(project, 'GET', at.price, error), step(project, 'priceOf', at.priceOf, error)],
        metadata: next('/api/prices/[sku]', {
          handled: false,
          trail: [passed(project, 'priceOf', at.priceOf, { sku: 'x2' }), passed(project, 'GET', at.price)],
        }),
      };
    },
    frames: [
      { functionName: 'priceOf', file: 'lib/orders.ts', at: 'amount;\n}' },
      { file: 'app/(shop)/api/prices/[sku]/route.ts', at: 'await priceOf(' },
    ],
  },
  {
    title: 'a route on the edge',
    call: { path: '/api/edge?id=1' },
    status: 200,
    event: (project) => ({
      responsePayload: order,
      breadcrumbs: [step(project, 'GET', at.edge), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/edge'),
    }),
  },
  {
    title: 'an error on the edge, where no map can be read',
    call: { path: '/api/edge?id=7' },
    status: 500,
    untraced: true,
    event: (project) => ({
      errorName: 'Error',
      errorMessage: 'No such order on the edge',
      breadcrumbs: [
        step(project, 'GET', at.edge, { error: 'Error: No such order on the edge' }),
        step(project, 'findOrder', at.findOrder),
      ],
      metadata: next('/api/edge', { handled: false, trail: [passed(project, 'GET', at.edge)] }),
    }),
  },
  {
    title: 'an API route of the Pages Router, which the proxy lets through',
    call: { path: '/api/legacy/1', headers: letIn },
    status: 200,
    event: (project) => ({
      ...bearer,
      sourceIp: expect.stringContaining('127.0.0.1'),
      responsePayload: order,
      breadcrumbs: [step(project, 'handler', at.legacy), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/legacy/[id]'),
    }),
  },
  {
    title: 'an API route that has no such thing',
    call: { path: '/api/legacy/99', headers: letIn },
    status: 404,
    event: (project) => ({
      ...bearer,
      sourceIp: expect.stringContaining('127.0.0.1'),
      responsePayload: { error: 'No order 99' },
      breadcrumbs: [step(project, 'handler', at.legacy), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/legacy/[id]'),
    }),
  },
  {
    title: 'a body that an API route is sent, and a masked field of it',
    call: {
      method: 'POST',
      path: '/api/legacy/1',
      headers: letIn,
      body: { note: 'gift', password: 'hunter2' },
    },
    status: 200,
    event: (project) => ({
      ...bearer,
      sourceIp: expect.stringContaining('127.0.0.1'),
      requestPayload: { note: 'gift', password: '[MASKED]' },
      responsePayload: { ...order, note: 'gift', password: '[MASKED]' },
      breadcrumbs: [step(project, 'handler', at.legacy), step(project, 'findOrder', at.findOrder)],
      metadata: next('/api/legacy/[id]'),
    }),
  },
  {
    title: 'a body that an API route reads itself',
    call: {
      method: 'POST',
      path: '/api/legacy/hook',
      headers: letIn,
      body: { type: 'paid', token: 'hidden' },
    },
    status: 200,
    event: (project) => ({
      ...bearer,
      sourceIp: expect.stringContaining('127.0.0.1'),
      requestPayload: { type: 'paid', token: '[MASKED]' },
      responsePayload: { length: 32 },
      breadcrumbs: [step(project, 'handler', at.hook)],
      metadata: next('/api/legacy/hook'),
    }),
  },
  {
    title: 'a bug in an API route',
    call: { path: '/api/legacy/price', headers: letIn },
    status: 500,
    event: (project) => {
      const error = { error: "TypeError: Cannot read properties of undefined (reading 'amount')" };
      return {
        ...bearer,
        sourceIp: expect.stringContaining('127.0.0.1'),
        responsePayload: 'Internal Server Error',
        errorName: 'TypeError',
        errorMessage: "Cannot read properties of undefined (reading 'amount')",
        breadcrumbs: [
          step(project, 'handler', at.legacy, error),
          step(project, 'priceOf', at.priceOf, error),
        ],
        metadata: next('/api/legacy/[id]', {
          handled: false,
          trail: [
            passed(project, 'priceOf', at.priceOf, { sku: 'none' }),
            passed(project, 'handler', at.legacy),
          ],
        }),
      };
    },
    frames: [
      { functionName: 'priceOf', file: 'lib/orders.ts', at: 'amount;\n}' },
      { file: 'pages/api/legacy/[id].ts', at: 'await priceOf(' },
    ],
  },
  {
    title: 'a request that the proxy answers itself',
    call: { path: '/api/legacy/1' },
    status: 401,
    event: () => ({ responsePayload: { error: 'Who are you?' }, metadata: next() }),
  },
];
