/** Requests to fixtures/orders-api around orders and reports, by a customer who is signed in, or by an administrator. */
import { expect } from 'vitest';
import type { SourceFrame } from '../../support/e2e-event.ts';
import { MASKED, passed, step, STREAMED } from '../../support/e2e-event.ts';
import {
  ADMIN_KEY,
  at,
  authenticated,
  bearer,
  card,
  email,
  items,
  maskedCard,
  orders,
  QUERY_TOKEN,
  signedIn,
} from './orders-facts.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

/** The frames of the bug, innermost first, each where its call stands. */
export const BUG: SourceFrame[] = [
  { functionName: 'discountFor', file: 'src/services/discounts.ts', at: 'percent, coupon.ceiling' },
  { functionName: 'quoteOrder', file: 'src/services/pricing.ts', at: 'await discountFor(' },
  { functionName: 'OrderService.place', file: 'src/services/order-service.ts', at: 'await quoteOrder(' },
  { functionName: null, file: orders, at: 'await orders.place(' },
];

export const orderScenarios: readonly Scenario[] = [
  {
    title: 'an order with a card, through fourteen observed calls',
    call: (memory) => ({
      method: 'POST',
      path: '/api/orders',
      headers: { ...signedIn(memory), 'user-agent': 'shop-app/7.1' },
      body: { items, card, coupon: 'WELCOME10' },
    }),
    status: 201,
    event: ({ project, answer, body }) => ({
      ...bearer(answer),
      userAgent: 'shop-app/7.1',
      requestPayload: { items, card: maskedCard, coupon: 'WELCOME10' },
      responsePayload: body,
      breadcrumbs: [
        ...authenticated(project),
        step(project, 'POST /', at.order),
        step(project, 'OrderService.place', at.place),
        step(project, 'quoteOrder', at.quoteOrder),
        step(project, 'catalogue.findProduct', at.findProduct),
        step(project, 'discountFor', at.discountFor),
        step(project, 'catalogue.findCoupon', at.findCoupon),
        step(project, 'reserveStock', at.reserve),
        step(project, 'catalogue.findProduct', at.findProduct),
        step(project, 'PaymentClient.charge', at.charge),
        step(project, 'sandbox', at.sandbox),
        step(project, 'OrderRepository.insert', at.insert),
        step(project, 'sendConfirmation', at.mail, { running: true }),
      ],
      metadata: { framework: 'express', route: '/api/orders' },
    }),
  },
  {
    title: 'a trace id and a proxy in front, with a secret in the query',
    call: (memory) => ({
      path: `/api/orders/${memory.id}?access_token=${QUERY_TOKEN}&expand=lines`,
      headers: {
        ...signedIn(memory),
        'x-trace-id': 'trace-of-the-caller',
        'x-forwarded-proto': 'https, http',
        'x-forwarded-host': 'shop.example.com, proxy.internal',
      },
    }),
    status: 200,
    event: ({ project, answer, body, call }) => ({
      ...bearer(answer),
      traceId: 'trace-of-the-caller',
      requestUrl: `https://shop.example.com${call.path.replace(QUERY_TOKEN, MASKED)}`,
      responsePayload: body,
      breadcrumbs: [
        ...authenticated(project),
        step(project, 'GET /:id', at.find),
        step(project, 'OrderService.find', at.findOwn),
        step(project, 'OrderRepository.find', at.findOrder),
      ],
      metadata: { framework: 'express', route: '/api/orders/:id' },
    }),
  },
  {
    title: 'HEAD, which is answered by the handler of GET',
    call: (memory) => ({ method: 'HEAD', path: `/api/orders/${memory.id}`, headers: signedIn(memory) }),
    status: 200,
    event: ({ project, answer }) => ({
      ...bearer(answer),
      breadcrumbs: [
        ...authenticated(project),
        step(project, 'GET /:id', at.find),
        step(project, 'OrderService.find', at.findOwn),
        step(project, 'OrderRepository.find', at.findOrder),
      ],
      metadata: { framework: 'express', route: '/api/orders/:id' },
    }),
  },
  {
    title: 'the bug, four asynchronous calls deep',
    call: (memory) => ({
      method: 'POST',
      path: '/api/orders',
      headers: signedIn(memory),
      body: { items, card, coupon: 'LOYAL25' },
    }),
    status: 500,
    event: ({ project, answer, body }) => {
      const message = "Cannot read properties of undefined (reading 'percent')";
      const error = { error: `TypeError: ${message}` };
      const customer: unknown = expect.objectContaining({ email, name: 'Ada' });
      return {
        ...bearer(answer),
        requestPayload: { items, card: maskedCard, coupon: 'LOYAL25' },
        responsePayload: body,
        errorName: 'TypeError',
        errorMessage: message,
        breadcrumbs: [
          ...authenticated(project),
          step(project, 'POST /', at.order, error),
          step(project, 'OrderService.place', at.place, error),
          step(project, 'quoteOrder', at.quoteOrder, error),
          step(project, 'catalogue.findProduct', at.findProduct),
          step(project, 'discountFor', at.discountFor, error),
          step(project, 'catalogue.findCoupon', at.findCoupon),
        ],
        metadata: {
          framework: 'express',
          route: '/api/orders',
          handled: true,
          trail: [
            passed(project, 'discountFor', at.discountFor, { code: 'LOYAL25', customer }),
            passed(project, 'quoteOrder', at.quoteOrder, { customer, items, coupon: 'LOYAL25' }),
            passed(project, 'OrderService.place', at.place, {
              customer,
              input: { items, card: maskedCard, coupon: 'LOYAL25' },
            }),
            passed(project, 'POST /', at.order),
          ],
        },
      };
    },
    frames: BUG,
  },
  {
    title: 'a report that is streamed',
    call: () => ({ path: '/api/reports/orders.csv', headers: { 'x-api-key': ADMIN_KEY } }),
    status: 200,
    event: ({ project, answer }) => ({
      authMode: 'api_key',
      authScheme: 'x-api-key',
      requestHeaders: { ...answer.sent, 'x-api-key': MASKED },
      responsePayload: STREAMED,
      breadcrumbs: [
        step(project, 'GET /orders.csv', at.csv, { running: true }),
        step(project, 'OrderRepository.all', at.all),
      ],
      metadata: { framework: 'express', route: '/api/reports/orders.csv' },
    }),
  },
  {
    title: 'a stream that the client leaves',
    call: () => ({ path: '/api/reports/turnover', headers: { 'x-api-key': ADMIN_KEY } }),
    leaves: true,
    status: 200,
    event: ({ project, answer }) => ({
      authMode: 'api_key',
      authScheme: 'x-api-key',
      requestHeaders: { ...answer.sent, 'x-api-key': MASKED },
      responsePayload: STREAMED,
      breadcrumbs: [
        step(project, 'GET /turnover', at.turnover, { running: true }),
        step(project, 'OrderRepository.all', at.all),
      ],
      metadata: { framework: 'express', route: '/api/reports/turnover', aborted: true },
    }),
  },
];
