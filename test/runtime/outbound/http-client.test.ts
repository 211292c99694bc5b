/** Requests that go out by fetch, undici and node:http, as breadcrumbs of the request that they are made for. */
import * as channels from 'node:diagnostics_channel';
import * as http from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client, request as requestByUndici } from 'undici';
import { ReplayStackClient } from '../../../runtime/client.ts';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import type { Breadcrumb } from '../../../runtime/protocol.ts';
import { createScope, runInScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const CHANNELS = [
  'undici:request:create',
  'undici:request:headers',
  'undici:request:error',
  'http.client.request.created',
  'http.client.request.start',
  'http.client.response.finish',
  'http.client.request.error',
  'tracing:mysql2:query:start',
];

let test: TestRuntime;
let server: TestServer;

beforeEach(async () => {
  forgetClient();
  test = await startRuntime();
  server = await startServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    if (pathname === '/reset') return void request.socket.destroy();
    if (pathname === '/moved') response.setHeader('location', '/here');
    if (pathname === '/early') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.statusCode = pathname === '/moved' ? 302 : Number(/^\/(\d+)$/.exec(pathname)?.[1] ?? 200);
    setTimeout(() => response.end('answer'), pathname === '/slow' ? 50 : 0);
  });
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** What is done in a scope leaves these breadcrumbs. */
async function crumbsOf(body: () => Promise<unknown>): Promise<Breadcrumb[]> {
  return runWithReplayStackContext(async () => {
    await body();
    return test.client.getBreadcrumbs();
  });
}

function getByNode(url: string, options: http.RequestOptions = {}, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });
}

const CLIENTS: Record<string, (url: string) => Promise<unknown>> = {
  fetch: async (url) => (await fetch(url)).text(),
  undici: async (url) => (await requestByUndici(url)).body.text(),
  'node:http': (url) => getByNode(url),
};

describe.each(Object.entries(CLIENTS))('%s', (_name, get) => {
  it('leaves one breadcrumb for each call', async () => {
    const crumbs = await crumbsOf(async () => {
      await get(`${server.url}/users/7?page=2&token=SECRET`);
      await get(`${server.url}/404`);
      await get(`${server.url}/503`);
    });
    const metadata = { method: 'GET', durationMs: expect.any(Number) };
    const crumb = { category: 'http', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(crumbs).toEqual([
      {
        ...crumb,
        message: `GET ${server.url}/users/7`,
        level: 'info',
        metadata: { ...metadata, url: `${server.url}/users/7?page=2&token=[MASKED]`, statusCode: 200 },
      },
      {
        ...crumb,
        message: `GET ${server.url}/404`,
        level: 'warning',
        metadata: { ...metadata, url: `${server.url}/404`, statusCode: 404 },
      },
      {
        ...crumb,
        message: `GET ${server.url}/503`,
        level: 'error',
        metadata: { ...metadata, url: `${server.url}/503`, statusCode: 503 },
      },
    ]);
  });

  it('tells of a call that fails, and hands on its error', async () => {
    const crumbs = await crumbsOf(() => expect(get(`${server.url}/reset`)).rejects.toThrow());
    expect(crumbs).toMatchObject([
      { level: 'error', metadata: { error: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) } },
    ]);
  });

  it('tells how long it took, and of a call that goes on', async () => {
    const crumbs = await crumbsOf(async () => {
      const pending = get(`${server.url}/slow`);
      await expect.poll(() => test.client.getBreadcrumbs(), { interval: 5 }).toHaveLength(1);
      expect(test.client.getBreadcrumbs()[0]?.metadata).toEqual({
        method: 'GET',
        url: `${server.url}/slow`,
        running: true,
      });
      await pending;
    });
    expect(crumbs[0]?.metadata['durationMs']).toBeGreaterThan(20);
    expect(crumbs[0]?.metadata).not.toHaveProperty('running');
  });

  it('counts the answer, not the hints before it', async () => {
    const crumbs = await crumbsOf(() => get(`${server.url}/early`));
    expect(crumbs.map(({ metadata }) => metadata['statusCode'])).toEqual([200]);
  });

  it('belongs to the scope that makes the call, over connections of others', async () => {
    const runs = Array.from({ length: 6 }, (_, index) =>
      crumbsOf(async () => {
        await get(`${server.url}/slow?${index}`);
        await get(`${server.url}/again?${index}`);
      }),
    );
    for (const [index, crumbs] of (await Promise.all(runs)).entries()) {
      expect(crumbs.map(({ metadata }) => metadata['url'])).toEqual([
        `${server.url}/slow?${index}`,
        `${server.url}/again?${index}`,
      ]);
    }
  });

  it('leaves nothing where there is no scope, or a muted one', async () => {
    await get(`${server.url}/`);
    expect(test.client.getBreadcrumbs()).toEqual([]);
    const muted = createScope('', 5, true);
    await runInScope(muted, () => get(`${server.url}/`));
    expect(muted.trail.records).toEqual([]);
    expect(test.errors).toEqual([]);
  });
});

it('tells of each redirect', async () => {
  const crumbs = await crumbsOf(() => fetch(`${server.url}/moved`));
  expect(crumbs.map(({ message, metadata }) => [message, metadata['statusCode']])).toEqual([
    [`GET ${server.url}/moved`, 302],
    [`GET ${server.url}/here`, 200],
  ]);
});

it('warns of a call that the application gave up', async () => {
  const crumbs = await crumbsOf(async () => {
    const controller = new AbortController();
    const pending = fetch(`${server.url}/slow`, { signal: controller.signal });
    await expect.poll(() => test.client.getBreadcrumbs()).toHaveLength(1);
    controller.abort();
    await expect(pending).rejects.toThrow('aborted');
    await expect.poll(() => test.client.getBreadcrumbs()[0]?.level).toBe('warning');
  });
  expect(crumbs[0]?.metadata).toMatchObject({ error: 'AbortError' });
});

it('shows the URL that a request of node:http has, whatever it was made from', async () => {
  const { port } = new URL(server.url);
  const crumbs = await crumbsOf(async () => {
    const agent = new http.Agent({ maxSockets: 1 });
    await getByNode(server.url, { agent, method: 'PUT', headers: { host: 'shop.example' } }, 'body');
    await getByNode('http://localhost', { agent, port, path: '/a?api_key=SECRET' });
    await getByNode(server.url, { agent, path: 'http://other.example/b', auth: 'user:SECRET' });
  });
  expect(crumbs.map(({ metadata }) => metadata['url'])).toEqual([
    'http://127.0.0.1/',
    `http://localhost:${port}/a?api_key=[MASKED]`,
    'http://other.example/b',
  ]);
  expect(JSON.stringify(crumbs)).not.toContain('SECRET');
});

it('knows the origin of a client of undici, and masks its URL', async () => {
  const client = new Client(server.url);
  const crumbs = await crumbsOf(async () => {
    const { body } = await client.request({
      origin: new URL(server.url),
      path: '/a?pwd=SECRET',
      method: 'GET',
    });
    await body.dump();
  });
  await client.close();
  expect(crumbs).toMatchObject([
    { message: `GET ${server.url}/a`, metadata: { url: `${server.url}/a?pwd=[MASKED]` } },
  ]);
});

it('goes out with the event', async () => {
  await runWithReplayStackContext(async () => {
    await fetch(`${server.url}/users?token=SECRET`);
    await test.client.captureEvent({ endpoint: 'job' });
  });
  const [event] = await test.events();
  expect(event?.breadcrumbs).toMatchObject([
    { message: `GET ${server.url}/users`, category: 'http', level: 'info', metadata: { statusCode: 200 } },
  ]);
  expect(JSON.stringify(event)).not.toContain('SECRET');
});

describe('deliveries', () => {
  it('are no calls of the request, whoever sends them', async () => {
    await test.client.close();
    const sends: typeof fetch = (...args) => fetch(...args);
    for (const transport of [undefined, true]) {
      await using own = await startRuntime({
        asyncSend: false,
        ...(transport && {
          transport: async ({ url, signal: _signal, timeoutMs: _timeoutMs, ...rest }) => {
            const response = await sends(url, rest);
            return { status: response.status, headers: {}, body: await response.text() };
          },
        }),
        propagate: ['*'],
      });
      await runWithReplayStackContext(async () => {
        await own.client.captureEvent({ endpoint: 'job' });
        await own.client.captureEvent({ endpoint: 'job' });
        expect(own.client.getBreadcrumbs()).toEqual([]);
      });
      expect(own.receiver.requests).toHaveLength(2);
      for (const { headers } of own.receiver.requests) {
        expect(headers).not.toHaveProperty('traceparent');
        expect(headers).not.toHaveProperty('x-trace-id');
      }
    }
  });
});

describe('channels', () => {
  const subscribed = (): string[] => CHANNELS.filter((name) => channels.hasSubscribers(name));

  it('are listened to by one client at a time, and by none that is closed or not enabled', async () => {
    expect(subscribed()).toEqual(CHANNELS);
    {
      await using _second = await startRuntime();
      expect(await crumbsOf(() => fetch(server.url))).toHaveLength(1);
    }
    expect(subscribed()).toEqual([]);

    await using off = await startRuntime({ enabled: false });
    expect(subscribed()).toEqual([]);
    await using on = await startRuntime();
    expect(subscribed()).toEqual(CHANNELS);
    await off.client.close();
    expect(subscribed()).toEqual(CHANNELS);
    await on.client.close();
    expect(subscribed()).toEqual([]);
  });

  it('are listened to once, however many copies of the runtime there are', async () => {
    vi.resetModules();
    const { ReplayStackClient: Copy } = await import('../../../runtime/client.ts');
    const copy = new Copy({ apiKey: 'k', endpoint: test.receiver.url });
    expect(copy).not.toBeInstanceOf(ReplayStackClient);
    expect(await crumbsOf(() => fetch(server.url))).toHaveLength(1);
    await copy.close();
    expect(subscribed()).toEqual([]);
  });

  it('are left alone where the application does not want it', async () => {
    await using _off = await startRuntime({ captureOutbound: false });
    expect(subscribed()).toEqual([]);
    await using _on = await startRuntime({ captureOutbound: false, propagate: ['shop.example'] });
    expect(subscribed()).toEqual(CHANNELS.slice(0, -1));
  });

  it('may tell nonsense: the client hears of it, the application does not', async () => {
    await runWithReplayStackContext(async () => {
      channels.channel('undici:request:create').publish({});
      channels.channel('undici:request:create').publish(undefined);
    });
    expect(test.errors).toHaveLength(2);
  });
});
