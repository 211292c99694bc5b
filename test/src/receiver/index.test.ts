/** The local receiver speaks the ingestion API's wire, and refuses what a strict server would refuse. */
import { gzipSync } from 'node:zlib';
import fc from '../../support/properties.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../../src/receiver/index.ts';
import { validateEvent } from '../../../src/receiver/validate-event.ts';

const KEY = 'rs_test_key';
const SINGLE = '/api/v1/ingest/events';
const BULK = '/api/v1/ingest/bulk-events';
const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/;

const smallest: ReplayStackEvent = { traceId: 'trace-1', eventType: 'custom', status: 'success' };

const complete: ReplayStackEvent = {
  traceId: '7f0e3c1e-8f0b-4a6e-9d52-2b1f1f0c8a11',
  eventType: 'api',
  method: 'POST',
  endpoint: '/orders',
  requestUrl: 'https://api.example.com/orders?ref=email',
  authMode: 'bearer',
  authScheme: 'Bearer',
  requestHeaders: { authorization: '[MASKED]', accept: ['a', 'b'], 'content-length': 12 },
  requestPayload: { items: [1, 2] },
  responseHeaders: { 'content-type': 'application/json' },
  responsePayload: null,
  status: 'failed',
  statusCode: 500,
  executionTimeMs: 12.5,
  errorName: 'TypeError',
  errorMessage: '',
  stackTrace: 'TypeError\n    at place (/app/server.js:1:2)',
  stackFrames: [
    {
      functionName: 'place',
      fileName: 'src/orders.ts',
      lineNumber: 18,
      columnNumber: 3,
      raw: 'at place (/app/server.js:1:2)',
    },
    { functionName: null, fileName: null, lineNumber: null, columnNumber: null, raw: 'at <anonymous>' },
  ],
  breadcrumbs: [
    {
      message: 'HTTP request started',
      category: 'http',
      level: 'info',
      metadata: {},
      timestamp: '2026-11-23T17:00:00.000Z',
    },
  ],
  serviceName: 'orders-api',
  environment: 'production',
  appVersion: '2.4.1',
  commitHash: 'a7f91c',
  sourceIp: '127.0.0.1',
  userAgent: 'curl/8',
  logs: [{ level: 'error', message: 'failed', metadata: { code: 1 }, timestamp: '2026-11-23T17:00:00.000Z' }],
  metadata: {
    route: '/orders',
    framework: 'express',
    handled: false,
    dirty: true,
    debugIds: { 'server.js': '85314830-023f-4cf1-a267-535f4e37bb17' },
    trail: [
      {
        functionName: 'place',
        fileName: 'src/orders.ts',
        lineNumber: 12,
        arguments: { card: { cvv: '[MASKED]' } },
      },
    ],
    tenant: 'anything of the user',
  },
};

const open: Receiver[] = [];

async function start(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await startReceiver(options);
  open.push(receiver);
  return receiver;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

interface Sent {
  status: number;
  json: unknown;
}

async function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = { 'x-tracereplay-api-key': KEY },
): Promise<Sent> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, json: await response.json() };
}

function send({ url }: Receiver, event: unknown, headers?: Record<string, string>): Promise<Sent> {
  return post(url + SINGLE, JSON.stringify(event), headers);
}

describe('the wire', () => {
  it('accepts an event and answers with an id', async () => {
    const receiver = await start({ apiKey: KEY });
    expect(await send(receiver, complete)).toEqual({
      status: 200,
      json: { success: true, message: 'Event accepted', data: { eventId: expect.stringMatching(UUID) } },
    });
    expect(receiver.events).toEqual([complete]);
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: SINGLE, status: 200, body: JSON.stringify(complete) },
    ]);
  });

  it('accepts 1 to 100 events in bulk, all or none of them', async () => {
    const receiver = await start({ apiKey: KEY });
    const bulk = (events: unknown): Promise<Sent> => post(receiver.url + BULK, JSON.stringify({ events }));

    const accepted = await bulk([smallest, complete]);
    expect(accepted.status).toBe(200);
    expect(accepted.json).toMatchObject({
      success: true,
      data: { eventIds: [expect.any(String), expect.any(String)] },
    });
    expect(receiver.events).toEqual([smallest, complete]);

    const refused = await bulk([smallest, { ...smallest, status: 'fine' }]);
    expect(refused).toEqual({
      status: 400,
      json: {
        success: false,
        message: 'events[1]: status must be one of success, failed, warning, pending, not "fine"',
      },
    });
    expect(await bulk([])).toMatchObject({
      status: 400,
      json: { message: 'events must have 1 to 100 entries, not 0' },
    });
    expect(await bulk(Array.from({ length: 101 }, () => smallest))).toMatchObject({ status: 400 });
    expect(await bulk(smallest)).toMatchObject({ status: 400 });
    expect(receiver.events).toHaveLength(2);
  });

  it.each([
    ['the canonical header', { 'x-tracereplay-api-key': KEY }, 200],
    ['the older header', { 'x-replaystack-api-key': KEY }, 200],
    ['both', { 'x-tracereplay-api-key': KEY, 'x-replaystack-api-key': KEY }, 200],
    ['none', {}, 401],
    ['an empty one', { 'x-tracereplay-api-key': '' }, 401],
    ['a wrong one', { 'x-tracereplay-api-key': 'other' }, 401],
    ['two that differ', { 'x-tracereplay-api-key': KEY, 'x-replaystack-api-key': 'other' }, 401],
  ])('knows the api key: %s', async (_name, headers: Record<string, string>, status) => {
    const sent = await send(await start({ apiKey: KEY }), smallest, headers);
    expect(sent.status).toBe(status);
    if (status === 401) expect(sent.json).toEqual({ success: false, message: 'Invalid API key' });
  });

  it('takes any key when it was given none, but not no key', async () => {
    const receiver = await start();
    expect(await send(receiver, smallest)).toMatchObject({ status: 200 });
    expect(await send(receiver, smallest, {})).toMatchObject({ status: 401 });
  });

  it('accepts gzip', async () => {
    const receiver = await start();
    const packed = { 'x-tracereplay-api-key': KEY, 'content-encoding': 'gzip' };
    const text = JSON.stringify(complete);
    expect(await post(receiver.url + SINGLE, gzipSync(text), packed)).toMatchObject({ status: 200 });
    expect(receiver.requests[0]?.body).toBe(text);

    expect(await post(receiver.url + SINGLE, text, packed)).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('no gzip') },
    });
    expect(await post(receiver.url + SINGLE, text, { ...packed, 'content-encoding': 'br' })).toMatchObject({
      status: 415,
    });
  });

  it('refuses what is no JSON, whatever it is called', async () => {
    const receiver = await start();
    expect(await post(receiver.url + SINGLE, '{"traceId"')).toMatchObject({ status: 400 });
    const plain = { 'x-tracereplay-api-key': KEY, 'content-type': 'text/plain' };
    expect(await post(receiver.url + SINGLE, JSON.stringify(smallest), plain)).toEqual({
      status: 400,
      json: { success: false, message: 'content-type must be application/json, not text/plain' },
    });
    expect(receiver.events).toEqual([]);
  });

  it('names what is wrong, but not without end', async () => {
    const receiver = await start();
    const keys = Array.from({ length: 25 }, (_, index) => [`extra${index}`, 1]);
    const { status } = await send(receiver, { ...smallest, ...Object.fromEntries(keys) });
    expect(status).toBe(400);
    expect(receiver.requests[0]?.message).toMatch(/^extra0 is not a key of the contract; .*; and 5 more$/);
  });

  it('has nothing at other paths and for other methods', async () => {
    const receiver = await start();
    expect(await post(`${receiver.url}/api/v1/ingest`, '{}')).toMatchObject({
      status: 404,
      json: { success: false },
    });
    const got = await fetch(receiver.url + SINGLE);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('does not start where something else listens', async () => {
    const { url } = await start();
    await expect(startReceiver({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it('can play a server that is down, old or gone', async () => {
    const answers = [{ status: 503, headers: { 'retry-after': '1' } }, 'hang up' as const, undefined];
    const receiver = await start({ intercept: () => answers.shift() });
    const first = await fetch(receiver.url + SINGLE, { method: 'POST', body: '{}' });
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
    await expect(send(receiver, smallest)).rejects.toThrow();
    expect(await send(receiver, smallest)).toMatchObject({ status: 200 });
    expect(receiver.requests.map(({ status }) => status)).toEqual([503, 0, 200]);
  });
});

describe('waitFor', () => {
  it('resolves with events that came before or come after', async () => {
    const receiver = await start();
    const later = Promise.all([receiver.waitFor(2), receiver.waitFor(({ status }) => status === 'failed')]);
    await send(receiver, smallest);
    expect(await receiver.waitFor(1)).toEqual([smallest]);
    await send(receiver, complete);
    expect(await later).toEqual([[smallest, complete], complete]);
    expect(await receiver.waitFor(({ traceId }) => traceId === smallest.traceId)).toEqual(smallest);
  });

  it('rejects with what did arrive', async () => {
    const receiver = await start();
    await expect(receiver.waitFor(1, 1)).rejects.toThrow('Waited 1 ms for 1 events; no event arrived');
    await send(receiver, complete);
    await expect(receiver.waitFor(() => false, 1)).rejects.toThrow('  api POST /orders 500 TypeError');
  });

  it('rejects when the receiver closes, which may be twice', async () => {
    const receiver = await start();
    const waiting = expect(receiver.waitFor(1)).rejects.toThrow('The receiver was closed');
    await receiver.close();
    await receiver.close();
    await waiting;
  });
});

describe('validateEvent', () => {
  it('has nothing to say about the smallest and the fullest event', () => {
    expect(validateEvent(smallest)).toEqual([]);
    expect(validateEvent(complete)).toEqual([]);
  });

  it.each([null, [], 'event', 7])('wants an object: %j', (value) => {
    expect(validateEvent(value)).toEqual([expect.stringMatching(/^The event must be an object, not /)]);
  });

  it('wants the three keys without which there is no event', () => {
    expect(validateEvent({})).toEqual(['traceId is missing', 'eventType is missing', 'status is missing']);
  });

  it('names every key that the contract does not know', () => {
    const known = new Set(Object.keys(complete));
    fc.assert(
      fc.property(
        fc.string().filter((key) => !known.has(key)),
        fc.jsonValue(),
        (key, value) => {
          // Through JSON, as over the wire: there, even __proto__ is a key like any other.
          const event: unknown = JSON.parse(
            `{${JSON.stringify(key)}:${JSON.stringify(value)},${JSON.stringify(complete).slice(1)}`,
          );
          expect(validateEvent(event)).toEqual([`${key} is not a key of the contract`]);
        },
      ),
    );
  });

  it('accepts any JSON value as a payload', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (requestPayload, responsePayload) => {
        expect(validateEvent({ ...complete, requestPayload, responsePayload })).toEqual([]);
      }),
    );
  });

  it('names the field that has a value of the wrong type', () => {
    const typed = Object.keys(complete).filter((key) => !key.endsWith('Payload'));
    fc.assert(
      fc.property(fc.constantFrom(...typed), fc.constantFrom(null, true, -1, [[]], {}, ''), (key, value) => {
        const right = complete[key as keyof ReplayStackEvent];
        const sameType =
          typeof value === typeof right && value !== null && Array.isArray(value) === Array.isArray(right);
        fc.pre(!sameType || typeof value === 'number');
        const problems = validateEvent({ ...complete, [key]: value });
        expect(problems).not.toEqual([]);
        for (const problem of problems) expect(problem.startsWith(key)).toBe(true);
      }),
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ eventType: 'http' }, 'eventType must be one of api, queue, webhook, custom, cron, not "http"'],
    [
      { authMode: 'apikey' },
      'authMode must be one of bearer, basic, api_key, cookie, other, none, not "apikey"',
    ],
    [{ method: 'post' }, 'method must be an upper-case method, not "post"'],
    [
      { endpoint: '/orders?id=1' },
      'endpoint must be a path without host, query or fragment, not "/orders?id=1"',
    ],
    [{ endpoint: 'https://a.example/orders' }, 'endpoint must be a path without host'],
    [{ requestUrl: '/orders' }, 'requestUrl must be an absolute http(s) URL'],
    [
      { requestUrl: `http://a.example/${'a'.repeat(8192)}` },
      'requestUrl must be an absolute http(s) URL of at most 8192',
    ],
    [{ statusCode: '500' }, 'statusCode must be a whole number from 100 to 999, not "500"'],
    [{ executionTimeMs: -1 }, 'executionTimeMs must be a number from 0, not -1'],
    [
      { requestHeaders: { host: null } },
      'requestHeaders.host must be a string, a number or an array of strings, not null',
    ],
    [{ requestPayload: { __truncated: true } }, 'requestPayload.originalSizeBytes is missing'],
    [
      { stackFrames: [{ ...complete.stackFrames?.[0], column: 1 }] },
      'stackFrames[0].column is not a key of the contract',
    ],
    [
      { stackFrames: [{ ...complete.stackFrames?.[0], lineNumber: 0 }] },
      'stackFrames[0].lineNumber must be a whole number from 1',
    ],
    [
      { breadcrumbs: [{ ...complete.breadcrumbs?.[0], level: 'warn' }] },
      'breadcrumbs[0].level must be one of',
    ],
    [
      { breadcrumbs: [{ ...complete.breadcrumbs?.[0], timestamp: '2026-02-30T00:00:00Z' }] },
      'breadcrumbs[0].timestamp must be',
    ],
    [
      { logs: [{ ...complete.logs?.[0], timestamp: 1_764_000_000_000 }] },
      'logs[0].timestamp must be an ISO 8601 time in UTC',
    ],
    [
      { logs: [{ level: 'error', message: 'x', timestamp: '2026-11-23T17:00:00Z' }] },
      'logs[0].metadata is missing',
    ],
    [
      { metadata: { trail: [{ functionName: 'f', fileName: 'a.ts', lineNumber: 1, arguments: [] }] } },
      'metadata.trail[0].arguments must be an object, not an array',
    ],
    [{ metadata: { handled: 'no' } }, 'metadata.handled must be true or false, not "no"'],
  ])('says what is wrong with %j', (change, problem) => {
    const problems = validateEvent({ ...complete, ...change });
    expect(problems.join('\n')).toContain(problem);
  });

  it('accepts a marker where headers or a payload were too large, and the name of a job as its endpoint', () => {
    const cut = { __truncated: true, originalSizeBytes: 600_000, maxSizeBytes: 524_288, preview: '{"a":' };
    expect(validateEvent({ ...complete, requestHeaders: cut, responsePayload: cut })).toEqual([]);
    expect(validateEvent({ ...smallest, endpoint: 'daily-report-job' })).toEqual([]);
  });
});
