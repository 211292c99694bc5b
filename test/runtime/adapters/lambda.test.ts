/** AWS Lambda: what is told of each kind of event, what is left as it is, and what the runtime gets. */
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { honoApp, honoHandler } from '../../../runtime/adapters/hono.ts';
import { lambdaHandler } from '../../../runtime/adapters/lambda.ts';
import { runNodeRequest } from '../../../runtime/adapters/node-http.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

function context(remaining = 10_000): { awsRequestId: string; getRemainingTimeInMillis: () => number } {
  return { awsRequestId: 'r1', getRemainingTimeInMillis: () => remaining };
}

const REST = {
  resource: '/orders/{id}',
  path: '/orders/1',
  httpMethod: 'POST',
  headers: { Host: 'api.example.com', 'X-Trace-Id': 'trace-1' },
  multiValueHeaders: { Accept: ['a', 'b'] },
  multiValueQueryStringParameters: { tag: ['x', 'y'] },
  requestContext: { identity: { sourceIp: '192.0.2.1' } },
  body: Buffer.from('{"password":"p","n":"ü"}').toString('base64'),
  isBase64Encoded: true,
};

const ALB = {
  requestContext: { elb: { targetGroupArn: 'arn' } },
  httpMethod: 'GET',
  path: '/x',
  queryStringParameters: { a: '1' },
  headers: { host: 'lb', 'x-forwarded-proto': 'http', 'x-forwarded-for': '192.0.2.2, 10.0.0.1' },
};

describe('a request', () => {
  it('that Hono answers has its name and route', async () => {
    const app = honoApp(new Hono());
    app.use('*', async ({ req }, next) => {
      if (req.method === 'GET') return new Response('closed', { status: 403 });
      return await next();
    });
    app.post(
      '/orders/:id',
      honoHandler(app, async (context) => context.json(await context.req.json())),
    );
    app.get('/:what', (context) => context.text('never'));
    const handler = lambdaHandler('handler', '', handle(app) as unknown as (...args: unknown[]) => unknown);
    await handler(REST, context());
    await handler(ALB, context());
    expect(test.receiver.accepted()).toMatchObject([
      { requestPayload: { n: 'ü' }, metadata: { framework: 'hono', route: '/orders/:id' } },
      { statusCode: 403, metadata: { framework: 'hono', route: '/:what' } },
    ]);
  });

  it('of a REST API', async () => {
    const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => ({
      statusCode: 404,
      headers: { etag: '1' },
      body: 'none',
    }));
    const result = await handler(REST, context());
    expect(result.headers).toEqual({ etag: '1', 'x-trace-id': 'trace-1' });
    expect(test.receiver.accepted()).toMatchObject([
      {
        traceId: 'trace-1',
        method: 'POST',
        endpoint: '/orders/1',
        requestUrl: 'https://api.example.com/orders/1?tag=x&tag=y',
        requestHeaders: { accept: 'a, b' },
        requestPayload: { password: '[MASKED]', n: 'ü' },
        sourceIp: '192.0.2.1',
        status: 'warning',
        statusCode: 404,
        responsePayload: 'none',
        metadata: { route: '/orders/{id}', awsRequestId: 'r1' },
      },
    ]);
  });

  it('of a load balancer', async () => {
    const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => ({ statusCode: 200 }));
    expect(await handler(ALB, context())).toHaveProperty('headers');
    expect(test.receiver.accepted()).toMatchObject([
      { requestUrl: 'http://lb/x?a=1', sourceIp: '192.0.2.2', statusCode: 200 },
    ]);
  });

  it('that is handed to a framework of Node is one event, with what that knows', async () => {
    const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => {
      const response = { setHeader() {}, end() {}, on() {}, getHeaders: () => ({}) };
      return runNodeRequest({ url: '/x', headers: {} }, response as never, 'express', () => ({
        statusCode: 200,
      }));
    });
    await handler(ALB, context());
    expect(test.receiver.accepted()).toMatchObject([{ endpoint: '/x', metadata: { framework: 'express' } }]);
  });

  it.each([
    ['has no status', { id: 1 }],
    ['has no headers where they should be', { statusCode: 200, headers: 'a: b' }],
    ['has one already among several', { statusCode: 200, multiValueHeaders: { 'X-Trace-Id': ['own'] } }],
    ['has one already', { statusCode: 200, headers: { 'X-Trace-Id': 'own' } }],
    ['writes itself', { statusCode: 200, toJSON: () => 1 }],
    ['is none', undefined],
  ])('whose answer %s has no trace id added', async (_, answer) => {
    const handler = lambdaHandler('handler', '', async (_event: unknown, _context: unknown) => answer);
    expect(await handler(ALB, context())).toBe(answer);
    expect(test.receiver.accepted()).toHaveLength(1);
  });
});

it.each([
  [
    'queue',
    'topic',
    { Records: [{ EventSource: 'aws:sns', Sns: { TopicArn: 'arn:topic', MessageId: 'm' } }] },
  ],
  ['custom', 'bucket', { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'bucket' } } }] }],
  [
    'custom',
    'notes',
    { Records: [{ eventSource: 'aws:dynamodb', eventSourceARN: 'arn:table/notes/stream/1' }] },
  ],
  ['custom', 'lambda', { type: 'REQUEST', methodArn: 'arn', httpMethod: 'GET', path: '/x' }],
  ['custom', 'lambda', null],
])('%s %s', async (eventType, endpoint, event) => {
  const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => 'done');
  expect(await handler(event, context())).toBe('done');
  expect(test.receiver.accepted()).toMatchObject([{ eventType, endpoint, responsePayload: 'done' }]);
});

describe('what stays as it is', () => {
  it('calls with anything else than a context', async () => {
    const handler = lambdaHandler('handler', '', (...args: unknown[]) => args);
    const args = [{ httpMethod: 'GET', path: '/' }, { awsRequestId: 1 }];
    expect(handler(...args)).toEqual(args);
    expect(handler()).toEqual([]);
    expect(await test.events()).toEqual([]);
  });

  it('a handler without a client', async () => {
    forgetClient();
    const result = { statusCode: 200 };
    const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => result);
    expect(await handler(ALB, context())).toBe(result);
  });

  it('the length, and what is no promise', async () => {
    const handler = lambdaHandler('handler', '', (_: unknown, __: unknown, ___: unknown) => 1);
    expect([handler.length, handler({}, context(), undefined)]).toEqual([3, 1]);
    expect(await test.events()).toHaveLength(1);
  });

  it('the error', async () => {
    const error = new Error('no');
    const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => {
      throw error;
    });
    await expect(handler({}, context())).rejects.toBe(error);
    expect(test.receiver.accepted()).toMatchObject([{ status: 'failed', errorMessage: 'no' }]);
  });
});

it('a callback is called once its event is out, as it was', async () => {
  const handler = lambdaHandler(
    'handler',
    '',
    (_: unknown, __: unknown, done: (...args: unknown[]) => void) => done(null, 'value'),
  );
  const [args, count] = await new Promise<[unknown[], number]>((resolve) =>
    handler({}, context(), (...args: unknown[]) => resolve([args, test.receiver.accepted().length])),
  );
  expect([args, count]).toEqual([[null, 'value'], 1]);
});

it('waits for no longer than there is time', async () => {
  test.receiver.answer = () => 'hang';
  const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => 1);
  const began = performance.now();
  expect(await handler({}, context(400))).toBe(1);
  expect(await handler({}, context(100))).toBe(1);
  expect(performance.now() - began).toBeLessThan(1000);
});

it('waits for events that would wait for others', async () => {
  await using batching = await startRuntime({ batchFlushIntervalMs: 60_000 });
  const handler = lambdaHandler('handler', '', async (_: unknown, __: unknown) => 1);
  await handler({}, context());
  expect(batching.receiver.accepted()).toHaveLength(1);
});
