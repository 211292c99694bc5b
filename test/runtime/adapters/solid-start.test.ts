/** What SolidStart's hooks leave alone, and what no application of test/frameworks does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App, H3Event } from 'h3-1';
import { createApp, eventHandler, toNodeListener, toWebHandler } from 'h3-1';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  solidStartHandler,
  solidStartReference,
  solidStartRoutes,
} from '../../../runtime/adapters/solid-start.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

type ServerFunction = ((...args: unknown[]) => Promise<unknown>) & { url: string; GET: ServerFunction };

/** As SolidStart makes one. */
function reference(fn: (...args: unknown[]) => Promise<unknown>, id: string): ServerFunction {
  const make = (): ServerFunction =>
    new Proxy(fn as ServerFunction, {
      get: (target, name, receiver) =>
        name === 'url' ? `/_server?id=${id}` : name === 'GET' ? receiver : Reflect.get(target, name),
    });
  return solidStartReference('createServerReference', '', make, [fn, id, 'file']);
}

async function get(app: App, path: string): Promise<string> {
  const server = createServer(toNodeListener(app));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const text = await answer.text();
  server.close();
  return text;
}

/** As SolidStart calls the function that a request is for. */
function call(event: H3Event, id: string, handle: () => Promise<unknown>): Promise<unknown> {
  event.context['solidFetchEvent'] = { locals: { serverFunctionMeta: { id: `${id}#file` } } };
  event.node.res.setHeader('x-serialized', 'true');
  return handle();
}

it('takes the call that a request is for, and no other', async () => {
  const other = reference(async () => ({ other: true }), 'src--other_1');
  const order = reference(async (title) => ({ title, by: await other('Ada') }), 'src--order_query');
  const handler = solidStartHandler(
    '',
    'server-fns',
    eventHandler(async (event) => {
      await other('before');
      return call(event, 'src--order_query', () => order({ title: 'Emma', password: 'SECRET' }));
    }),
  );
  await get(createApp().use('/_server', handler), '/_server?id=src--order_query&args=SECRET');
  const [event] = await test.events();
  const { requestUrl, requestPayload, responsePayload, metadata } = event ?? {};
  expect(requestUrl).toMatch(/args=\[MASKED\]$/);
  expect(requestPayload).toEqual([{ title: 'Emma', password: '[MASKED]' }]);
  expect(responsePayload).toMatchObject({ by: { other: true } });
  expect(metadata).toEqual({ framework: 'solid-start', action: 'order' });
});

it('keeps what json() makes an answer of, and nothing of an answer that it knows nothing of', async () => {
  const answers = [
    Object.assign(new Response('{}'), { customBody: () => ({ token: 'SECRET', n: 1 }) }),
    new Response(null),
  ];
  for (const answer of answers) {
    const order = reference(async () => answer, 'src--order_1');
    const handle = eventHandler(async (event) => {
      await call(event, 'src--order_1', order);
      return ';0x00000010;{"v":["SECRET"]}';
    });
    await get(createApp().use(solidStartHandler('', 'server-fns', handle)), '/');
  }
  const events = await test.events();
  expect(events.map(({ responsePayload }) => responsePayload)).toEqual([
    { token: '[MASKED]', n: 1 },
    undefined,
  ]);
});

it("knows the answer where there is no server of Node's, which is sent when the handler is done", async () => {
  const answers = [Response.json({ token: 'SECRET' }, { status: 404 }), { n: 1 }];
  for (const answer of answers) {
    const handler = solidStartHandler(
      '',
      'ssr',
      eventHandler(async () => answer),
    );
    await toWebHandler(createApp().use(handler))(new Request('http://library/api/orders/9'));
  }
  const events = await test.events();
  // In either order.
  const known = events.map(({ statusCode, responsePayload }) => [statusCode, responsePayload]);
  expect(Object.fromEntries(known)).toEqual({ 404: { token: '[MASKED]' }, 200: { n: 1 } });
});

it('has no event for what is rendered in advance', async () => {
  const handler = solidStartHandler(
    '',
    'ssr',
    eventHandler(async () => 'page'),
  );
  const headers = { 'x-nitro-prerender': '/about' };
  await toWebHandler(createApp().use(handler))(new Request('http://library/about', { headers }));
  expect(await test.events()).toEqual([]);
});

it('leaves a function what it is', async () => {
  const double = reference(async (n) => Number(n) * 2, 'src--double_1');
  expect(await double(2)).toBe(4);
  expect([double.url, double.GET === double]).toEqual(['/_server?id=src--double_1', true]);
});

it('hands on what it does not know', () => {
  expect(solidStartRoutes('', '', undefined)).toBe(undefined);
  expect(solidStartRoutes('', '', [{ path: '/', $GET: 5 }])).toEqual([{ path: '/', $GET: 5 }]);
  expect(solidStartHandler('', 'ssr', 5)).toBe(5);
  expect(solidStartReference('', '', () => 5, [])).toBe(5);
});

it.each([
  ['', '/'],
  ['/', '/'],
  ['/orders/:id', '/orders/:id'],
])('a page whose route is %j is told of as %s', async (pattern, route) => {
  const page = eventHandler((event) => {
    event.context['solidFetchEvent'] = { router: { matches: [{ pattern }] } };
    return '<h1>Orders</h1>';
  });
  await get(createApp().use(solidStartHandler('', 'ssr', page)), '/');
  expect(await test.events()).toMatchObject([{ metadata: { framework: 'solid-start', route } }]);
});
