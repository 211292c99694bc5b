/** Requests to fixtures/orders-api around its customers, and those that it turns down. */
import { expect } from 'vitest';
import { MASKED, passed, step } from '../../support/e2e-event.ts';
import { applicationHeaders } from '../../support/e2e-http.ts';
import { ADMIN_KEY, at, BASIC, customers, email, PASSWORD, registration } from './orders-facts.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

/** A request that the application turns down before it looks at anything. */
function refused(header: string, value: string, authMode: string, authScheme?: string): Scenario {
  return {
    title: `nobody signed in, with ${header}: ${value.split(' ')[0]}`,
    call: () => ({ path: '/api/orders/ord_1', headers: { [header]: value } }),
    status: 401,
    event: ({ project, answer, body }) => ({
      authMode,
      ...(authScheme !== undefined && { authScheme }),
      requestHeaders: { ...answer.sent, [header]: header === 'cookie' ? `session=${MASKED}` : MASKED },
      errorName: 'UnauthorizedError',
      errorMessage: 'Sign in first',
      responsePayload: body,
      breadcrumbs: [
        step(project, 'authenticate', at.authenticate, { error: 'UnauthorizedError: Sign in first' }),
      ],
      metadata: {
        framework: 'express',
        handled: true,
        trail: [passed(project, 'authenticate', at.authenticate, expect.any(Object) as object)],
      },
    }),
  };
}

export const customerScenarios: readonly Scenario[] = [
  { title: 'a health check, which is never captured', call: () => ({ path: '/health' }), status: 200 },
  {
    title: 'a registration, with a password',
    call: () => ({ method: 'POST', path: '/api/customers', body: registration(email) }),
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { email, name: 'Ada', password: MASKED },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'POST /', at.register),
        step(project, 'register', at.accounts),
        step(project, 'insertCustomer', at.insertCustomer),
      ],
      metadata: { framework: 'express', route: '/api/customers' },
    }),
  },
  {
    title: 'a registration with invalid fields',
    call: () => ({
      method: 'POST',
      path: '/api/customers',
      body: { email: 'ada', name: 'Ada', password: 'short' },
    }),
    status: 422,
    event: ({ project, body }) => ({
      requestPayload: { email: 'ada', name: 'Ada', password: MASKED },
      responsePayload: body,
      errorName: 'ValidationError',
      errorMessage: 'The request has invalid fields',
      breadcrumbs: [
        step(project, 'POST /', at.register, { error: 'ValidationError: The request has invalid fields' }),
      ],
      metadata: {
        framework: 'express',
        route: '/api/customers',
        handled: true,
        trail: [passed(project, 'POST /', at.register)],
      },
    }),
    frames: [
      { functionName: 'parse', file: 'src/validation.ts', at: 'throw new ValidationError' },
      { functionName: null, file: customers, at: 'parse(Registration' },
    ],
  },
  {
    title: 'a login, which answers with a token and a cookie',
    call: () => ({ method: 'POST', path: '/api/customers/login', body: { email, password: PASSWORD } }),
    status: 200,
    event: ({ project, answer, body }) => ({
      requestPayload: { email, password: MASKED },
      responseHeaders: {
        ...applicationHeaders(answer.headers),
        'set-cookie': `session=${MASKED}; Path=/; HttpOnly; SameSite=Strict`,
      },
      responsePayload: { ...body, token: MASKED },
      breadcrumbs: [step(project, 'POST /login', at.login), step(project, 'signIn', at.signIn)],
      metadata: { framework: 'express', route: '/api/customers/login' },
    }),
  },
  {
    title: 'JSON that does not parse, which no handler gets to see',
    call: () => ({
      method: 'POST',
      path: '/api/orders',
      headers: { 'content-type': 'application/json' },
      body: '{"items": [',
    }),
    status: 400,
    event: ({ body }) => ({
      responsePayload: body,
      errorName: 'SyntaxError',
      errorMessage: expect.stringContaining('JSON'),
      metadata: { framework: 'express', handled: true },
    }),
    frames: [],
  },
  {
    title: 'a route that does not exist',
    call: () => ({ path: '/api/nothing' }),
    status: 404,
    event: ({ body }) => ({
      responsePayload: body,
      errorName: 'NotFoundError',
      errorMessage: 'Route GET /api/nothing does not exist',
      metadata: { framework: 'express', handled: true },
    }),
    frames: [
      { functionName: 'notFound', file: 'src/middleware/error-handler.ts', at: 'throw new NotFoundError' },
    ],
  },
  refused('authorization', BASIC, 'basic', 'Basic'),
  refused('authorization', 'Hawk id="ada"', 'other', 'Hawk'),
  refused('authorization', `Token ${ADMIN_KEY}`, 'api_key', 'Token'),
  refused('x-auth-token', ADMIN_KEY, 'api_key', 'x-auth-token'),
  refused('cookie', `session=${ADMIN_KEY}`, 'cookie'),
];
