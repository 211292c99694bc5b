/** Apps of h3 1 that a server of Node's hands Requests to, as adapters between the two do. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import * as h3 from 'h3-1';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { h3App } from '../../../runtime/adapters/h3.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test[Symbol.asyncDispose]();
});

/** Sends requests to an app, by a server whose listener makes Requests of them: of this path, or of their own. */
async function ask(
  requests: readonly [path: string, init?: RequestInit][],
  asked?: string,
): Promise<string[]> {
  const app = h3App(h3.createApp());
  const web = h3.toWebHandler(app) as (request: Request) => Promise<Response>;
  const router = h3.createRouter();
  router.post(
    '/orders/:id',
    h3.defineEventHandler((event) => h3.readBody(event)),
  );
  router.get(
    '/orders/:id',
    h3.defineEventHandler(async () => (await web(new Request('http://x/price'))).text()),
  );
  router.get(
    '/price',
    h3.defineEventHandler(() => 'a pound'),
  );
  router.get(
    '/fails',
    h3.defineEventHandler(() => {
      throw new RangeError('broken');
    }),
  );
  app.use(router);
  const server = nodeServer(
    createServer(async (req, res) => {
      const init = { method: req.method ?? 'GET', headers: req.headers as HeadersInit, duplex: 'half' };
      const body = req.method === 'POST' ? (Readable.toWeb(req) as ReadableStream) : null;
      const answer = await web(new Request(`http://localhost${asked ?? req.url}`, { ...init, body }));
      res.writeHead(answer.status, Object.fromEntries(answer.headers));
      res.end(await answer.text());
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const texts: string[] = [];
  for (const [path, init] of requests) {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
    texts.push(await answer.text());
  }
  server.close();
  return texts;
}

it('are told of by their routes, bodies and errors', async () => {
  const body = JSON.stringify({ item: 'tea', password: 'SECRET' });
  const headers = { 'content-type': 'application/json' };
  const texts = await ask([
    ['/orders/7?page=2'],
    ['/orders/8', { method: 'POST', body, headers }],
    ['/fails'],
  ]);
  expect(texts.slice(0, 2)).toEqual(['a pound', body]);
  const events = await test.events();
  expect(events.sort((a, b) => String(a.endpoint).localeCompare(String(b.endpoint)))).toMatchObject([
    {
      statusCode: 500,
      errorName: 'RangeError',
      metadata: { framework: 'h3', route: '/fails', handled: false },
    },
    { statusCode: 200, endpoint: '/orders/7', metadata: { framework: 'h3', route: '/orders/:id' } },
    {
      requestPayload: { item: 'tea', password: '[MASKED]' },
      responsePayload: { item: 'tea', password: '[MASKED]' },
      metadata: { framework: 'h3', route: '/orders/:id' },
    },
  ]);
});

it('are part of a request of another path', async () => {
  expect(await ask([['/page']], '/price')).toEqual(['a pound']);
  expect(await test.events()).toMatchObject([{ endpoint: '/page', metadata: { framework: 'http' } }]);
});
