/** Requests to fixtures/apps/express4, and what must become of each. */
import { expect } from 'vitest';
import { MASKED, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const express = (metadata: object = {}): object => ({ framework: 'express', ...metadata });
const findItem = ['src/shops.ts', 'export async function findItem'] as const;
const loadReport = ['src/legacy.js', 'async function loadReport'] as const;

export const scenarios: readonly Scenario[] = [
  {
    title: 'a router with parameters in the path it is mounted at',
    call: { path: '/shops/12/items/7?token=hidden&page=2' },
    status: 200,
    event: ({ project, answer }) => ({
      requestUrl: expect.stringMatching(/\/shops\/12\/items\/7\?token=\[MASKED\]&page=2$/),
      responsePayload: JSON.parse(answer.body) as unknown,
      breadcrumbs: [step(project, 'findItem', findItem)],
      metadata: express({ route: '/shops/:shopId/items/:itemId' }),
    }),
  },
  {
    title: 'a router in that router',
    call: { path: '/shops/12/items/7/reviews/3' },
    status: 200,
    event: () => ({
      responsePayload: { shopId: '12', itemId: '7', reviewId: '3' },
      metadata: express({ route: '/shops/:shopId/items/:itemId/reviews/:reviewId' }),
    }),
  },
  {
    title: 'a form, and a masked field of it',
    call: {
      method: 'POST',
      path: '/shops/12/items',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=Cup&password=hunter2',
    },
    status: 201,
    event: () => ({
      requestPayload: { name: 'Cup', password: MASKED },
      responsePayload: { received: { name: 'Cup', password: MASKED } },
      metadata: express({ route: '/shops/:shopId/items' }),
    }),
  },
  {
    title: 'a webhook, by its path',
    call: { method: 'POST', path: '/webhooks/stripe', body: { type: 'paid', secret: 'hidden' } },
    status: 202,
    event: () => ({
      eventType: 'webhook',
      requestPayload: { type: 'paid', secret: MASKED },
      responsePayload: { received: 'paid' },
      metadata: express({ route: '/webhooks/stripe' }),
    }),
  },
  {
    title: 'a webhook, as a pragma says',
    call: { method: 'POST', path: '/from-the-bank', body: { paid: 12 } },
    status: 204,
    event: () => ({
      eventType: 'webhook',
      requestPayload: { paid: 12 },
      metadata: express({ route: '/from-the-bank' }),
    }),
  },
  {
    title: "an async handler's rejection, answered by the application's error middleware",
    call: { path: '/shops/12/items/lamp' },
    status: 404,
    event: ({ project }) => ({
      responsePayload: { error: '12 sells no lamp' },
      errorName: 'RangeError',
      errorMessage: '12 sells no lamp',
      breadcrumbs: [step(project, 'findItem', findItem, { error: 'RangeError: 12 sells no lamp' })],
      metadata: express({
        route: '/shops/:shopId/items/:itemId',
        handled: true,
        trail: [passed(project, 'findItem', findItem, { shop: '12', item: 'lamp' })],
      }),
    }),
    frames: [
      { functionName: 'findItem', file: 'src/shops.ts', at: 'throw new RangeError' },
      { functionName: null, file: 'src/shops.ts', at: 'response.json(await findItem' },
    ],
  },
  {
    title: "an error of the first in a list of handlers, left to Express's own handler",
    call: { path: '/shops/12/items/teapot' },
    status: 418,
    event: ({ answer }) => ({
      responsePayload: answer.body,
      errorName: 'Error',
      errorMessage: 'I am a teapot',
      metadata: express({ route: '/shops/:shopId/items/:itemId', handled: false }),
    }),
    frames: [{ file: 'src/shops.ts', at: "=== 'teapot'" }],
  },
  {
    title: "next('route'): the second route of the same pattern answers",
    call: { path: '/features/search' },
    status: 200,
    event: () => ({ responsePayload: 'stable', metadata: express({ route: '/features/:name' }) }),
  },
  {
    title: 'the same pattern, answered by the first',
    call: { path: '/features/search?beta=1' },
    status: 200,
    event: () => ({ responsePayload: 'beta', metadata: express({ route: '/features/:name' }) }),
  },
  {
    title: 'a redirect, from route()',
    call: { path: '/features' },
    status: 303,
    event: ({ answer }) => ({ responsePayload: answer.body, metadata: express({ route: '/features' }) }),
  },
  {
    title: 'another method on the same route()',
    call: { method: 'PUT', path: '/features' },
    status: 405,
    event: ({ answer }) => ({
      // Node adds it to a PUT without a body.
      requestHeaders: { ...answer.sent, 'content-length': '0' },
      responsePayload: 'Method Not Allowed',
      metadata: express({ route: '/features' }),
    }),
  },
  {
    title: 'a route that stands in a table',
    call: { path: '/prices/cup' },
    status: 200,
    event: () => ({ responsePayload: { price: 3 }, metadata: express({ route: '/prices/:sku' }) }),
  },
  {
    title: "its error, answered by the table's own error handler",
    call: { path: '/prices/nothing' },
    status: 500,
    event: () => ({
      responsePayload: { error: 'Nothing has no price' },
      errorName: 'TypeError',
      errorMessage: 'Nothing has no price',
      metadata: express({ route: '/prices/:sku', handled: true }),
    }),
    frames: [{ functionName: 'handler', file: 'src/table.ts', at: 'new TypeError' }],
  },
  {
    title: 'an application mounted in the application',
    call: { path: '/admin/statistics?of=orders' },
    status: 200,
    event: () => ({ responsePayload: { total: 12 }, metadata: express({ route: '/admin/statistics' }) }),
  },
  {
    title: 'a synchronous error three calls deep in it, which the outer application answers',
    call: { path: '/admin/statistics?of=nothing' },
    status: 500,
    event: ({ answer }) => ({
      responsePayload: answer.body,
      errorName: 'TypeError',
      errorMessage: "Cannot read properties of undefined (reading 'length')",
      metadata: express({ route: '/admin/statistics', handled: false }),
    }),
    frames: [
      { functionName: 'sum', file: 'src/statistics.ts', at: 'length; index++' },
      { functionName: 'compute', file: 'src/statistics.ts', at: 'sum(figures[name]' },
      { functionName: null, file: 'src/admin.ts', at: 'compute(String' },
    ],
  },
  {
    title: 'a string that is thrown',
    call: { path: '/admin/broken' },
    status: 500,
    event: ({ answer }) => ({
      responsePayload: answer.body,
      errorMessage: 'just a string',
      metadata: express({ route: '/admin/broken', handled: false }),
    }),
  },
  {
    title: 'a CommonJS router, and an error of Node that it passes on',
    call: { path: '/legacy/reports/may' },
    status: 500,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      errorName: 'Error',
      errorMessage: expect.stringMatching(/^ENOENT/),
      breadcrumbs: [
        step(project, 'loadReport', loadReport, {
          error: "Error: ENOENT: no such file or directory, open '/nonexistent/may.txt'",
        }),
      ],
      metadata: express({
        route: '/legacy/reports/:name',
        handled: false,
        trail: [passed(project, 'loadReport', loadReport, { name: 'may' })],
      }),
    }),
  },
  {
    title: 'bytes',
    call: { path: '/legacy/buffer' },
    status: 200,
    event: () => ({
      responsePayload: { captured: false, reason: 'Binary body not captured' },
      metadata: express({ route: '/legacy/buffer' }),
    }),
  },
  {
    title: 'a route that does not exist',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ answer }) => ({ responsePayload: answer.body, metadata: express() }),
  },
];
