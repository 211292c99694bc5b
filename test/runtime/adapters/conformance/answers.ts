/** What the client of an application sees: the same as without us. */
import { request } from 'node:http';
import { expect, it } from 'vitest';
import type { Application, Driver } from '../../../support/application.ts';
import { jsonBody, NO_HOOKS, startApplication } from '../../../support/application.ts';
import { startServer } from '../../../support/server.ts';

const BYTES: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 2000 }, (_, index) => index * 7);

/** Every kind of answer that an application can give. */
function define(app: Application): void {
  app.use(async (exchange) => {
    if (exchange.header('x-stop')) throw new Error('stopped');
  });
  app.on('get', '/json', (exchange) => exchange.json({ a: [1, { b: 'ü' }] }));
  app.on('get', '/text', (exchange) => exchange.send('text'));
  app.on('get', '/empty', (exchange) => exchange.send(''));
  app.on('get', '/no-content', (exchange) => exchange.send(null, undefined, 204));
  app.on('get', '/bytes', (exchange) => exchange.send(BYTES, 'application/octet-stream'));
  app.on('get', '/large', (exchange) => exchange.send('x'.repeat(700_000), 'text/html'));
  app.on('get', '/moved', (exchange) => exchange.redirect('/json'));
  app.on('get', '/later', async (exchange) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return exchange.json({ later: true }, 202);
  });
  app.on('get', '/pieces', (exchange) =>
    exchange.stream('text/plain', async (write) => {
      await write('one ');
      await write('two ');
    }),
  );
  app.on('post', '/echo', async (exchange) => exchange.json(await exchange.body()));
  app.on('get', '/throws', () => {
    throw new TypeError('thrown');
  });
  app.on('get', '/rejects', async () => {
    await Promise.resolve();
    throw new TypeError('rejected');
  });
  app.on('get', '/passes', (exchange) => exchange.pass(new RangeError('passed')));
  app.on('get', '/teapot', () => {
    throw Object.assign(new Error('short and stout'), { status: 418 });
  });
  app.on('get', '/items/:id', (exchange) => exchange.json({ id: exchange.param('id') }));
  app.mount('/nested', (router) => {
    router.on('get', '/items/:id', (exchange) => exchange.json({ nested: exchange.param('id') }));
    router.mount('/deeper', (router) => {
      router.on('get', '/', (exchange) => exchange.json({ deeper: true }));
    });
  });
  app.mountApp('/app', (inner) => {
    inner.on('get', '/fails', () => {
      throw new Error('inside');
    });
    inner.on('get', '/works', (exchange) => exchange.json({ inner: true }));
    inner.onError((_error, exchange) => exchange.json({ caught: 'inside' }, 503));
  });
}

const CALLS: [path: string, init?: RequestInit][] = [
  ['/json'],
  ['/json', { method: 'HEAD' }],
  ['/json', { method: 'OPTIONS' }],
  ['/json', { method: 'DELETE' }],
  ['/json?a=1&b=%20', { headers: { 'if-none-match': '*' } }],
  ['/text'],
  ['/empty'],
  ['/no-content'],
  ['/bytes'],
  ['/large'],
  ['/moved'],
  ['/later'],
  ['/pieces'],
  ['/echo', jsonBody({ text: 'ü'.repeat(50_000) })],
  ['/echo', { ...jsonBody({}), body: '{"broken":' }],
  ['/throws'],
  ['/rejects'],
  ['/passes'],
  ['/teapot'],
  ['/items/7'],
  ['/items/%E0%A4%A'],
  ['/nested/items/8'],
  ['/nested/deeper'],
  ['/app/fails'],
  ['/app/works'],
  ['/app/none'],
  ['/none'],
  ['/json', { headers: { 'x-stop': '1' } }],
  ['/health'],
];

export function answers(driver: Driver): void {
  it.each([true, false])('are the same as without us, with an error handler: %s', async (handled) => {
    const whole = (app: Application): void => {
      define(app);
      if (handled) app.onError((error, exchange) => exchange.json({ error: String(error) }, 500));
    };
    await using test = await startApplication(driver, whole);
    await using plain = await startServer(driver.build(whole, NO_HOOKS));
    for (const [path, init] of CALLS) {
      expect(await answerOf(test.url + path, init), path).toEqual(await answerOf(plain.url + path, init));
    }
    expect(test.errors).toEqual([]);
    const events = await test.events();
    expect(events.map(({ endpoint }) => endpoint)).toEqual(
      CALLS.map(([path]) => path.replace(/\?.*/, '')).filter((path) => path !== '/health'),
    );
  });

  it('reach the client piece by piece, while the response is still open', async () => {
    let next: (() => void) | undefined;
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/pieces', (exchange) =>
        exchange.stream('text/plain', async (write) => {
          for (const piece of ['one', 'two', 'three']) {
            await write(piece);
            await new Promise<void>((resolve) => (next = resolve));
          }
        }),
      );
    });
    const response = await test.request('/pieces');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (const piece of ['one', 'two', 'three']) {
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe(piece);
      // The producer waits for us: nothing of this piece was held back to go with the next one.
      await expect.poll(() => next).toBeDefined();
      next?.();
      next = undefined;
    }
    expect((await reader.read()).done).toBe(true);
    const [event] = await test.events();
    expect(event?.responsePayload).toEqual({
      captured: false,
      reason: 'Streaming response body not captured',
    });
  });

  it('carry the trace id of the request, or a new one', async () => {
    await using test = await startApplication(driver, define);
    const sent = await test.request('/json', { headers: { 'x-trace-id': 'abc-123' } });
    expect(sent.headers.get('x-trace-id')).toBe('abc-123');
    const own = await test.request('/throws');
    expect(own.headers.get('x-trace-id')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/,
    );
    const ids = (await test.events()).map(({ traceId }) => traceId);
    expect(ids).toEqual(['abc-123', own.headers.get('x-trace-id')]);
  });

  it.each(['', 'x'.repeat(201), 'with space', 'ünïcode', '"quoted"<>'])(
    'do not carry an absurd trace id on: %s',
    async (absurd) => {
      await using test = await startApplication(driver, define);
      const answer = await rawRequest(test.url + '/json', {
        'x-trace-id': Buffer.from(absurd).toString('latin1'),
      });
      const [event] = await test.events();
      expect(answer).toBe(event?.traceId);
      expect(answer).toMatch(absurd === '"quoted"<>' ? /^"quoted"<>$/ : /^[\da-f-]{36}$/);
    },
  );
}

/** All that can be told of an answer, but for what differs from one request to the next. */
async function answerOf(url: string, init?: RequestInit): Promise<object> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const headers = new Map(response.headers);
  for (const name of ['date', 'x-trace-id']) headers.delete(name);
  // Some say where it was that they found nothing.
  const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
  const bytes = Buffer.from(text.replaceAll(new URL(url).origin, ''), 'latin1');
  const { status, statusText } = response;
  // The stack on an error page tells where our wrappers are; its first line is the application's.
  const isErrorPage = /^<!DOCTYPE html>.*<pre>/s.test(bytes.toString());
  if (isErrorPage) headers.delete('content-length');
  const body = isErrorPage ? bytes.toString().replace(/<br>.*/s, '') : bytes.toString('base64');
  return { status, statusText, headers: Object.fromEntries(headers), body };
}

/** The trace id of the answer to a request whose headers fetch would not send. */
function rawRequest(url: string, headers: Record<string, string>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.headers['x-trace-id'] as string | undefined));
    })
      .on('error', reject)
      .end();
  });
}
