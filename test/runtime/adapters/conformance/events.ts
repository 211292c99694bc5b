/** What becomes of a request that goes well: one event, with all that is known of it, and nothing secret. */
import { expect, it } from 'vitest';
import { enter, exit } from '../../../../runtime/observe/hooks.ts';
import type { Application, Driver, Handler } from '../../../support/application.ts';
import { jsonBody, startApplication } from '../../../support/application.ts';

export function events(driver: Driver): void {
  const { pattern = (path: string): string => path } = driver;

  it('tell of request and response', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('post', '/orders/:id', async (exchange) => {
        exit(enter('src/orders.ts:12:createOrder'));
        return exchange.json({ saved: await exchange.body() }, 201);
      });
    });
    await test.request('/orders/7?page=2', {
      ...jsonBody({ item: 'tea', amount: 2 }),
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer abc.def.ghi',
        'user-agent': 'tea/1',
      },
    });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventType: 'api',
      method: 'POST',
      endpoint: '/orders/7',
      requestUrl: `${test.url}/orders/7?page=2`,
      authMode: 'bearer',
      authScheme: 'Bearer',
      requestHeaders: { authorization: '[MASKED]', 'content-type': 'application/json' },
      requestPayload: { item: 'tea', amount: 2 },
      responseHeaders: {
        'content-type': expect.stringMatching(/^application\/json/),
        'x-trace-id': event?.traceId,
      },
      responsePayload: { saved: { item: 'tea', amount: 2 } },
      status: 'success',
      statusCode: 201,
      executionTimeMs: expect.any(Number),
      sourceIp: expect.stringMatching(/127\.0\.0\.1$/),
      userAgent: 'tea/1',
      metadata: { framework: driver.framework, route: pattern('/orders/:id') },
    });
    expect(event).not.toHaveProperty('errorName');
    expect(event?.metadata).not.toHaveProperty('aborted');
    expect(event?.breadcrumbs?.map(({ message, category }) => [message, category])).toEqual([
      ['HTTP request started', 'http'],
      ['createOrder', 'function'],
      ['HTTP request finished', 'http'],
    ]);
  });

  it('keep no secret', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('post', '/login', async (exchange) => {
        await exchange.body();
        return exchange.json({ token: 'OUT-SECRET', user: { sessionToken: 1, apiKey: 'OUT-SECRET' } });
      });
    });
    await test.request('/login?access_token=URL-SECRET', {
      ...jsonBody({ user: 'ada', password: 'IN-SECRET', cards: [{ cvv: 'IN-SECRET' }] }),
      headers: { 'content-type': 'application/json', cookie: 'sid=COOKIE-SECRET', 'x-api-key': 'KEY-SECRET' },
    });
    const [event] = await test.events();
    expect(JSON.stringify(event)).not.toContain('SECRET');
    expect(event).toMatchObject({
      requestPayload: { user: 'ada', password: '[MASKED]', cards: [{ cvv: '[MASKED]' }] },
      responsePayload: { token: '[MASKED]', user: { apiKey: '[MASKED]' } },
    });
  });

  it.each<[kind: string, handler: Handler, payload: unknown]>([
    ['text', (exchange) => exchange.send('hello'), 'hello'],
    ['nothing', (exchange) => exchange.send(null, undefined, 204), undefined],
    ['JSON', (exchange) => exchange.json([1, null]), [1, null]],
    [
      'bytes',
      (exchange) => exchange.send(Uint8Array.of(0, 255, 254), 'image/png'),
      { captured: false, reason: 'Binary body not captured' },
    ],
    [
      'a large text',
      (exchange) => exchange.send('x'.repeat(600_000)),
      expect.objectContaining({ __truncated: true, preview: expect.stringMatching(/^"x{1999}$/) }),
    ],
  ])('hold a body that is %s', async (_kind, handler, payload) => {
    await using test = await startApplication(driver, (app) => app.on('get', '/x', handler));
    await (await test.request('/x')).arrayBuffer();
    const [event] = await test.events();
    expect(event?.responsePayload).toEqual(payload);
  });

  it('hold no request body that the application did not read, and no response body for HEAD', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', (exchange) => exchange.send('hello'));
    });
    await test.request('/x');
    await test.request('/x', { method: 'HEAD' });
    for (const event of await test.events()) {
      expect(event).not.toHaveProperty('requestPayload');
      expect(event.responsePayload).toBe(event.method === 'HEAD' ? undefined : 'hello');
    }
  });

  it('tell of requests that nobody answers', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', (exchange) => exchange.send('hello'));
    });
    await test.request('/none?q=1');
    expect(await test.events()).toEqual([
      expect.objectContaining({ endpoint: '/none', status: 'warning', statusCode: 404 }),
    ]);
    expect((await test.events())[0]?.metadata).not.toHaveProperty('route');
  });

  it('give the url as the client knows it, from behind proxies', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', (exchange) => exchange.send('hello'));
    });
    await test.request('/x?a=1', {
      headers: { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'shop.example.com, inner' },
    });
    const [event] = await test.events();
    expect(event?.requestUrl).toBe('https://shop.example.com/x?a=1');
  });

  it.each([
    ['/items/7', '/items/:id'],
    ['/shop/ada/items/7', '/shop/:owner/items/:id'],
    ['/shop/ada', '/shop/:owner'],
    ['/inner/items/7', '/inner/items/:id'],
    ['/one/shared', '/one/shared'],
    ['/two/shared', '/two/shared'],
  ])('give the pattern of the route, and one event, for %s', async (path, route) => {
    const item: Handler = (exchange) => exchange.json({ id: exchange.param('id') ?? null });
    await using test = await startApplication(driver, (app) => {
      app.use(async () => {});
      app.on('get', '/items/:id', async () => {}, item);
      app.mount('/shop/:owner', (router) => {
        router.use(async () => {});
        router.on('get', '/', item);
        router.on('get', '/items/:id', item);
      });
      app.mountApp('/inner', (inner) => inner.on('get', '/items/:id', item));
      const shared = (router: Application): void => router.on('get', '/shared', item);
      app.mount('/one', shared);
      app.mount('/two', shared);
    });
    const response = await test.request(path);
    expect(response.status).toBe(200);
    const events = await test.events();
    const known = driver.mountsUnknown === true ? route.replace(':owner', 'ada') : route;
    expect(events.map(({ endpoint, metadata }) => [endpoint, metadata?.['route']])).toEqual([
      [path, pattern(known)],
    ]);
  });

  it('are one for each request, on a connection that is kept', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/n/:n', (exchange) => exchange.json({ n: exchange.param('n') }));
    });
    for (let n = 0; n < 5; n++) await (await test.request(`/n/${n}`)).text();
    const events = await test.events();
    expect(events.map(({ responsePayload }) => responsePayload)).toEqual(
      ['0', '1', '2', '3', '4'].map((n) => ({ n })),
    );
    expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(5);
  });
}
