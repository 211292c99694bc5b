/** AWS Lambda's own runtime with functions that esbuild has built: what is sent is out before the process is frozen. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { checkEvent, outline, step } from '../support/e2e-event.ts';
import { jobEvent } from '../support/e2e-job.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Lambda, startLambda } from '../support/lambda.ts';

const KEY = 'rs_live_lambda';
const client = fileURLToPath(new URL('lambda-client.cjs', import.meta.url));

let project: Project;
let receiver: Receiver;
let delay = 0;
let down = false;

beforeAll(async () => {
  project = createProject('apps/lambda');
  receiver = await startReceiver({
    apiKey: KEY,
    async intercept() {
      await new Promise((resolve) => setTimeout(resolve, delay));
      return down ? 'hang up' : undefined;
    },
  });
  for (const format of ['esm', 'cjs'] as const) {
    const entry = Object.fromEntries(
      ['index', 'declared', 'stream', ...(format === 'cjs' ? ['callback'] : [])].map((name) => [
        name,
        `src/${name}.ts`,
      ]),
    );
    await build(project, 'esbuild', { entry, format, outDir: format });
  }
});

afterAll(() => receiver.close());

function start(file: string, environment: Record<string, string> = {}): Promise<Lambda> {
  const ric = project.path('node_modules/aws-lambda-ric/bin/index.mjs');
  const args = ['--require', client, ric, `${file}.handler`];
  // A busy machine may take its time for the first event.
  const patient = { REPLAYSTACK_TIMEOUT_MS: '20000', REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '20000' };
  const own = {
    REPLAYSTACK_API_KEY: KEY,
    REPLAYSTACK_ENDPOINT: receiver.url,
    ...patient,
    ...environment,
  };
  return startLambda(project.dir, args, own, () => receiver.events.length);
}

/** Of what is no request. */
const metadata = {
  framework: 'aws-lambda',
  awsRequestId: expect.any(String) as unknown,
  functionName: 'orders',
};

/** Lambda says nothing of an environment. */
const common = (project: Project): object => ({
  environment: 'development',
  breadcrumbs: [step(project, 'handler', ['src/index.ts', 'async (event: Event'])],
});

/** Of an HTTP API. */
function get(id: string, more: object = {}): object {
  return {
    version: '2.0',
    routeKey: 'GET /orders/{id}',
    rawPath: `/orders/${id}`,
    rawQueryString: 'token=SECRET&page=2',
    cookies: ['session=SECRET'],
    headers: { host: 'api.example.com', authorization: 'Bearer SECRET', 'user-agent': 'curl/8' },
    requestContext: { http: { method: 'GET', path: `/orders/${id}`, sourceIp: '192.0.2.1' } },
    pathParameters: { id },
    isBase64Encoded: false,
    ...more,
  };
}

describe.each(['esm/index', 'cjs/index'])('%s', (file) => {
  let lambda: Lambda;

  beforeAll(async () => {
    lambda = await start(file);
  });

  afterAll(() => lambda[Symbol.asyncDispose]());

  test('a request, whose event is there before the answer', async () => {
    const before = receiver.events.length;
    const { kind, body, seen } = await lambda.invoke(get('1'));
    expect([kind, seen]).toEqual(['response', before + 1]);
    const event = receiver.events.at(-1);
    const answer = JSON.parse(body) as { statusCode: number; headers: Record<string, string>; body: string };
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'x-trace-id': event?.traceId },
      body: '{"id":"1","total":30,"token":"SECRET"}',
    });
    expect(event).toMatchObject({
      eventType: 'api',
      method: 'GET',
      endpoint: '/orders/1',
      requestUrl: 'https://api.example.com/orders/1?token=[MASKED]&page=2',
      authMode: 'bearer',
      responsePayload: { id: '1', total: 30, token: '[MASKED]' },
      status: 'success',
      statusCode: 200,
      sourceIp: '192.0.2.1',
      userAgent: 'curl/8',
      commitHash: project.commit,
      metadata: { framework: 'aws-lambda', route: '/orders/{id}', functionName: 'orders' },
    });
    expect(JSON.stringify(event)).not.toContain('SECRET');
    expect(outline(event?.breadcrumbs)).toContain('readOrder');
  });

  test('a failure', async () => {
    const before = receiver.events.length;
    const { kind, body, seen } = await lambda.invoke(get('none'));
    expect([kind, seen]).toEqual(['error', before + 1]);
    expect(JSON.parse(body)).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'There is no order none',
    });
    expect(receiver.events.at(-1)).toMatchObject({
      status: 'failed',
      errorName: 'RangeError',
      metadata: { handled: false, trail: [{ functionName: 'readOrder', arguments: { id: 'none' } }, {}] },
    });
    expect(receiver.events.at(-1)?.stackFrames?.[0]).toMatchObject({
      functionName: 'readOrder',
      fileName: 'src/orders.ts',
      lineNumber: 6,
    });
  });

  test('messages of a queue, of which one is to come again', async () => {
    const records = ['good', 'bad'].map((body, index) => ({
      messageId: `m${index}`,
      body,
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:1:refunds',
    }));
    const { body, seen } = await lambda.invoke({ Records: records });
    const answer: unknown = JSON.parse(body);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(seen).toBe(receiver.events.length);
    checkEvent(
      receiver.events.at(-1) as ReplayStackEvent,
      jobEvent(project, {
        ...common(project),
        eventType: 'queue',
        endpoint: 'refunds',
        status: 'warning',
        requestPayload: { Records: records },
        responsePayload: answer,
        metadata: { ...metadata, source: 'aws:sqs', records: 2, messageIds: ['m0', 'm1'] },
      }),
    );
  });

  test.each([
    [
      'cron',
      'nightly',
      {
        'detail-type': 'Scheduled Event',
        resources: ['arn:aws:events:eu-west-1:1:rule/nightly'],
      },
    ],
    ['custom', 'Order Placed', { 'detail-type': 'Order Placed', detail: {} }],
    ['custom', 'orders', { any: 'thing' }],
  ])('%s %s', async (eventType, endpoint, event) => {
    const { body } = await lambda.invoke(event);
    const answer: unknown = JSON.parse(body);
    expect(answer).toEqual({ done: expect.any(String) });
    checkEvent(
      receiver.events.at(-1) as ReplayStackEvent,
      jobEvent(project, {
        ...common(project),
        eventType,
        endpoint,
        requestPayload: event,
        responsePayload: answer,
        metadata,
      }),
    );
  });
});

test('a function that is declared', async () => {
  await using lambda = await start('esm/declared');
  const { body, seen } = await lambda.invoke(get('1'));
  expect(JSON.parse(body)).toMatchObject({ statusCode: 201, headers: { 'x-trace-id': expect.any(String) } });
  expect(seen).toBe(receiver.events.length);
  expect(receiver.events.at(-1)).toMatchObject({ statusCode: 201, endpoint: '/orders/1' });
});

test('a callback is called when the event is out', async () => {
  await using lambda = await start('cjs/callback');
  for (const id of ['1', 'none', '1']) {
    const before = receiver.events.length;
    const { kind, seen } = await lambda.invoke(get(id));
    expect([kind, seen]).toEqual([id === '1' ? 'response' : 'error', before + 1]);
    expect(receiver.events.at(-1)).toMatchObject({ endpoint: `/orders/${id}` });
  }
});

test('an answer that is streamed passes through', async () => {
  await using lambda = await start('esm/stream');
  expect(await lambda.invoke({})).toMatchObject({ kind: 'response', body: 'first ' });
});

describe('a receiver that does not answer', () => {
  beforeAll(() => {
    delay = 10_000;
  });
  afterAll(() => {
    delay = 0;
  });

  test('holds an answer up for as long as it may, or as long as the function has', async () => {
    await using lambda = await start('esm/index', { REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '4000' });
    await lambda.invoke(get('1'), 400);
    // Without a limit it would be four seconds.
    const short = await lambda.invoke(get('1'), 700);
    expect(short).toMatchObject({ kind: 'response' });
    expect(short.ms).toBeLessThan(3900);
    const long = await lambda.invoke(get('1'));
    expect(long.ms).toBeGreaterThan(3500);
    expect(long.ms).toBeLessThan(9500);
  });
});

test('a receiver that cannot be reached changes nothing', async () => {
  down = true;
  await using lambda = await start('esm/index');
  const answers = [await lambda.invoke(get('1')), await lambda.invoke(get('none'))];
  down = false;
  expect(answers.map(({ kind }) => kind)).toEqual(['response', 'error']);
});

test('without a key nothing is captured', async () => {
  await using lambda = await start('esm/index', { REPLAYSTACK_API_KEY: '' });
  const { body } = await lambda.invoke(get('1'));
  expect(JSON.parse(body)).toHaveProperty('headers', { 'content-type': 'application/json' });
});
