/** What Next.js does with what its handlers give and throw, as its events tell it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNextAction, openNextApi, openNextProxy, openNextRoute } from '../../../runtime/adapters/next.ts';
import type { NextStorage } from '../../../runtime/adapters/next.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

type Handler = (...args: unknown[]) => unknown;

const storage = new AsyncLocalStorage<object>();
const request = (): Request => new Request('http://shop.example.com/api/orders');

/** A request that is under way. */
function inRequest<R>(phase: string, run: () => R): R {
  const url = { pathname: '/api/orders', search: '' };
  return storage.run({ type: 'request', phase, url, headers: new Headers() }, run);
}

describe('a route handler', () => {
  const handle = async (handler: Handler): Promise<unknown> => {
    const hooked = openNextRoute(storage, 'GET', '/api/orders', handler, undefined) as Handler;
    return inRequest('action', () => hooked(request()));
  };

  it('has not answered with a Response that it throws', async () => {
    const thrown = new Response('taken', { status: 409 });
    await expect(handle(() => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(await test.events()).toMatchObject([
      { status: 'failed', statusCode: 500, errorName: 'TypeError', errorMessage: 'A Response was thrown' },
    ]);
  });

  it('has failed if it gives no Response', async () => {
    expect(await handle(async () => undefined)).toBe(undefined);
    expect(await test.events()).toMatchObject([
      { status: 'failed', statusCode: 500, errorMessage: 'No Response was returned' },
    ]);
  });

  it('may steer by what it throws', async () => {
    const thrown = Object.assign(new Error('NEXT_HTTP_ERROR_FALLBACK;404'), {
      digest: 'NEXT_HTTP_ERROR_FALLBACK;404',
    });
    await expect(handle(() => Promise.reject(thrown))).rejects.toBe(thrown);
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'warning', statusCode: 404 });
    expect(event).not.toHaveProperty('errorName');
  });
});

describe('the proxy', () => {
  const handle = async (handler: Handler): Promise<unknown> => {
    const hooked = openNextProxy(storage, 'proxy', '', handler, undefined) as Handler;
    return hooked(request(), {});
  };

  it.each([undefined, null])('lets a request go on by giving %s', async (given) => {
    expect(await handle(async () => given)).toBe(given);
    expect(await test.events()).toEqual([]);
  });

  it('answers', async () => {
    await handle(() => new Response('no', { status: 401 }));
    expect(await test.events()).toMatchObject([{ statusCode: 401, responsePayload: 'no' }]);
  });
});

it('a route was asked for below the base path', async () => {
  const next = { getStore: () => storage.getStore(), basePath: '/base' };
  const hooked = openNextRoute(next, 'GET', '/api/orders', () => new Response(), undefined) as Handler;
  inRequest('action', () => hooked(request()));
  expect(await test.events()).toMatchObject([
    { endpoint: '/base/api/orders', requestUrl: 'http://localhost/base/api/orders' },
  ]);
});

it('an action has not answered with a Response that it throws', async () => {
  const thrown = new Response('taken', { status: 409 });
  const act = openNextAction(storage, '', 'order', () => Promise.reject(thrown), undefined) as Handler;
  await expect(inRequest('action', () => act('Emma'))).rejects.toBe(thrown);
  expect(await test.events()).toMatchObject([
    { status: 'failed', statusCode: 500, requestPayload: ['Emma'], metadata: { action: 'order' } },
  ]);
});

describe('an API route', () => {
  let server: Server;
  let port: number;
  afterEach(() => void server.close());

  async function serve(next: NextStorage): Promise<void> {
    const handler = async (received: IncomingMessage, response: ServerResponse): Promise<void> => {
      response.end(await text(received));
    };
    const hooked = openNextApi(next, 'default', '/api/hook', handler, undefined) as Handler;
    server = createServer((received, response) => void hooked(received, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as AddressInfo);
  }

  it.each([
    ['/api/hook?a=1', '/base/api/hook?a=1'],
    ['/base/api/hook', '/base/api/hook'],
    ['/based', '/base/based'],
    ['/', '/base'],
  ])('was asked for below the base path: %s', async (path, asked) => {
    await serve({ getStore: () => undefined, basePath: '/base' });
    await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    await expect.poll(() => test.events()).toHaveLength(1);
    const requestUrl = `http://127.0.0.1:${port}${asked}`;
    expect(await test.events()).toMatchObject([{ endpoint: new URL(requestUrl).pathname, requestUrl }]);
  });

  it('that reads the body itself has it in its event', async () => {
    await serve(storage);
    const body = JSON.stringify({ type: 'paid', token: 'hidden' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/api/hook`, { method: 'POST', body, headers });
    expect(await answer.text()).toBe(body);
    await expect.poll(() => test.events()).toHaveLength(1);
    expect(await test.events()).toMatchObject([{ requestPayload: { type: 'paid', token: '[MASKED]' } }]);
  });
});
