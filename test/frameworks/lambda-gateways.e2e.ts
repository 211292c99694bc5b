/** Requests to a function of AWS Lambda, by each of the gateways that may stand before it: the events, whole. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import type { Expected } from '../support/e2e-event.ts';
import { checkEvent, checkFrames, MASKED, passed, requestEvent, step } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Lambda, startLambda } from '../support/lambda.ts';

const client = fileURLToPath(new URL('lambda-client.cjs', import.meta.url));

const HEADERS = {
  host: 'api.example.com',
  authorization: 'Bearer SECRET',
  cookie: 'session=SECRET',
  'content-type': 'application/json',
  'user-agent': 'curl/8',
};
const SENT = { ...HEADERS, authorization: MASKED, cookie: `session=${MASKED}` };
const BODY = { note: 'now', password: 'hunter2' };

/** What a gateway calls a function with, and what it knows beyond the request. */
interface Gateway {
  name: string;
  toEvent(path: string, route: string): object;
  /** As it is told in the event. */
  query: string;
  hasRoutes: boolean;
  /** In the URL alone. */
  stage?: string;
  /** Headers that it adds to a request. */
  headers?: Record<string, string>;
}

const multiple = (values: Record<string, string>): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

const FORWARDED = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };

const gateways: Gateway[] = [
  {
    name: 'API Gateway, HTTP',
    hasRoutes: true,
    query: `tag=a%20b&token=${MASKED}`,
    toEvent: (path, route) => ({
      version: '2.0',
      routeKey: `POST ${route}`,
      rawPath: path,
      rawQueryString: 'tag=a%20b&token=SECRET',
      cookies: ['session=SECRET'],
      headers: (({ cookie: _, ...headers }) => headers)(HEADERS),
      requestContext: { http: { method: 'POST', path, sourceIp: '192.0.2.1' } },
      body: JSON.stringify(BODY),
      isBase64Encoded: false,
    }),
  },
  {
    name: 'API Gateway, REST',
    hasRoutes: true,
    stage: '/prod',
    headers: { accept: 'text/plain, application/json' },
    query: `tag=a+b&token=${MASKED}`,
    toEvent: (path, route) => ({
      resource: route,
      path,
      httpMethod: 'POST',
      headers: { ...HEADERS, accept: 'application/json' },
      multiValueHeaders: { ...multiple(HEADERS), accept: ['text/plain', 'application/json'] },
      queryStringParameters: { tag: 'a b', token: 'SECRET' },
      multiValueQueryStringParameters: { tag: ['a b'], token: ['SECRET'] },
      requestContext: { stage: 'prod', path: `/prod${path}`, identity: { sourceIp: '192.0.2.1' } },
      body: Buffer.from(JSON.stringify(BODY)).toString('base64'),
      isBase64Encoded: true,
    }),
  },
  {
    name: 'a load balancer',
    hasRoutes: false,
    query: `tag=a%20b&token=${MASKED}`,
    headers: FORWARDED,
    toEvent: (path) => ({
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:1' } },
      httpMethod: 'POST',
      path,
      queryStringParameters: { tag: 'a%20b', token: 'SECRET' },
      headers: { ...HEADERS, ...FORWARDED },
      body: JSON.stringify(BODY),
      isBase64Encoded: false,
    }),
  },
  {
    name: 'a load balancer with several values for a header',
    hasRoutes: false,
    query: `tag=a%20b&token=${MASKED}`,
    headers: FORWARDED,
    toEvent: (path) => ({
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:1' } },
      httpMethod: 'POST',
      path,
      multiValueQueryStringParameters: multiple({ tag: 'a%20b', token: 'SECRET' }),
      multiValueHeaders: multiple({ ...HEADERS, ...FORWARDED }),
      body: JSON.stringify(BODY),
      isBase64Encoded: false,
    }),
  },
];

/** An answer in the form that the function gave it. */
interface Answer {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body: string;
}

let project: Project;
let receiver: Receiver;
let lambda: Lambda;
let without: Lambda;

beforeAll(async () => {
  project = createProject('apps/lambda');
  receiver = await startReceiver();
  const request = { entry: { api: 'src/api.ts' }, format: 'cjs' } as const;
  await build(project, 'esbuild', request);
  await build(project, 'esbuild', { ...request, outDir: 'dist-absent', plugin: 'absent' });
  const start = (file: string): Promise<Lambda> => {
    const ric = project.path('node_modules/aws-lambda-ric/bin/index.mjs');
    const environment = {
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
      // A busy machine may take its time for the first event.
      REPLAYSTACK_TIMEOUT_MS: '20000',
      REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '20000',
    };
    const args = ['--require', client, ric, `${file}.handler`];
    return startLambda(project.dir, args, environment, () => receiver.events.length);
  };
  lambda = await start('dist/api');
  without = await start('dist-absent/api');
});

afterAll(async () => {
  await lambda?.[Symbol.asyncDispose]();
  await without?.[Symbol.asyncDispose]();
  await receiver?.close();
});

const message = 'There is no order none';
const at = {
  readOrder: ['src/orders.ts', 'export async function readOrder'],
  handler: ['src/api.ts', 'async (event: Event'],
} as const;
const error = { error: `RangeError: ${message}` };

const cases: { path: string; status: number; own: () => Expected }[] = [
  {
    path: '/orders/1',
    status: 200,
    own: () => ({ breadcrumbs: [step(project, 'readOrder', at.readOrder)] }),
  },
  { path: '/nowhere/1', status: 404, own: () => ({}) },
  {
    path: '/perhaps/none',
    status: 404,
    own: () => ({ breadcrumbs: [step(project, 'readOrder', at.readOrder, error)] }),
  },
  {
    path: '/sorry/none',
    status: 500,
    own: () => ({
      errorName: 'RangeError',
      errorMessage: message,
      breadcrumbs: [step(project, 'readOrder', at.readOrder, error)],
      metadata: { handled: true, trail: [passed(project, 'readOrder', at.readOrder, { id: 'none' })] },
    }),
  },
];

describe.each(gateways)('$name', ({ toEvent, query, hasRoutes, stage = '', headers = {} }) => {
  /** The event of a request to this gateway, given what is its own. */
  function eventOf(path: string, answer: Answer, own: Expected, failure: object = {}): object {
    const visit = {
      status: answer.statusCode,
      headers: headersOf(answer) as {},
      body: '',
      sent: {},
      tookMs: 0,
    };
    return requestEvent(project, 'https://api.example.com', { method: 'POST', path }, visit, {
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestUrl: `https://api.example.com${stage}${path}?${query}`,
      requestHeaders: { ...SENT, ...headers },
      requestPayload: { note: 'now', password: MASKED },
      responsePayload: JSON.parse(answer.body),
      sourceIp: '192.0.2.1',
      userAgent: 'curl/8',
      ...own,
      breadcrumbs: [step(project, 'handler', at.handler, failure), ...((own.breadcrumbs ?? []) as unknown[])],
      metadata: {
        framework: 'aws-lambda',
        ...(hasRoutes && { route: routeOf(path) }),
        functionName: 'orders',
        awsRequestId: expect.any(String),
        ...(own.metadata as object),
      },
    });
  }

  test.each(cases)('$path is $status', async ({ path, status, own }) => {
    const request = toEvent(path, routeOf(path));
    const before = receiver.events.length;
    const { body, ...answered } = await lambda.invoke(request);
    const answer = JSON.parse(body) as Answer;
    expect(answered).toMatchObject({ kind: 'response', seen: before + 1 });
    expect(answer.statusCode).toBe(status);
    const traceId = headersOf(answer)['x-trace-id'];
    expect(withoutTraceId(answer)).toEqual(JSON.parse((await without.invoke(request)).body));
    const event = receiver.events.at(-1) as ReplayStackEvent;
    expect(event.traceId).toBe(traceId);
    checkEvent(event, eventOf(path, answer, own()));
  });

  test('a bug that nobody handles', async () => {
    const request = toEvent('/orders/none', '/orders/{id}');
    const before = receiver.events.length;
    const { kind, seen, body } = await lambda.invoke(request);
    expect({ kind, seen }).toEqual({ kind: 'error', seen: before + 1 });
    expect(JSON.parse(body)).toMatchObject({ errorType: 'RangeError', errorMessage: message });
    const event = receiver.events.at(-1) as ReplayStackEvent;
    const own = {
      traceId: expect.any(String),
      status: 'failed',
      statusCode: undefined,
      responseHeaders: undefined,
      responsePayload: undefined,
      errorName: 'RangeError',
      errorMessage: message,
      breadcrumbs: [step(project, 'readOrder', at.readOrder, error)],
      metadata: {
        handled: false,
        trail: [
          passed(project, 'readOrder', at.readOrder, { id: 'none' }),
          passed(project, 'handler', at.handler),
        ],
      },
    };
    checkEvent(event, eventOf('/orders/none', { statusCode: 500, body: '{}' }, own, error));
    const frames = [
      { functionName: 'readOrder', file: 'src/orders.ts', at: 'new RangeError', exact: true },
      { file: 'src/api.ts', at: 'await readOrder(id));\n  if' },
    ];
    checkFrames(project, event, frames);
  });
});

function routeOf(path: string): string {
  return path.replace(/[^/]+$/, '{id}');
}

/** What a client is answered, as its gateway makes it of what the function gave; secrets of cookies are masked in an event. */
function headersOf({ headers, multiValueHeaders, cookies }: Answer): Record<string, unknown> {
  const all = { ...headers, ...multiValueHeaders, ...(cookies && { 'set-cookie': cookies }) };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => {
      const values = [value]
        .flat()
        .map((text) => (/^set-cookie$/i.test(name) ? text.replace(/=\w+/, `=${MASKED}`) : text));
      return [name.toLowerCase(), values.length === 1 ? values[0] : values];
    }),
  );
}

function withoutTraceId({ headers, multiValueHeaders, ...answer }: Answer): Answer {
  const without = (record: object): object =>
    Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'x-trace-id'));
  return {
    ...answer,
    ...(headers && { headers: without(headers) as {} }),
    ...(multiValueHeaders && { multiValueHeaders: without(multiValueHeaders) as {} }),
  };
}
