/** What is h3's own: apps in apps, what an app asks of itself, and apps that stay what they are. */
import { H3, HTTPError, toNodeHandler, withBase } from 'h3';
import * as h3v1 from 'h3-1';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expressApp } from '../../../runtime/adapters/express.ts';
import { h3App } from '../../../runtime/adapters/h3.ts';
import { koaApp } from '../../../runtime/adapters/koa.ts';
import { adoptNitro } from '../../../runtime/adapters/nitro.ts';
import { express5 } from '../../support/express.ts';
import { build1, build2, H3_1, H3_2, h3Hooks } from '../../support/h3.ts';
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

type Fetch = (request: Request) => Promise<Response>;

describe('apps in apps', () => {
  it('version 1: give the whole route, also behind useBase and in a server of another framework', async () => {
    const router = h3v1.createRouter();
    router.get(
      '/items/:id',
      h3v1.defineEventHandler(() => 'item'),
    );
    router.get(
      '/',
      h3v1.defineEventHandler(() => 'all'),
    );
    const inner = h3App(h3v1.createApp());
    inner.use(router);
    const app = h3App(h3v1.createApp());
    app.use('/used', inner.handler);
    app.use('/based', h3v1.useBase('/based', router.handler));
    await using server = await startServer(h3v1.toNodeListener(app));
    for (const path of ['/used/items/7', '/based/items/7', '/used', '/based/'])
      expect((await fetch(server.url + path)).status).toBe(200);
    expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
      '/used/items/:id',
      '/based/items/:id',
      '/used',
      '/based',
    ]);
  });

  it('version 2: give the whole route', async () => {
    const inner = h3App(new H3());
    inner.get('/items/:id', () => 'item');
    const app = h3App(new H3());
    app.mount('/mounted', inner);
    app.mount('/fetched', { fetch: inner.fetch });
    app.all('/based/**', withBase('/based', inner));
    app.use('/used/**', withBase('/used', inner));
    await using server = await startServer(toNodeHandler(app) as never);
    for (const base of ['/mounted', '/fetched', '/based', '/used'])
      expect((await fetch(`${server.url}${base}/items/7`)).status).toBe(200);
    expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
      '/mounted/items/:id',
      '/fetched/items/:id',
      '/based/items/:id',
      '/used/items/:id',
    ]);
  });

  it('version 2: give the whole route without a server of Node as well, in the words of the outer one', async () => {
    const inner = h3App(new H3());
    inner.get('/:id/crew', () => 'crew').get('/', () => 'all');
    const app = h3App(new H3());
    app.use('/used/**', withBase('/used', inner));
    app.all('/ships/:id/**', withBase('/ships', inner));
    app.all('/fleets/:name/**', (event) =>
      withBase(`/fleets/${event.context.params?.['name']}`, inner)(event),
    );
    for (const path of ['/used/7/crew', '/used/', '/ships/7/crew', '/fleets/one/7/crew'])
      expect((await app.request(path)).status).toBe(200);
    expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
      '/used/:id/crew',
      '/used',
      '/ships/:id/crew',
      '/fleets/:name/:id/crew',
    ]);
  });

  it.each([H3_1, H3_2])(
    'are one event where another framework has the request first: $name',
    async (driver) => {
      const listener = driver.build((app) => app.on('get', '/x', (exchange) => exchange.send('ok')), h3Hooks);
      const express = expressApp(express5());
      express.use(listener as never);
      const koa = koaApp(new Koa());
      koa.use(async ({ req, res, ...context }) => {
        Object.assign(context, { respond: false });
        await (listener(req, res) as unknown as Promise<void>);
      });
      for (const outer of [express, koa.callback()]) {
        await using server = await startServer(outer as never);
        expect(await (await fetch(`${server.url}/x`)).text()).toBe('ok');
        await server.idle();
      }
      expect((await test.events()).map(({ metadata }) => metadata?.['framework'])).toEqual([
        'express',
        'koa',
      ]);
    },
  );
});

describe('what an app asks of itself', () => {
  it('is part of the request that asks, in version 1', async () => {
    const app = h3App(h3v1.createApp());
    const web = h3v1.toWebHandler(app);
    const router = h3v1.createRouter();
    router.get(
      '/page',
      h3v1.defineEventHandler(async () => await (await web(new Request('http://x/api'))).text()),
    );
    router.get(
      '/api',
      h3v1.defineEventHandler(() => 'data'),
    );
    app.use(router);
    await using server = await startServer(h3v1.toNodeListener(app));
    expect(await (await fetch(`${server.url}/page`)).text()).toBe('data');
    expect(await test.events()).toMatchObject([{ endpoint: '/page', metadata: { route: '/page' } }]);
  });

  it('is part of the request that asks, in version 2', async () => {
    const app = h3App(new H3());
    app.get('/**', async () => await (await app.request('/api/data')).text());
    app.get('/api/data', () => 'data');
    await using server = await startServer(toNodeHandler(app) as never);
    expect(await (await fetch(`${server.url}/page`)).text()).toBe('data');
    expect(await test.events()).toMatchObject([{ endpoint: '/page', metadata: { route: '/**' } }]);
  });
});

describe('errors of h3', () => {
  it.each([
    ['1', h3v1],
    ['2', undefined],
  ])('are not those of what an app asks of itself: version %s', async (_version, h3) => {
    const build = h3 === undefined ? build2 : build1;
    let ask: Fetch = async () => new Response();
    const app = build((app) => {
      app.on('get', '/fails', () => {
        throw new Error('broken');
      });
      app.on('get', '/page', async (exchange) => {
        const { status } = await ask(new Request('http://x/fails'));
        return exchange.json({ status });
      });
    }, h3Hooks);
    ask = (h3 === undefined ? (app as H3).fetch : h3.toWebHandler(app as h3v1.App)) as Fetch;
    const listener = h3 === undefined ? toNodeHandler(app as H3) : h3.toNodeListener(app as h3v1.App);
    await using server = await startServer(listener as never);
    expect(await (await fetch(`${server.url}/page`)).json()).toEqual({ status: 500 });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).not.toHaveProperty('errorName');
  });

  it('are the ones that were thrown, where h3 has made others of them', async () => {
    const thrown = new RangeError('in middleware');
    const middleware = h3v1.fromNodeMiddleware((_request, _response, next) => next(thrown));
    const app = h3App(h3v1.createApp());
    app.use(middleware);
    await using server = await startServer(h3v1.toNodeListener(app));
    await (await fetch(`${server.url}/x`)).text();
    expect(await test.events()).toMatchObject([{ errorName: 'RangeError', errorMessage: 'in middleware' }]);
  });

  it.each([
    ['HTTPError', 404, 'warning', () => new HTTPError({ status: 404, message: 'No such ship' })],
    ['RangeError', 500, 'failed', async () => new RangeError('No such ship')],
  ])('may be returned: a %s', async (errorName, statusCode, status, handler) => {
    const app = h3App(new H3({ silent: true }));
    app.get('/x', handler);
    expect((await app.request('/x')).status).toBe(statusCode);
    expect(await test.events()).toMatchObject([
      { status, statusCode, errorName, errorMessage: 'No such ship', metadata: { handled: false } },
    ]);
  });

  it('may be returned, and answered by the application', async () => {
    const app = h3App(new H3({ onError: () => 'sorry' }));
    app.get('/x', () => new RangeError('No such ship'));
    expect(await (await app.request('/x')).text()).toBe('sorry');
    expect(await test.events()).toMatchObject([{ errorName: 'RangeError', metadata: { handled: true } }]);
  });

  it('may be meant as answers', async () => {
    const app = h3App(new H3({ onError: () => {} }));
    app.get('/x', () => {
      throw new HTTPError({ status: 404, message: 'No such order', cause: new Error('deeper') });
    });
    expect((await app.request('/x')).status).toBe(404);
    expect(await test.events()).toMatchObject([
      {
        status: 'warning',
        errorName: 'HTTPError',
        errorMessage: 'No such order',
        metadata: { handled: false },
      },
    ]);
  });
});

describe('an app of h3', () => {
  const apps: [string, () => Record<string, unknown>][] = [
    ['1', () => h3v1.createApp({ onError() {} }) as never],
    ['2', () => new H3({ onError() {} }) as never],
  ];

  it.each(apps)('%s is what it was', (_version, create) => {
    const app = create();
    const before = describeOf(app);
    expect(h3App(app)).toBe(app);
    expect(describeOf(app)).toEqual(before);
    const { handler } = app;
    expect(h3App(app)['handler']).toBe(handler);
  });

  it('shares its options with another one, whose error handler is wrapped once', () => {
    const options = { onError() {} };
    h3App(h3v1.createApp(options));
    const { onError } = options;
    h3App(h3v1.createApp(options));
    expect(options.onError).toBe(onError);
  });

  it('prints what it printed, with an error handler and without', async () => {
    for (const config of [{}, { onError() {} }]) {
      const print = async (app: H3): Promise<number> => {
        app.get('/x', () => {
          throw new Error('broken');
        });
        vi.mocked(console.error).mockClear();
        await app.request('/x');
        return vi.mocked(console.error).mock.calls.length;
      };
      expect(await print(h3App(new H3({ ...config })))).toBe(await print(new H3({ ...config })));
    }
  });

  it.each([undefined, null, 1, {}, new Map(), { handler: () => {} }, Object.freeze(new H3())])(
    'is not %s, which is handed back',
    (value) => {
      expect(h3App(value)).toBe(value);
      expect(() => adoptNitro(value, 'nitro')).not.toThrow();
    },
  );

  it('may be called with what is no event', async () => {
    const app = h3App(h3v1.createApp());
    await expect(app.handler({} as never)).rejects.toThrow(TypeError);
  });
});

/** What can be told of an app and its functions. */
function describeOf(app: Record<string, unknown>): unknown {
  return Object.keys(app).map((key) => {
    const value = key === 'websocket' ? undefined : app[key];
    return [
      key,
      typeof value,
      ...(typeof value === 'function' ? [value.name, value.length, Object.keys(value)] : []),
    ];
  });
}
