/** What is Nitro's own: it answers errors with pages that it asks itself for, and hands out files. */
import * as h3v1 from 'h3-1';
import { fetchNodeRequestHandler } from 'node-mock-http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adoptNitro } from '../../../runtime/adapters/nitro.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test[Symbol.asyncDispose]();
});

describe('a Nitro', () => {
  /** As Nitro 2 has it: what answers errors asks the app for a page. */
  function nitro2(): { listener: ReturnType<typeof h3v1.toNodeListener> } {
    const app = h3v1.createApp({
      async onError(_error, event) {
        const page = await ask('/error');
        for (const [name, value] of page.headers) h3v1.setResponseHeader(event, name, value);
        await h3v1.send(event, await page.text());
      },
    });
    const listener = h3v1.toNodeListener(app);
    const ask = (path: string): Promise<Response> => fetchNodeRequestHandler(listener as never, path);
    app.use(
      h3v1.defineEventHandler(async (event) => {
        if (event.path === '/error') return 'sorry';
        if (event.path.startsWith('/about')) return 'about us';
        if (event.path === '/tolerant') return (await ask('/fails')).status;
        throw new RangeError('broken');
      }),
    );
    adoptNitro({ h3App: app, hooks: { hook() {} } }, 'nitro', { files: ['/files/*'], pages: ['/about'] });
    return { listener };
  }

  it('has one event for a request whose error it answers with a page of its own', async () => {
    await using server = await startServer(nitro2().listener);
    const response = await fetch(`${server.url}/fails`, { headers: { 'x-trace-id': 'mine' } });
    expect([response.headers.get('x-trace-id'), await response.text()]).toEqual(['mine', 'sorry']);
    expect(await test.events()).toMatchObject([
      { traceId: 'mine', endpoint: '/fails', errorMessage: 'broken', metadata: { handled: false } },
    ]);
  });

  it('has none for public files, nor for what tells that there is none', async () => {
    await using server = await startServer(nitro2().listener);
    const response = await fetch(`${server.url}/files/none.js`);
    expect([response.headers.get('x-trace-id'), await response.text()]).toEqual([null, 'sorry']);
    expect(await test.events()).toEqual([]);
  });

  it('has none for pages that were rendered in advance, but for what is below them, or is sent there', async () => {
    await using server = await startServer(nitro2().listener);
    for (const path of ['/about', '/about?page=2', '/about/team'])
      await (await fetch(server.url + path)).text();
    await (await fetch(`${server.url}/about`, { method: 'HEAD' })).text();
    await (await fetch(`${server.url}/about`, { method: 'POST' })).text();
    expect((await test.events()).map(({ method, endpoint }) => `${method} ${endpoint}`)).toEqual([
      'GET /about/team',
      'POST /about',
    ]);
  });

  it('has no error of a request that it makes itself, and gets over', async () => {
    await using server = await startServer(nitro2().listener);
    await (await fetch(`${server.url}/tolerant`)).text();
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ endpoint: '/tolerant', status: 'success' });
    expect(event).not.toHaveProperty('errorName');
  });

  it('has an event for what it asks of itself outside of any request', async () => {
    const app = h3v1.createApp();
    app.use(h3v1.defineEventHandler(() => 'ok'));
    adoptNitro({ h3App: app, hooks: { hook() {} } }, 'nitro');
    expect(await (await h3v1.toWebHandler(app)(new Request('http://x/task'))).text()).toBe('ok');
    expect(await test.events()).toMatchObject([{ endpoint: '/task', metadata: { framework: 'nitro' } }]);
  });
});
