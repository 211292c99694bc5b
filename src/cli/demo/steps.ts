/** The requests of the demo, as data: what is sent, what the application answers, what the event says about it. */
import type { Position } from './project.ts';
import type { Expected, Step } from './step.ts';

/** Strings that are sent, and that no event may contain. */
export const SECRETS = {
  apiKey: 'rs_demo_4f1c9a7be2d04655',
  adminKey: 'admin_9d2e61f0c3b84aa7',
  password: 'correct-horse-battery-staple',
  card: '4242424242424242',
  flakyCard: '4000000000009995',
  emptyCard: '4000000000000002',
  queryToken: 'shared_link_5b7d20e9',
  staleToken: 'ses_e01d7ac45b',
} as const;

const email = 'ada@example.com';
const items = [{ sku: 'lamp-01', quantity: 2 }];
const card = (cardNumber: string): unknown => ({ cardNumber, cvv: '739', expiry: '12/29' });
const maskedCard: Expected = { cardNumber: '[MASKED]', cvv: '[MASKED]', expiry: '12/29' };
const streamed: Expected = { captured: false, reason: 'Streaming response body not captured' };

/** A pattern for the end of a path. */
export function endsWith(file: string): RegExp {
  return new RegExp(`(^|/)${file.replaceAll('.', String.raw`\.`)}$`);
}

/** @param bug where the coupon LOYAL25 makes the application fail */
export function createSteps(bug: Position): Step[] {
  return [
    { title: 'health check', method: 'GET', path: '/health', answer: 200 },
    {
      title: 'register, with a password',
      method: 'POST',
      path: '/api/customers',
      body: { email, name: 'Ada', password: SECRETS.password },
      answer: 201,
      event: { authMode: 'none', status: 'success', requestPayload: { email, password: '[MASKED]' } },
    },
    {
      title: 'sign in, which answers with a token',
      method: 'POST',
      path: '/api/customers/login',
      body: { email, password: SECRETS.password },
      answer: 200,
      event: { requestPayload: { password: '[MASKED]' }, responsePayload: { token: '[MASKED]' } },
    },
    {
      title: 'place an order, with a card',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items, card: card(SECRETS.card), coupon: 'WELCOME10' },
      answer: 201,
      event: {
        status: 'success',
        authMode: 'bearer',
        authScheme: 'Bearer',
        requestHeaders: { authorization: '[MASKED]' },
        requestPayload: { items, card: maskedCard },
        responsePayload: { status: 'paid' },
      },
    },
    {
      title: 'read it back, with a trace id and a token in the query',
      method: 'GET',
      path: `/api/orders/:id?access_token=${SECRETS.queryToken}&expand=lines`,
      as: 'customer',
      headers: { 'x-trace-id': 'demo-trace-of-the-caller' },
      answer: 200,
      event: {
        traceId: 'demo-trace-of-the-caller',
        requestUrl: /^http:\/\/127\.0\.0\.1:\d+\/api\/orders\/ord_\d+\?access_token=.*MASKED.*&expand=lines$/,
      },
    },
    {
      title: 'a payment that works on the second attempt',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items, card: card(SECRETS.flakyCard) },
      answer: 201,
      event: { status: 'success' },
    },
    {
      title: 'a payment that is declined',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items, card: card(SECRETS.emptyCard) },
      answer: 402,
      event: { requestPayload: { card: maskedCard } },
    },
    {
      title: 'invalid fields',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items: [{ sku: 'lamp-01', quantity: 0 }] },
      answer: 422,
      event: { responsePayload: { error: { code: 'validation_failed' } } },
    },
    {
      title: 'broken JSON',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: '{"items": [',
      answer: 400,
      event: {},
    },
    {
      title: 'an order that does not exist',
      method: 'GET',
      path: '/api/orders/ord_0',
      as: 'customer',
      answer: 404,
      event: {},
    },
    { title: 'a route that does not exist', method: 'GET', path: '/api/nothing', answer: 404, event: {} },
    {
      title: 'nobody signed in',
      method: 'DELETE',
      path: '/api/orders/:id',
      answer: 401,
      event: { authMode: 'none' },
    },
    {
      title: 'a session that is over',
      method: 'GET',
      path: '/api/customers/me',
      headers: { authorization: `Bearer ${SECRETS.staleToken}` },
      answer: 401,
      event: {
        authMode: 'bearer',
        errorName: 'UnauthorizedError',
        metadata: { trail: [{ functionName: 'customerOf', arguments: { token: '[MASKED]' } }] },
      },
    },
    {
      title: 'the bug, four asynchronous calls deep',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items, card: card(SECRETS.card), coupon: 'LOYAL25' },
      answer: 500,
      event: {
        status: 'failed',
        errorName: 'TypeError',
        errorMessage: /reading 'percent'/,
        stackFrames: [{ fileName: endsWith(bug.file), lineNumber: bug.line, columnNumber: bug.column }],
        requestPayload: { card: maskedCard, coupon: 'LOYAL25' },
        metadata: {
          trail: [
            { functionName: 'discountFor', fileName: endsWith(bug.file), arguments: { code: 'LOYAL25' } },
            { functionName: 'quoteOrder' },
            { functionName: /place$/, arguments: { input: { card: maskedCard } } },
          ],
        },
      },
    },
    {
      title: 'a report that is streamed',
      method: 'GET',
      path: '/api/reports/orders.csv',
      as: 'administrator',
      answer: 200,
      event: { authMode: 'api_key', requestHeaders: { 'x-api-key': '[MASKED]' }, responsePayload: streamed },
    },
    {
      title: 'a stream that the client leaves',
      method: 'GET',
      path: '/api/reports/turnover',
      as: 'administrator',
      leave: true,
      answer: 200,
      event: { responsePayload: streamed },
    },
    {
      title: 'an order on invoice, over which the background job will stumble',
      method: 'POST',
      path: '/api/orders',
      as: 'customer',
      body: { items },
      answer: 201,
      event: { responsePayload: { status: 'invoiced' } },
    },
  ];
}

/** What comes of no request: the failure of the background job. */
export const backgroundFailure: Record<string, Expected> = {
  eventType: 'custom',
  status: 'failed',
  errorName: 'ReconciliationError',
  errorMessage: /has no settlement$/,
  stackFrames: [{ fileName: endsWith('src/jobs/reconciler.ts') }],
};
