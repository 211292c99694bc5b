import { afterEach, describe, expect, it, vi } from 'vitest';
import { ReplayStackClient } from '../../runtime/client.ts';
import type { ClientOptions } from '../../runtime/options/resolve-options.ts';
import type { Breadcrumb } from '../../runtime/protocol.ts';
import { createScope, runInScope } from '../../runtime/scope.ts';
import { runtime } from '../../runtime/state.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';

/** A client that waits for its sends, and its receiver. */
async function start(
  options: ClientOptions = {},
): Promise<AsyncDisposable & { receiver: Receiver; client: ReplayStackClient; errors: string[] }> {
  const receiver = await startReceiver();
  const errors: string[] = [];
  const client = new ReplayStackClient({
    apiKey: 'rs_test',
    endpoint: receiver.url,
    asyncSend: false,
    onError: ({ message }) => void errors.push(message),
    ...options,
  });
  const dispose = async (): Promise<void> => {
    await client.close(0);
    await receiver[Symbol.asyncDispose]();
  };
  return { receiver, client, errors, [Symbol.asyncDispose]: dispose };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the constructor', () => {
  it('throws without an API key, and says how to give one', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    expect(() => new ReplayStackClient()).toThrow(/`apiKey`.*REPLAYSTACK_API_KEY/);
  });

  it('takes the key from the environment', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    expect(new ReplayStackClient().options.apiKey).toBe('rs_env');
  });

  it('makes the client the one that instrumented code reports to, until it is closed', async () => {
    const client = new ReplayStackClient({ apiKey: 'k' });
    expect(runtime().client).toBe(client);
    await client.close();
    expect(runtime().client).toBeNull();
    void new ReplayStackClient({ apiKey: 'k' });
    void new ReplayStackClient({ apiKey: 'k', enabled: false });
    expect(runtime().client).toBeNull();
  });

  it('tells of options that it does not use', () => {
    vi.stubEnv('REPLAYSTACK_RETRIES', 'abc');
    const onError = vi.fn();
    const client = new ReplayStackClient({ apiKey: 'k', nonsense: 1, onError } as ClientOptions);
    expect(client.options.retries).toBe(1);
    expect(onError.mock.calls.flat().map(String)).toEqual([
      expect.stringContaining('nonsense'),
      expect.stringContaining('REPLAYSTACK_RETRIES'),
    ]);
  });

  it('tells the console when DEBUG names replaystack', () => {
    vi.stubEnv('DEBUG', 'express,replaystack');
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    void new ReplayStackClient({ apiKey: 'k', nonsense: 1 } as ClientOptions);
    expect(log).toHaveBeenCalledWith('[replaystack]', expect.any(Error));
  });
});

describe('a request to the API', () => {
  it('carries the key under both names, and what sent it', async () => {
    await using test = await start();
    await test.client.captureEvent({ endpoint: 'job' });
    const [request] = test.receiver.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/v1/ingest/events',
      headers: {
        'content-type': 'application/json',
        'x-tracereplay-api-key': 'rs_test',
        'x-replaystack-api-key': 'rs_test',
        'x-replaystack-sdk': 'unplugin-replaystack',
        'x-replaystack-sdk-version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      },
    });
  });

  it('goes to ingestUrl, if there is one', async () => {
    await using test = await start();
    const client = new ReplayStackClient({
      apiKey: 'k',
      ingestUrl: `${test.receiver.url}/in?a=1`,
      asyncSend: false,
    });
    await client.captureEvent({});
    expect(test.receiver.requests[0]?.path).toBe('/in?a=1');
  });

  it('goes through the transport, if there is one', async () => {
    const transport = vi.fn(async () => ({ status: 200, headers: {}, body: '' }));
    const client = new ReplayStackClient({ apiKey: 'k', transport, timeoutMs: 77, asyncSend: false });
    await client.captureEvent({ endpoint: 'x' });
    expect(transport).toHaveBeenCalledExactlyOnceWith({
      url: 'https://api.replaystack.co/api/v1/ingest/events',
      method: 'POST',
      headers: expect.objectContaining({ 'x-tracereplay-api-key': 'k' }),
      body: expect.stringContaining('"endpoint":"x"'),
      timeoutMs: 77,
      signal: expect.any(AbortSignal),
    });
  });
});

describe('what is captured', () => {
  it('is nothing when the client is not enabled', async () => {
    await using test = await start({ enabled: false });
    await test.client.captureException(new Error('x'));
    expect(test.receiver.requests).toHaveLength(0);
  });

  it('is nothing after close', async () => {
    await using test = await start();
    await test.client.close();
    await test.client.captureEvent({});
    expect(test.receiver.requests).toHaveLength(0);
  });

  it('is a share of the events, failed ones included', async () => {
    await using test = await start({ sampleRate: 0.5 });
    const random = vi.spyOn(Math, 'random');
    for (const value of [0.1, 0.49, 0.5, 0.9]) {
      random.mockReturnValue(value);
      await test.client.captureException(new Error(String(value)));
    }
    expect(test.receiver.accepted().map((event) => event.errorMessage)).toEqual(['0.1', '0.49']);
  });

  it('is decided before the event is looked at', async () => {
    await using test = await start({ sampleRate: 0 });
    const event = {
      get requestPayload(): unknown {
        throw new Error('read');
      },
    };
    await test.client.captureEvent(event);
    expect(test.errors).toEqual([]);
  });

  it('is failed and warning events only, without captureSuccess', async () => {
    await using test = await start({ captureSuccess: false });
    for (const status of ['success', 'failed', 'warning', 'pending'] as const)
      await test.client.captureEvent({ status });
    await test.client.captureEvent({ statusCode: 404 });
    await test.client.captureException('x');
    expect(test.receiver.accepted().map(({ status }) => status)).toEqual([
      'failed',
      'warning',
      'warning',
      'failed',
    ]);
  });

  it('is not on ignored paths', async () => {
    await using test = await start({ ignoredPaths: ['/internal', '/x*'] });
    for (const endpoint of ['/internal', '/internal/a?b', 'http://h/xyz', '/internals', 'job']) {
      await test.client.captureEvent({ endpoint });
    }
    expect(test.receiver.accepted().map(({ endpoint }) => endpoint)).toEqual(['/internals', 'job']);
  });
});

describe('masking', () => {
  it('knows the fields of maskFields and remoteMaskingRules', async () => {
    await using test = await start({
      maskFields: ['tax_id'],
      remoteMaskingRules: { fields: ['Phone Number'] },
    });
    await test.client.captureEvent({ requestPayload: { taxId: 1, 'phone-number': 2, other: 3 } });
    expect(test.receiver.accepted()[0]?.requestPayload).toEqual({
      taxId: '[MASKED]',
      'phone-number': '[MASKED]',
      other: 3,
    });
  });

  it('leaves texts alone without maskPatterns', async () => {
    await using test = await start({ maskPatterns: false });
    await test.client.captureException(new Error('Bearer abc'), {
      requestPayload: { password: 'x', text: 'Bearer abc' },
    });
    expect(test.receiver.accepted()[0]).toMatchObject({
      errorMessage: 'Bearer abc',
      requestPayload: { password: '[MASKED]', text: 'Bearer abc' },
    });
  });
});

describe('breadcrumbs and logs', () => {
  it('go with the events that follow, the newest ones', async () => {
    await using test = await start({ maxBreadcrumbs: 2, maxLogs: 1, logLevel: 'warning' });
    const { client } = test;
    client.addBreadcrumb('a');
    client.addBreadcrumb('b', { category: 'payment', level: 'warning', metadata: { token: 'x', n: 1 } });
    client.addBreadcrumb('c');
    client.captureLog({ message: 'too little', level: 'info' });
    client.captureLog({ message: 'out', level: 'error' });
    client.captureErrorLog(new RangeError('password=x'), { id: 1 });
    await client.captureEvent({});
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(test.receiver.accepted()[0]).toMatchObject({
      breadcrumbs: [
        {
          message: 'b',
          category: 'payment',
          level: 'warning',
          metadata: { token: '[MASKED]', n: 1 },
          timestamp,
        },
        { message: 'c', category: 'default', level: 'info', metadata: {}, timestamp },
      ],
      logs: [
        {
          message: 'password=[MASKED]',
          level: 'error',
          metadata: { errorName: 'RangeError', id: 1 },
          timestamp,
        },
      ],
    });
  });

  it('can be read and cleared', () => {
    const client = new ReplayStackClient({ apiKey: 'k' });
    client.addBreadcrumb('a');
    client.captureLog({ message: 'b', level: 'error' });
    expect([client.getBreadcrumbs().length, client.getLogs().length]).toEqual([1, 1]);
    client.clearBreadcrumbs();
    client.clearLogs();
    expect([client.getBreadcrumbs(), client.getLogs()]).toEqual([[], []]);
  });

  it('keep no reference to what they were given', () => {
    const client = new ReplayStackClient({ apiKey: 'k' });
    const metadata = { secret: 'x', list: [1] };
    client.addBreadcrumb('a', { metadata });
    metadata.list.push(2);
    expect(client.getBreadcrumbs()[0]?.metadata).toEqual({ secret: '[MASKED]', list: [1] });
  });

  it('keep no more of a message than an event shows of it', async () => {
    await using test = await start();
    test.client.addBreadcrumb('x'.repeat(10_000_000));
    test.client.captureErrorLog(new Error(`Bearer abc ${'x'.repeat(10_000_000)}`));
    const kept = [test.client.getBreadcrumbs(), test.client.getLogs()].flat();
    for (const { message } of kept) expect(message.length).toBeLessThan(2100);
    await test.client.captureEvent({});
    const { breadcrumbs, logs } = test.receiver.accepted()[0] ?? {};
    expect(breadcrumbs?.[0]?.message).toMatch(/^x{2048}…$/);
    expect(logs?.[0]?.message).toMatch(/^Bearer \[MASKED\] x+…$/);
  });

  it('are not kept without captureLogs', () => {
    const client = new ReplayStackClient({ apiKey: 'k', captureLogs: false });
    client.captureLog({ message: 'b', level: 'error' });
    expect(client.getLogs()).toEqual([]);
  });

  it('belong to the request inside of one', async () => {
    await using test = await start();
    const { client } = test;
    client.addBreadcrumb('outside');
    await runInScope(createScope('trace-1', 50), async () => {
      client.addBreadcrumb('inside');
      client.captureLog({ message: 'log', level: 'error' });
      expect(client.getBreadcrumbs().map(({ message }) => message)).toEqual(['inside']);
      await client.captureEvent({});
      client.clearBreadcrumbs();
      client.clearLogs();
      await client.captureEvent({ traceId: 'own', breadcrumbs: [], logs: [] });
    });
    await client.captureEvent({});
    const seen = test.receiver
      .accepted()
      .map(({ traceId, breadcrumbs = [], logs = [] }) => [
        traceId,
        breadcrumbs.map((b: Breadcrumb) => b.message),
        logs.length,
      ]);
    expect(seen).toEqual([
      ['trace-1', ['inside'], 1],
      ['own', [], 0],
      [expect.stringMatching(/^[\da-f-]{36}$/), ['outside'], 0],
    ]);
  });
});

describe('the promise of a capture', () => {
  it('resolves at once with asyncSend', async () => {
    await using test = await start({ asyncSend: true });
    test.receiver.answer = () => 'hang';
    await test.client.captureEvent({});
    expect(test.receiver.requests).toHaveLength(0);
  });

  it('resolves when sending has ended without it', async () => {
    await using test = await start({ retries: 0 });
    test.receiver.answer = () => ({ status: 503 });
    await test.client.captureEvent({});
    expect(test.receiver.requests).toHaveLength(1);
  });

  it('rejects with raiseOnError', async () => {
    await using test = await start({ retries: 0, raiseOnError: true });
    test.receiver.answer = () => ({ status: 401, body: '{"success":false,"message":"Invalid API key"}' });
    await expect(test.client.captureEvent({})).rejects.toThrow('ReplayStack answered 401 "Invalid API key"');
    test.receiver.answer = () => 'reset';
    await expect(test.client.captureEvent({})).rejects.toThrow();
    await expect(
      start({ raiseOnError: true, enabled: false }).then(async (t) => t.client.captureEvent({})),
    ).resolves.toBeUndefined();
  });
});

describe('callbacks that throw', () => {
  const fail = (): never => {
    throw new Error('callback');
  };

  it('are contained', async () => {
    await using test = await start({ onError: fail, onQueueDrop: fail, offlineQueueMax: 0, retries: 0 });
    test.receiver.answer = () => ({ status: 503 });
    await test.client.captureException(new Error('x'));
    const client = new ReplayStackClient({
      apiKey: 'k',
      transport: fail,
      retries: 0,
      asyncSend: false,
      onError: fail,
    });
    await client.captureEvent({});
    client.addBreadcrumb({ toString: fail } as unknown as string);
    client.addBreadcrumb('a', null as never);
    client.captureLog(undefined as never);
    client.captureErrorLog({
      get message() {
        return fail();
      },
    });
    await client.captureEvent(null as never);
    await client.captureEvent(new Proxy({}, { ownKeys: fail }));
    expect(await client.close(0)).toEqual({ pending: 1 });
  });

  it('may be transports that answer nonsense', async () => {
    for (const answer of [undefined, null, {}, 'x', { status: '200' }]) {
      const transport = async (): Promise<never> => answer as never;
      const client = new ReplayStackClient({ apiKey: 'k', transport, retries: 0, asyncSend: false });
      await client.captureEvent({});
      await client.close(0);
    }
  });
});

it('takes nothing from an application that would go out as it stands', async () => {
  await using test = await start();
  await test.client.captureEvent({ endpoint: 'job', breadcrumbsJson: '["password=hunter22"]' } as never);
  await test.client.flush();
  const [request] = test.receiver.requests;
  expect(request?.events).toMatchObject([{ endpoint: 'job' }]);
  expect(request?.body).not.toContain('hunter22');
});
