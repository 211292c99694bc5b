/** Functions of Google Cloud that are asked over HTTP, by its own framework. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { headersOf, MASKED, outline, passed, step } from '../support/e2e-event.ts';
import type { Scenario } from '../support/e2e-scenario.ts';

const at = {
  readStock: ['src/stock.ts', 'export async function readStock'],
} as const;

const framework = { framework: 'google-cloud' };
const message = 'There is no none';
const error = { error: `RangeError: ${message}` };

const all: readonly Scenario[] = [
  {
    title: 'JSON, a masked field of it, and a cookie',
    call: {
      method: 'POST',
      path: '/?sku=a&token=hidden',
      headers: { authorization: 'Bearer SECRET', 'user-agent': 'curl/8', 'x-trace-id': 'outside' },
      body: { note: 'n', password: 'SECRET' },
    },
    status: 200,
    event: ({ project, answer }) => ({
      traceId: 'outside',
      userAgent: 'curl/8',
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestUrl: `http://${answer.sent['host']}/?sku=a&token=${MASKED}`,
      requestHeaders: { ...answer.sent, authorization: MASKED },
      requestPayload: { note: 'n', password: MASKED },
      responseHeaders: headersOf({
        ...answer,
        headers: { ...answer.headers, 'set-cookie': `session=${MASKED}; Path=/` as never },
      }),
      responsePayload: { sku: 'a', count: 3, asked: 'n' },
      breadcrumbs: [step(project, 'readStock', at.readStock)],
      metadata: framework,
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: ({ body }) => ({
      responsePayload: body,
      metadata: framework,
    }),
  },
  {
    title: 'an error that the function makes a 404 of',
    call: { path: '/perhaps/none' },
    status: 404,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [step(project, 'readStock', at.readStock, error)],
      metadata: framework,
    }),
  },
  {
    title: 'an error that the function makes a 500 of',
    call: { path: '/sorry/none' },
    status: 500,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'RangeError',
      errorMessage: message,
      breadcrumbs: [step(project, 'readStock', at.readStock, error)],
      metadata: {
        ...framework,
        handled: true,
        trail: [passed(project, 'readStock', at.readStock, { sku: 'none' })],
      },
    }),
  },
  {
    title: 'an error that nobody handles',
    call: { path: '/?sku=none' },
    status: 500,
    event: ({ project, answer }) => ({
      responsePayload: answer.body,
      errorName: 'RangeError',
      errorMessage: message,
      breadcrumbs: [step(project, 'readStock', at.readStock, error)],
      metadata: {
        ...framework,
        handled: false,
        trail: [passed(project, 'readStock', at.readStock, { sku: 'none' })],
      },
    }),
    frames: [
      { functionName: 'readStock', file: 'src/stock.ts', at: 'new RangeError' },
      { file: 'src/google.ts', at: 'await readStock(String' },
    ],
  },
];

describeApplication('a function of Google Cloud', {
  app: 'apps/functions',
  args: (file) => ['serve-google.mjs', file, 'stock'],
  // A busy machine may take its time.
  environment: { NODE_ENV: 'production', REPLAYSTACK_TIMEOUT_MS: '30000' },
  bundlers: ['esbuild'],
  request: { entry: 'src/google.ts', external: ['@google-cloud/functions-framework'] },
  scenarios: all.map(({ event, ...scenario }) => ({
    ...scenario,
    ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
  })),
  pieces: { path: '/pieces', metadata: framework },
  concurrent: {
    path: (id) => `/sorry/${id}`,
    check({ errorMessage, breadcrumbs }, id) {
      expect(errorMessage).toBe(`There is no ${id}`);
      expect(outline(breadcrumbs)).toContain('readStock!');
    },
  },
});
