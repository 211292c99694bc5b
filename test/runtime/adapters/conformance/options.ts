/** What the options do to requests, and that a failure of ours is none of the application's. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it, vi } from 'vitest';
import { enter, exit } from '../../../../runtime/observe/hooks.ts';
import type { ClientOptions } from '../../../../runtime/options/resolve-options.ts';
import { runtime } from '../../../../runtime/state.ts';
import type { Application, Driver } from '../../../support/application.ts';
import { jsonBody, startApplication } from '../../../support/application.ts';
import { forgetClient } from '../../../support/runtime.ts';
import { startServer } from '../../../support/server.ts';

function define(app: Application): void {
  app.on('get', '/fine', (exchange) => exchange.json({ fine: true }));
  app.on('get', '/fails', () => {
    throw new Error('broken');
  });
  app.on('get', '/teapot', (exchange) => exchange.json({}, 418));
  app.on('post', '/body', async (exchange) => exchange.json({ got: await exchange.body() }));
  for (const path of ['/health', '/internal/x', '/internals', '/private/x']) {
    app.on('get', path, (exchange) => {
      exit(enter('src/health.ts:1:check'));
      return exchange.json({ path });
    });
  }
}

export function options(driver: Driver): void {
  const endpointsWith = async (given: ClientOptions, ...paths: string[]): Promise<(string | undefined)[]> => {
    await using test = await startApplication(driver, define, given);
    for (const path of paths) await (await test.request(path)).text();
    return (await test.events()).map(({ endpoint }) => endpoint);
  };

  it('ignore paths, and what is observed below them', async () => {
    const ignoredPaths = ['/internal', '/priv*'];
    await using test = await startApplication(driver, define, { ignoredPaths });
    for (const path of ['/health', '/internal/x', '/private/x', '/health/', '/internals']) {
      const response = await test.request(path);
      expect(response.headers.has('x-trace-id')).toBe(path === '/internals');
    }
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event?.endpoint).toBe('/internals');
    expect(event?.breadcrumbs).toHaveLength(3);
    expect(test.client.getBreadcrumbs()).toEqual([]);
  });

  it('send failures and warnings alone with captureSuccess: false', async () => {
    const sent = await endpointsWith({ captureSuccess: false }, '/fine', '/fails', '/teapot', '/none');
    expect(sent).toEqual(['/fails', '/teapot', '/none']);
  });

  it('send nothing with sampleRate: 0, failures included', async () => {
    expect(await endpointsWith({ sampleRate: 0 }, '/fine', '/fails')).toEqual([]);
  });

  it('ask shouldCapture', async () => {
    const shouldCapture = vi.fn(({ statusCode }: { statusCode: number }) => statusCode !== 418);
    expect(await endpointsWith({ shouldCapture }, '/fine?a=1', '/teapot')).toEqual(['/fine']);
    expect(shouldCapture.mock.calls[0]?.[0]).toEqual({
      method: 'GET',
      path: '/fine',
      statusCode: 200,
      executionTimeMs: expect.any(Number),
    });
  });

  it('ask getTraceId, and do without it if it gives none', async () => {
    const getTraceId = (request: Request): string | undefined => {
      const { headers } = request as { headers: Headers | Record<string, string> };
      return headers instanceof Headers
        ? (headers.get('x-request-id') ?? undefined)
        : headers['x-request-id'];
    };
    await using test = await startApplication(driver, define, { getTraceId });
    await test.request('/fine', { headers: { 'x-request-id': 'mine', 'x-trace-id': 'sent' } });
    await test.request('/fine', { headers: { 'x-trace-id': 'sent' } });
    expect((await test.events()).map(({ traceId }) => traceId)).toEqual(['mine', 'sent']);
  });

  it('leave out bodies and headers', async () => {
    await using test = await startApplication(driver, define, {
      captureRequestBody: false,
      captureResponseBody: false,
      captureHeaders: false,
    });
    const response = await test.request('/body', jsonBody({ a: 1 }));
    expect(await response.json()).toEqual({ got: { a: 1 } });
    const [event] = await test.events();
    for (const key of ['requestPayload', 'responsePayload', 'requestHeaders', 'responseHeaders']) {
      expect(event).not.toHaveProperty(key);
    }
  });

  it('keep as many breadcrumbs as maxBreadcrumbs', async () => {
    await using test = await startApplication(driver, define, { maxBreadcrumbs: 1 });
    await test.request('/internals');
    const [event] = await test.events();
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual(['HTTP request finished']);
  });

  it('that throw are reported, and change nothing else', async () => {
    const broken = (): never => {
      throw new Error('in the option');
    };
    await using test = await startApplication(driver, define, { getTraceId: broken, shouldCapture: broken });
    expect(await (await test.request('/fine')).json()).toEqual({ fine: true });
    expect(await test.events()).toHaveLength(1);
    expect(test.errors.map(({ message }) => message)).toEqual(['in the option', 'in the option']);
  });

  it.each([
    ['without an API key', '', 'true'],
    ['with REPLAYSTACK_ENABLED=false', 'k', 'false'],
  ])('switch everything off %s', async (_, key, enabled) => {
    forgetClient();
    vi.stubEnv('REPLAYSTACK_API_KEY', key);
    vi.stubEnv('REPLAYSTACK_ENABLED', enabled);
    const run = vi.spyOn(AsyncLocalStorage.prototype, 'run');
    await using server = await startServer(driver.build(define, driver.hooks));
    for (const path of ['/fine', '/fails', '/body']) {
      const response = await fetch(server.url + path);
      expect(response.headers.has('x-trace-id')).toBe(false);
    }
    expect(runtime().client ?? undefined).toBeUndefined();
    expect(runtime().storage).toBeUndefined();
    expect(run).not.toHaveBeenCalled();
    vi.unstubAllEnvs();
  });

  it('can come later: the first request after the key appears is captured', async () => {
    forgetClient();
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    const listener = driver.build(define, driver.hooks);
    await using server = await startServer(listener);
    await (await fetch(`${server.url}/fine`)).text();
    await using test = await startApplication(driver, define);
    const response = await fetch(`${server.url}/fine`);
    expect(response.headers.has('x-trace-id')).toBe(true);
    expect(await test.events()).toHaveLength(1);
  });

  it('never let a failing client reach the application', async () => {
    await using test = await startApplication(driver, define);
    test.client.captureRequest = () => {
      throw new Error('inside');
    };
    expect(await (await test.request('/fine')).json()).toEqual({ fine: true });
    expect((await test.request('/fails')).status).toBe(500);
    await test.events();
    expect(test.errors.map(({ message }) => message)).toEqual(['inside', 'inside']);
  });
}
