/** What is Koa's own: its error event, the answers that it makes itself, mounted apps, and what applications read of an app. */
import { once } from 'node:events';
import { createServer, ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import mount from 'koa-mount';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { koaApp } from '../../../runtime/adapters/koa.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let server: Server | undefined;

beforeEach(async () => {
  test = await startRuntime();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(async () => {
  vi.restoreAllMocks();
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await test[Symbol.asyncDispose]();
});

const create = (options = {}): Koa => koaApp(new Koa(options)) as Koa;

async function ask(app: Koa, path = '/', headers: Record<string, string> = {}): Promise<Response> {
  server ??= app.listen(0, '127.0.0.1');
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { connection: 'close', ...headers },
  });
  await response.clone().arrayBuffer();
  return response;
}

const failing = (thrown: unknown): Koa.Middleware => {
  return async () => {
    await Promise.resolve();
    throw thrown;
  };
};

const errors = async (): Promise<unknown[]> =>
  (await test.events()).map(({ statusCode, errorMessage, metadata }) => [
    statusCode,
    errorMessage,
    metadata?.['handled'],
  ]);

describe('an app of Koa', () => {
  it('does not hide which middleware awaits what fails', async () => {
    const app = create();
    app.use(async function authenticate(_, next) {
      await next();
    });
    app.use(async function order() {
      await new Promise(setImmediate);
      throw new RangeError('no order');
    });
    expect((await ask(app)).status).toBe(500);
    const [event] = await test.events();
    expect(event?.stackTrace).toMatch(/at order .*\n(.*\n)*?.*at (async )?authenticate /);
  });

  it('is what it was', () => {
    const plain = new Koa();
    const [keys, json] = [Object.keys(plain), plain.toJSON()];
    const app = koaApp(plain);
    expect(app).toBe(plain);
    expect([Object.keys(app), app.toJSON()]).toEqual([keys, json]);
    expect(Object.keys(app.context)).toEqual(Object.keys(new Koa().context));
    expect(app.listenerCount('error')).toBe(0);
    expect(koaApp(app).use).toBe(app.use);
  });

  it('knows its middleware by name, length and properties', () => {
    const middleware = Object.assign(async function named(): Promise<void> {}, { router: 'marked' });
    const app = create().use(middleware);
    expect(app.middleware).toHaveLength(1);
    const [known] = app.middleware as (typeof middleware)[];
    expect([known?.name, known?.length, known?.router]).toEqual(['named', 0, 'marked']);
    expect(Object.prototype.toString.call(known)).toBe('[object AsyncFunction]');
    expect(() => app.use('no middleware' as never)).toThrow('middleware must be a function!');
  });

  it.each([undefined, null, 1, {}, { callback() {}, handleRequest() {} }, new Router()])(
    'is not what looks otherwise: %j',
    (value) => {
      expect(koaApp(value)).toBe(value);
    },
  );

  it('answers as before without a client', async () => {
    await test.client.close();
    const app = create().use((context) => void (context.body = String(activeScope())));
    const response = await ask(app);
    expect([await response.text(), response.headers.get('x-trace-id')]).toEqual(['undefined', null]);
  });
});

describe('an error', () => {
  it('that Koa answers is unhandled, and Koa prints it as ever', async () => {
    const app = create().use(failing(new Error('broken')));
    const response = await ask(app, '/', { 'x-trace-id': 'mine' });
    expect([response.status, await response.text(), response.headers.get('x-trace-id')]).toEqual([
      500,
      'Internal Server Error',
      'mine',
    ]);
    expect(await errors()).toEqual([[500, 'broken', false]]);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('Error: broken'));
  });

  it('that the application listens for is unhandled, too', async () => {
    const app = create().use(failing(new Error('broken')));
    const heard = vi.fn();
    app.on('error', heard);
    await ask(app);
    expect(await errors()).toEqual([[500, 'broken', false]]);
    expect(heard).toHaveBeenCalledOnce();
    expect(console.error).not.toHaveBeenCalled();
  });

  it('of ctx.throw() is answered by what it says', async () => {
    const app = create().use((context) =>
      context.throw(422, 'A book needs a title', { headers: { 'x-why': '1' } }),
    );
    const response = await ask(app);
    expect([response.status, await response.text(), response.headers.get('x-why')]).toEqual([
      422,
      'A book needs a title',
      '1',
    ]);
    expect(await errors()).toEqual([[422, 'A book needs a title', false]]);
  });

  it('that middleware answers is handled', async () => {
    const app = create().use(async (context, next) => {
      await next().catch((error: Error) => {
        context.status = 503;
        context.body = error.message;
      });
    });
    await ask(app.use(failing(new Error('broken'))));
    expect(await errors()).toEqual([[503, 'broken', true]]);
  });

  it('that middleware tells the app of is handled, wherever it came from', async () => {
    const app = create().use(async (context) => {
      context.status = 502;
      context.app.emit('error', new Error('upstream'), context);
    });
    app.on('error', () => {});
    await ask(app);
    expect(await errors()).toEqual([[502, 'upstream', true]]);
  });

  it('is answered by Koa where a response has no list of its headers', async () => {
    class Bare extends ServerResponse {
      override getHeaderNames = undefined as never;
    }
    class Emulated extends ServerResponse {}
    Object.defineProperty(Emulated.prototype, 'getHeaderNames', { value: undefined });
    for (const Response of [Bare, Emulated]) {
      const app = create().use(failing(new Error('broken')));
      server = createServer({ ServerResponse: Response }, app.callback()).listen(0, '127.0.0.1');
      expect((await ask(app)).status).toBe(500);
      await new Promise((resolve) => server?.close(resolve));
      server = undefined;
    }
    expect(await errors()).toEqual([
      [500, 'broken', false],
      [500, 'broken', false],
    ]);
  });

  it('leaves other headers to Koa, and the response as it was', async () => {
    let response: object | undefined;
    const app = create().use(async (context) => {
      response = context.res;
      context.set('x-gone', '1');
      throw new Error('broken');
    });
    expect((await ask(app)).headers.get('x-gone')).toBeNull();
    expect(Object.hasOwn(response as object, 'getHeaderNames')).toBe(false);
  });
});

describe('a route', () => {
  const items = (prefix = ''): Router => {
    const router = new Router({ prefix });
    router.get('/items/:id', (context) => void (context.body = context.params['id']));
    return router;
  };
  const routeOf = async (): Promise<unknown> =>
    (await test.events()).map(({ metadata }) => metadata?.['route']);

  it('has the prefixes of its routers', async () => {
    const parent = new Router({ prefix: '/v1' });
    parent.use('/shops/:shop', items('/stock').routes());
    await ask(create().use(parent.routes() as Koa.Middleware), '/v1/shops/3/stock/items/7');
    expect(await routeOf()).toEqual(['/v1/shops/:shop/stock/items/:id']);
  });

  it('has the path that its app is mounted at', async () => {
    const inner = create().use(items().routes() as Koa.Middleware);
    await ask(create().use(mount('/inner', inner)), '/inner/items/7?page=2');
    expect(await routeOf()).toEqual(['/inner/items/:id']);
  });

  it('has no path of an app that was passed by', async () => {
    const passing = create().use((_, next) => next());
    const app = create()
      .use(mount('/v1', passing))
      .use(items('/v1').routes() as Koa.Middleware);
    await ask(app, '/v1/items/7');
    expect(await routeOf()).toEqual(['/v1/items/:id']);
  });

  it.each<[string, Koa.Middleware]>([
    ['answers', async (context) => void (context.status = 401)],
    ['throws', (context) => context.throw(401)],
    ['hands on', async (_, next) => await next()],
  ])('is that of the handler where middleware of its router %s', async (_does, middleware) => {
    const router = new Router({ prefix: '/v1' });
    router.use(middleware as never);
    router.get('/orders/:id', (context) => void (context.body = 'fine'));
    router.post('/orders/:any', (context) => void (context.body = 'never'));
    await ask(create().use(router.routes() as Koa.Middleware), '/v1/orders/7');
    expect(await routeOf()).toEqual(['/v1/orders/:id']);
  });

  it('is absent where none was found', async () => {
    await ask(create().use(items().routes() as Koa.Middleware), '/nowhere');
    expect(await test.events()).toMatchObject([{ statusCode: 404, metadata: { framework: 'koa' } }]);
    expect(await routeOf()).toEqual([undefined]);
  });
});

it('a body that a parser makes up is none', async () => {
  const app = create().use((context) => {
    Object.assign(context.request, { body: {} });
    context.body = 'fine';
  });
  await ask(app);
  const [event] = await test.events();
  expect(event).not.toHaveProperty('requestPayload');
});

describe('the server', () => {
  it('of the application hands the request over', async () => {
    const app = create().use((context) => void (context.body = 'fine'));
    server = nodeServer(createServer(app.callback())).listen(0, '127.0.0.1');
    await ask(app);
    expect(await test.events()).toMatchObject([{ metadata: { framework: 'koa' } }]);
  });

  it('knows the client by what proxies say, if they are trusted', async () => {
    const app = create({ proxy: true }).use((context) => void (context.body = context.ip));
    const response = await ask(app, '/', { 'x-forwarded-for': '10.1.2.3, 127.0.0.1' });
    expect(await response.text()).toBe('10.1.2.3');
    expect(await test.events()).toMatchObject([{ sourceIp: '10.1.2.3' }]);
  });
});
