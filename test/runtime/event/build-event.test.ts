import { describe, expect, it } from 'vitest';
import { build } from 'unplugin-replaystack/runtime/build';
import type { EventDraft } from '../../../runtime/event/build-event.ts';
import { createEventBuilder, statusOf } from '../../../runtime/event/build-event.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';

async function built(draft: EventDraft, given: ClientOptions = {}): Promise<ReplayStackEvent> {
  const { options } = resolveOptions({ apiKey: 'k', ...given }, {});
  const masker = createMasker(options.maskFields, options.maskPatterns);
  return JSON.parse(await createEventBuilder(options, masker).build(draft)) as ReplayStackEvent;
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('an event', () => {
  it('has the keys that are known, and no others', async () => {
    const stray = { nonsense: 1, serviceName: 'other' } as EventDraft;
    expect(await built({ ...stray, endpoint: 'daily-report' })).toEqual({
      traceId: expect.stringMatching(UUID),
      eventType: 'custom',
      endpoint: 'daily-report',
      status: 'success',
      environment: 'development',
    });
  });

  it('has the trace id that was given, whatever it looks like', async () => {
    for (const traceId of ['5555555555554444', '4000000000000000006', 'Bearer abc']) {
      expect((await built({ traceId })).traceId).toBe(traceId);
    }
  });

  it('carries every field of the draft and the release', async () => {
    const draft: EventDraft = {
      traceId: 't',
      eventType: 'api',
      method: 'POST',
      endpoint: 'https://h/orders/1?a=1#x',
      requestUrl: 'https://h/orders/1?a=1',
      requestHeaders: { accept: ['a', 'b'], 'x-none': undefined },
      requestPayload: { a: 1 },
      responseHeaders: { 'content-type': 'application/json' },
      responsePayload: Buffer.from('{"ok":true}'),
      statusCode: 404,
      executionTimeMs: 1.5,
      sourceIp: '127.0.0.1',
      userAgent: 'curl',
      breadcrumbs: [{ message: 'm', category: 'c', level: 'info', metadata: { a: 1 }, timestamp: 't' }],
      logs: [{ message: 'm', level: 'error', metadata: {}, timestamp: 't' }],
      metadata: { route: '/orders/:id' },
    };
    const release = { serviceName: 's', environment: 'e', appVersion: '1', commitHash: 'c' };
    expect(await built(draft, release)).toEqual({
      ...draft,
      ...release,
      endpoint: '/orders/1',
      authMode: 'none',
      requestHeaders: { accept: ['a', 'b'] },
      responsePayload: { ok: true },
      status: 'warning',
    });
  });

  it('leaves headers out if asked to, and still tells how the request was authorised', async () => {
    const event = await built({ requestHeaders: { authorization: 'Basic eDp5' } }, { captureHeaders: false });
    expect(event).toMatchObject({ authMode: 'basic', authScheme: 'Basic' });
    expect(event).not.toHaveProperty('requestHeaders');
  });

  it('leaves logs out if asked to, and keeps the newest notes', async () => {
    const notes = [1, 2, 3].map((n) => ({
      message: `${n}`,
      category: 'c',
      level: 'error' as const,
      metadata: {},
      timestamp: '',
    }));
    expect(await built({ logs: notes }, { captureLogs: false })).not.toHaveProperty('logs');
    const event = await built({ breadcrumbs: notes, logs: notes }, { maxBreadcrumbs: 2, maxLogs: 1 });
    expect(event.breadcrumbs?.map(({ message }) => message)).toEqual(['2', '3']);
    expect(event.logs?.map(({ message }) => message)).toEqual(['3']);
  });

  it('survives a draft of wrong types', async () => {
    const draft = {
      method: {},
      endpoint: {},
      requestUrl: 2,
      statusCode: [],
      requestHeaders: 'x',
      breadcrumbs: 'x',
      logs: [null],
      metadata: 5,
      executionTimeMs: NaN,
    };
    expect(Object.keys(await built(draft as unknown as EventDraft))).toEqual([
      'traceId',
      'eventType',
      'authMode',
      'requestHeaders',
      'status',
      'environment',
      'logs',
    ]);
  });
});

describe('status', () => {
  it.each<[EventDraft, string]>([
    [{}, 'success'],
    [{ statusCode: 302 }, 'success'],
    [{ statusCode: 400 }, 'warning'],
    [{ statusCode: 499 }, 'warning'],
    [{ statusCode: 500 }, 'failed'],
    [{ error: undefined, statusCode: 200 }, 'failed'],
    [{ error: 1, status: 'pending' }, 'pending'],
  ])('of %j is %s', (draft, status) => {
    expect(statusOf(draft)).toBe(status);
  });
});

describe('payloads', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each<[string, unknown, Record<string, string>, unknown]>([
    [
      'JSON',
      '{"password":"x","a":1}',
      { 'Content-Type': 'application/json' },
      { password: '[MASKED]', a: 1 },
    ],
    ['JSON in bytes', Buffer.from('{"cvv":1}'), {}, { cvv: '[MASKED]' }],
    ['a form', 'user[password]=x&a=1', form, { 'user[password]': '[MASKED]', a: '1' }],
    [
      'broken JSON',
      '{"password":"x","a":',
      { 'content-type': 'application/json' },
      '{"password":"[MASKED]","a":',
    ],
    [
      'binary data',
      Buffer.from([0xff, 0]),
      { 'content-type': 'image/png' },
      { captured: false, reason: 'Binary body not captured' },
    ],
  ])('that arrive as %s are masked by name', async (_, requestPayload, requestHeaders, expected) => {
    const event = await built({ requestPayload, requestHeaders }, { maskPatterns: false });
    expect(event.requestPayload).toEqual(expected);
  });

  it('that are too large are cut, in whichever form they arrive', async () => {
    const text = JSON.stringify({ password: 'hunter2', list: 'x'.repeat(3000) });
    for (const requestPayload of [text, Buffer.from(text), JSON.parse(text)]) {
      const event = await built({ requestPayload }, { maxPayloadSizeBytes: 1000, maskPatterns: false });
      expect(event.requestPayload).toMatchObject({ __truncated: true, maxSizeBytes: 1000 });
      expect(JSON.stringify(event)).not.toContain('hunter2');
    }
  });

  it('are cut each for itself', async () => {
    const big = 'x'.repeat(2000);
    const event = await built(
      { requestPayload: { big }, responsePayload: { a: 1 } },
      { maxPayloadSizeBytes: 1000 },
    );
    expect(event.responsePayload).toEqual({ a: 1 });
  });
});

describe('requestUrl', () => {
  it('is masked in its query and fragment', async () => {
    const requestUrl = 'https://h/cb?api_key=a&x=1&User%5Bpassword%5D=b&token#access_token=c';
    const event = await built({ requestUrl }, { maskPatterns: false });
    expect(event.requestUrl).toBe(
      'https://h/cb?api_key=[MASKED]&x=1&User%5Bpassword%5D=[MASKED]&token#access_token=[MASKED]',
    );
  });

  it.each([
    [524_288, 8192],
    [100, 100],
  ])('is cut to the bytes allowed: of %i, %i', async (maxPayloadSizeBytes, allowed) => {
    const event = await built({ requestUrl: `https://h/?q=${'ü'.repeat(9000)}` }, { maxPayloadSizeBytes });
    expect(event.requestUrl?.endsWith('ü…')).toBe(true);
    expect(Buffer.byteLength(event.requestUrl ?? '')).toBeGreaterThan(allowed - 3);
    expect(Buffer.byteLength(event.requestUrl ?? '')).toBeLessThanOrEqual(allowed);
  });
});

describe('errors', () => {
  it('are told by name, message, stack and frames', async () => {
    const error = new TypeError('no user for Bearer abc');
    const event = await built({ error });
    expect(event).toMatchObject({
      status: 'failed',
      errorName: 'TypeError',
      errorMessage: 'no user for Bearer [MASKED]',
    });
    expect(event.stackTrace).toMatch(/^TypeError: no user for Bearer \[MASKED\]\n {4}at /);
    expect(Object.keys(event.stackFrames?.[0] ?? {}).sort()).toEqual([
      'columnNumber',
      'fileName',
      'functionName',
      'lineNumber',
      'raw',
    ]);
    expect(event.stackFrames?.[0]?.fileName).toContain('event.test.ts');
  });

  it.each<[unknown, string | undefined, string]>([
    ['text', undefined, 'text'],
    [undefined, undefined, 'undefined'],
    [null, undefined, 'null'],
    [42, undefined, '42'],
    [Symbol('s'), undefined, '"Symbol(s)"'],
    [{ code: 1, password: 'x' }, undefined, '{"code":1,"password":"[MASKED]"}'],
    [{ name: 'Custom', message: 'm' }, 'Custom', 'm'],
  ])('may be anything: %o', async (error, errorName, errorMessage) => {
    const event = await built({ error });
    expect([event.errorName, event.errorMessage, event.status]).toEqual([errorName, errorMessage, 'failed']);
    expect(event).not.toHaveProperty('stackFrames');
  });

  it('may throw when they are looked at', async () => {
    const error = new Error('x');
    for (const key of ['stack', 'name', 'message', 'cause']) {
      Object.defineProperty(error, key, {
        get: () => {
          throw new Error(key);
        },
      });
    }
    expect(await built({ error })).toMatchObject({ status: 'failed' });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(await built({ error: proxy })).toMatchObject({ status: 'failed', errorMessage: '"[Unreadable]"' });
  });

  it('are read once', async () => {
    let reads = 0;
    const error = new Error('x');
    Object.defineProperty(error, 'stack', { get: () => `Error: x\n    at f (/a.js:1:${++reads})` });
    await built({ error });
    expect(reads).toBe(1);
  });

  it('bring their causes, five deep and without cycles', async () => {
    const root = new Error('0');
    let error = root;
    for (let depth = 1; depth < 9; depth++) error = new Error(`${depth}`, { cause: error });
    const event = await built({ error, metadata: { a: 1 } });
    expect(JSON.stringify(event.metadata).match(/"message":"\d"/g)).toHaveLength(5);
    expect(event.metadata).toMatchObject({
      a: 1,
      cause: { name: 'Error', message: '7', cause: { message: '6' } },
    });
    root.cause = root;
    expect(await built({ error: root })).not.toHaveProperty('metadata');
  });

  it('bring the errors of an AggregateError', async () => {
    const error = new AggregateError([new Error('a'), new RangeError('token=b')], 'all');
    expect((await built({ error })).metadata).toMatchObject({
      errors: [{ message: 'a' }, { name: 'RangeError', message: 'token=[MASKED]' }],
    });
  });

  it('with a message of megabytes are cut', async () => {
    const event = await built({ error: new Error('x'.repeat(10_000_000)) });
    expect(event.errorMessage).toHaveLength(64 * 1024 + 1);
    expect(event.stackFrames?.length).toBeGreaterThan(0);
    expect(JSON.stringify(event).length).toBeLessThan(300_000);
  });
});

describe('metadata', () => {
  it('is cut field by field', async () => {
    const metadata = { route: '/a', big: 'x'.repeat(5000), trail: [1] };
    const event = await built({ metadata }, { maxPayloadSizeBytes: 1000 });
    expect(event.metadata).toMatchObject({ route: '/a', big: { __truncated: true } });
  });

  it('masks arguments by the names of their parameters', async () => {
    const trail = [
      { functionName: 'f', fileName: 'a.ts', lineNumber: 1, arguments: { password: 'x', id: 1 } },
    ];
    expect((await built({ metadata: { trail } })).metadata).toEqual({
      trail: [{ ...trail[0], arguments: { password: '[MASKED]', id: 1 } }],
    });
  });

  it('says that the working copy was dirty', async () => {
    build.release.dirty = true;
    try {
      expect((await built({})).metadata).toEqual({ dirty: true });
    } finally {
      delete build.release.dirty;
    }
  });
});
