/** Apps of h3 without a server of Node's: on other platforms, or asked directly. */
import { toWebHandler } from 'h3';
import * as h3v1 from 'h3-1';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '../../support/application.ts';
import { build1, build2, h3Hooks } from '../../support/h3.ts';
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

type Fetch = (request: Request) => Promise<Response>;

function define(app: Application): void {
  app.on('post', '/orders/:id', async (exchange) => exchange.json({ got: await exchange.body() }, 201));
  app.on('get', '/fails', () => {
    throw new TypeError('broken');
  });
  app.on('get', '/pieces', (exchange) =>
    exchange.stream('text/plain', async (write) => {
      await write('one');
      await new Promise((resolve) => setTimeout(resolve, 100));
      await write('two');
    }),
  );
}

describe.each<[string, (hooks: typeof h3Hooks) => Fetch]>([
  ['1, toWebHandler()', (hooks) => h3v1.toWebHandler(build1(define, hooks)) as Fetch],
  ['2, fetch()', (hooks) => build2(define, hooks).fetch as Fetch],
  ['2, request()', (hooks) => build2(define, hooks).request as Fetch],
  ['2, toWebHandler()', (hooks) => toWebHandler(build2(define, hooks)) as Fetch],
])('an app without a server of Node: version %s', (_name, build) => {
  const post = (): Request =>
    new Request('http://shop.example.com/orders/7?page=2', {
      method: 'POST',
      body: '{"item":"tea"}',
      headers: { 'content-type': 'application/json', 'content-length': '14', host: 'shop.example.com' },
    });
  const get = (path: string): Request => new Request(`http://shop.example.com${path}`);

  it('has one event for each request', async () => {
    const response = await build(h3Hooks)(post());
    expect(await response.json()).toEqual({ got: { item: 'tea' } });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      method: 'POST',
      requestUrl: 'http://shop.example.com/orders/7?page=2',
      requestPayload: { item: 'tea' },
      responsePayload: { got: { item: 'tea' } },
      status: 'success',
      statusCode: 201,
      traceId: response.headers.get('x-trace-id'),
      metadata: { framework: 'h3', route: '/orders/:id' },
    });
    expect(event?.metadata).not.toHaveProperty('aborted');
    expect(event).not.toHaveProperty('sourceIp');
  });

  it('has one for a failure, and for a stream', async () => {
    const fetch = build(h3Hooks);
    expect((await fetch(get('/fails'))).status).toBe(500);
    expect(await (await fetch(get('/pieces'))).text()).toBe('onetwo');
    const events = await test.events();
    // In either order: the stack of the first has to be mapped.
    expect(events.sort((a, b) => Number(b.statusCode) - Number(a.statusCode))).toMatchObject([
      { statusCode: 500, errorMessage: 'broken', metadata: { handled: false, route: '/fails' } },
      { statusCode: 200, responsePayload: { captured: false }, metadata: { route: '/pieces' } },
    ]);
  });
});
