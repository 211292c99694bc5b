/** What is Elysia's own: what it reads in handlers, hooks and their order, plugins, streams, schemas, and its ways to be called. */
import { node } from '@elysiajs/node';
import { Elysia, NotFoundError, status, t } from 'elysia';
import { BunAdapter } from 'elysia/adapter/bun';
import { createBunRouteHandler } from 'elysia/adapter/bun/compose';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { elysiaApp } from '../../../runtime/adapters/elysia.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(async () => await test[Symbol.asyncDispose]());

type WebHandler = Pick<Elysia, 'handle'>;

/** Of the app as a web handler: status and text. */
async function ask({ handle }: WebHandler, path: string, init?: RequestInit): Promise<[number, string]> {
  const response = await handle(new Request(`http://localhost${path}`, init));
  return [response.status, await response.text()];
}

const json = (value: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const told = async (): Promise<unknown[]> =>
  (await test.events()).map(({ statusCode, errorMessage, metadata }) => [
    statusCode,
    metadata?.['route'],
    errorMessage,
    metadata?.['handled'],
  ]);

describe('an app of Elysia', () => {
  it('is what it was', () => {
    const plain = new Elysia({ prefix: '/v1' }).get('/x/:id', ({ params }) => params.id);
    const keys = Object.keys(plain);
    const app = elysiaApp(plain);
    expectTypeOf(app).toEqualTypeOf<typeof plain>();
    expect(app).toBe(plain);
    expect(Object.keys(app)).toEqual(keys);
    expect(app.fetch).toBe(app.fetch);
    expect([app.fetch.name, app.fetch.length]).toEqual(['map', 1]);
    expect(elysiaApp(app).fetch).toBe(app.fetch);
    expect(app.compile()).toBe(app);
  });

  it.each([undefined, null, 1, {}, { compile() {}, handleError() {}, wrap() {}, router: null }])(
    'is not what looks otherwise: %j',
    (value) => {
      expect(elysiaApp(value)).toBe(value);
    },
  );

  it('answers as before without a client', async () => {
    await test.client.close();
    const app = elysiaApp(new Elysia()).get('/', () => String(activeScope()));
    expect(await ask(app, '/')).toEqual([200, 'undefined']);
  });

  it.each([true, false])('is captured as a handler of Requests, compiled: %s', async (aot) => {
    const app = elysiaApp(new Elysia({ aot })).post('/orders/:id', ({ body, params }) => ({
      id: params.id,
      body,
    }));
    const request = new Request('http://localhost/orders/7?page=2', json({ item: 'tea', password: 'x' }));
    const response = await app.handle(request);
    expect(await response.json()).toEqual({ id: '7', body: { item: 'tea', password: 'x' } });
    expect(await test.events()).toEqual([
      expect.objectContaining({
        traceId: response.headers.get('x-trace-id'),
        method: 'POST',
        requestUrl: 'http://localhost/orders/7?page=2',
        statusCode: 200,
        requestPayload: { item: 'tea', password: '[MASKED]' },
        responsePayload: { id: '7', body: { item: 'tea', password: '[MASKED]' } },
        metadata: { framework: 'elysia', route: '/orders/:id' },
      }),
    ]);
  });

  it('is captured when it has been compiled again', async () => {
    const app = elysiaApp(new Elysia()).get('/x', 'x');
    await ask(app, '/x');
    app.get('/y', 'y').compile();
    expect(await ask(app, '/y')).toEqual([200, 'y']);
    expect(await told()).toEqual([
      [200, '/x', undefined, undefined],
      [200, '/y', undefined, undefined],
    ]);
  });

  it('runs the hooks of the application as ever', async () => {
    const run = async (app: Elysia): Promise<string[]> => {
      const order: string[] = [];
      const note = (name: string) => (): void => void order.push(name);
      app
        .wrap((handle) => (request: Request) => {
          order.push('wrap');
          return handle(request);
        })
        .onRequest(note('request'))
        .onParse(note('parse'))
        .onTransform(note('transform'))
        .onBeforeHandle(note('beforeHandle'))
        .onAfterHandle(note('afterHandle'))
        .mapResponse(note('mapResponse'))
        .onError(note('error'))
        .post('/x', ({ body }) => body)
        .get('/broken', () => {
          throw new Error('broken');
        });
      await ask(app, '/x', json({}));
      await ask(app, '/broken');
      return order;
    };
    expect(await run(elysiaApp(new Elysia()))).toEqual(await run(new Elysia()));
  });
});

describe('what Elysia reads in functions', () => {
  /** What it has prepared, seen by what is there. */
  const seen = (context: object): string => Object.keys(context).sort().join();
  const apps = {
    nothing: (app: Elysia) => app.post('/x', () => 'x'),
    query: (app: Elysia) => app.post('/x', ({ query }) => query),
    'the body, in an error handler': (app: Elysia) =>
      app
        .onError(({ body, error }) => ({ body, message: String(error) }))
        .post('/x', () => {
          throw new Error('broken');
        }),
    'headers and cookies, in an async error handler': (app: Elysia) =>
      app
        .onError(async ({ headers, cookie }) => ({ a: headers['x-a'], b: cookie['b']?.value }))
        .post('/x', () => {
          throw new Error('broken');
        }),
    'an error handler that returns nothing': (app: Elysia) =>
      app
        .onError(({ set }) => {
          set.headers['x-sorry'] = 'yes';
        })
        .post('/x', () => {
          throw new Error('broken');
        }),
    'the context, handed on': (app: Elysia) => app.post('/x', (context) => seen(context)),
    'the route': (app: Elysia) => app.post('/x', ({ route }) => route),
  };

  it.each(Object.entries(apps))('is the same: %s', async (_, define) => {
    const answers = [];
    for (const create of [() => new Elysia(), () => elysiaApp(new Elysia())]) {
      const app = define(create());
      const response = await app.handle(
        new Request('http://localhost/x?q=1', {
          ...json({ item: 'tea' }),
          headers: { 'content-type': 'application/json', 'x-a': 'a', cookie: 'b=1' },
        }),
      );
      response.headers.delete('x-trace-id');
      const { inference, event, router } = app as unknown as {
        inference: object;
        event: { error?: { fn: unknown; isAsync?: boolean; hasReturn?: boolean }[] };
        router: { history: { composed: unknown }[] };
      };
      answers.push({
        text: await response.text(),
        headers: [...response.headers],
        inference,
        hooks: event.error?.map(({ fn, isAsync, hasReturn }) => [String(fn), isAsync, hasReturn]),
        // The program that Elysia has written.
        compiled: router.history.map(({ composed }) => String(composed)),
      });
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe('a route', () => {
  it.each([
    ['/', '/'],
    ['/plain', '/plain'],
    ['/plain/', '/plain'],
    ['/v1/items/7', '/v1/items/:id'],
    ['/v1/items/7/', '/v1/items/:id'],
    ['/group/x/deep', '/group/:name/deep'],
    ['/named/7', '/named/:id'],
    ['/files/a/b.txt', '/files/*'],
    ['/maybe', '/maybe/:id?'],
    ['/h%C3%A4user/1', '/häuser/:id'],
    ['/caf%C3%A9', '/café'],
    ['/lazy/7', '/lazy/:id'],
  ])('has its pattern: %s', async (path, route) => {
    const plugin = elysiaApp(new Elysia({ prefix: '/v1' })).get('/items/:id', () => 'item');
    const named = elysiaApp(new Elysia({ name: 'named' })).get('/named/:id', () => 'named');
    const lazy = Promise.resolve({ default: elysiaApp(new Elysia()).get('/lazy/:id', () => 'lazy') });
    const app = elysiaApp(new Elysia())
      .get('/', 'home')
      .get('/plain', () => 'plain')
      .use(plugin)
      .use(named)
      .group('/group/:name', (group) => group.get('/deep', () => 'deep'))
      .get('/files/*', () => 'file')
      .get('/maybe/:id?', () => 'maybe')
      .get('/häuser/:id', () => 'house')
      .get('/café', () => 'coffee')
      .use(lazy);
    await app.modules;
    expect((await ask(app, path))[0]).toBe(200);
    expect(await told()).toEqual([[200, route, undefined, undefined]]);
  });

  it('is there for every method that it answers', async () => {
    const app = elysiaApp(new Elysia())
      .get('/x/:id', () => 'x')
      .all('/all', () => 'all');
    await ask(app, '/x/7', { method: 'HEAD' });
    await ask(app, '/all', { method: 'PUT' });
    await ask(app, '/x/7', { method: 'DELETE' });
    expect(await told()).toEqual([
      [200, '/x/:id', undefined, undefined],
      [200, '/all', undefined, undefined],
      [404, undefined, undefined, undefined],
    ]);
  });

  it('of an app that is mounted is that of the mount', async () => {
    const inner = elysiaApp(new Elysia()).get('/x', () => String(activeScope() !== undefined));
    const app = elysiaApp(new Elysia()).mount('/inner', inner.fetch);
    expect((await ask(app, '/inner/x'))[1]).toBe('true');
    expect(await told()).toEqual([[200, '/inner/*', undefined, undefined]]);
  });
});

describe('an error', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  it.each([true, false])('that nobody answers is unhandled, compiled: %s', async (aot) => {
    const app = elysiaApp(new Elysia({ aot })).get('/x', broken);
    expect(await ask(app, '/x')).toEqual([500, 'broken']);
    expect(await told()).toEqual([[500, '/x', 'broken', false]]);
  });

  it.each([true, false])('that a hook answers is handled, compiled: %s', async (aot) => {
    const app = elysiaApp(new Elysia({ aot }))
      .onError(() => {})
      .onError(async ({ set }) => {
        set.status = 503;
        return 'sorry';
      })
      .get('/x', broken);
    expect(await ask(app, '/x')).toEqual([503, 'sorry']);
    expect(await told()).toEqual([[503, '/x', 'broken', true]]);
  });

  it('is looked at by hooks of a route, a guard, and a plugin from elsewhere', async () => {
    const elsewhere = new Elysia({ name: 'elsewhere' }).onError({ as: 'global' }, ({ code }) =>
      code === 'NOT_FOUND' ? undefined : 'from elsewhere',
    );
    const app = elysiaApp(new Elysia())
      .get('/route', broken, { error: () => 'sorry' })
      .guard({ error: () => 'guarded' }, (guarded) => guarded.get('/guard', broken))
      .use(elsewhere)
      .get('/plugin', broken)
      .onRequest(({ request }) => {
        if (request.url.endsWith('/early')) throw new Error('early');
      });
    for (const [path, text] of [
      ['/route', 'sorry'],
      ['/guard', 'guarded'],
      ['/plugin', 'from elsewhere'],
      ['/early', 'from elsewhere'],
    ] as const) {
      expect((await ask(app, path))[1]).toBe(text);
    }
    expect(await told()).toEqual([
      [500, '/route', 'broken', true],
      [500, '/guard', 'broken', true],
      [500, '/plugin', 'broken', true],
      [200, undefined, 'early', true],
    ]);
  });

  it.each([true, false])('is none where a path leads nowhere, compiled: %s', async (aot) => {
    const app = elysiaApp(new Elysia({ aot }))
      .onError(({ code }) => (code === 'NOT_FOUND' ? 'nowhere' : undefined))
      .get('/gone/:id', () => {
        throw new NotFoundError('gone');
      });
    for (const path of ['/none', '/gone/7']) expect((await ask(app, path))[1]).toBe('nowhere');
    // What is not compiled forgets the status.
    const code = aot ? 404 : 200;
    expect(await told()).toEqual([
      [code, undefined, undefined, undefined],
      [code, '/gone/:id', 'gone', true],
    ]);
  });

  it('of a schema is unhandled; a status is none, and what has an answer of its own is handled', async () => {
    class Teapot extends Error {
      toResponse(): Response {
        return new Response('short and stout', { status: 418 });
      }
    }
    const app = elysiaApp(new Elysia())
      .post('/valid', () => 'x', { body: t.Object({ item: t.String() }) })
      .get('/status', () => {
        throw status(401, 'Who are you?');
      })
      .get('/returned', ({ status }) => status(409, 'Taken'))
      .get('/teapot', () => {
        throw new Teapot('I am a teapot');
      });
    expect((await ask(app, '/valid', json({})))[0]).toBe(422);
    expect(await ask(app, '/status')).toEqual([401, 'Who are you?']);
    expect(await ask(app, '/returned')).toEqual([409, 'Taken']);
    expect(await ask(app, '/teapot')).toEqual([418, 'short and stout']);
    expect((await told()).sort()).toEqual([
      [401, '/status', undefined, undefined],
      [409, '/returned', undefined, undefined],
      [418, '/teapot', 'I am a teapot', true],
      [422, '/valid', expect.stringContaining('item'), false],
    ]);
  });
});

describe("a route of Bun's server, which leads past fetch", () => {
  it.each([true, false])('is captured, with something around it: %s', async (around) => {
    const app = elysiaApp(new Elysia({ adapter: BunAdapter }));
    if (around) app.onRequest(() => {});
    app.get('/x/:id', ({ params }) => params.id).compile();
    app.compile();
    const { higherOrderFunctions } = (app as unknown as { extender: { higherOrderFunctions: unknown[] } })
      .extender;
    // Were there any, Bun would not be given the answers that are always the same.
    expect(higherOrderFunctions).toHaveLength(around ? 1 : 0);
    const serve = createBunRouteHandler(app, app.routes[0] as never);
    const request = Object.assign(new Request('http://localhost/x/7'), { params: { id: '7' } });
    const response = (await serve(request)) as Response;
    expect([await response.text(), response.headers.get('x-trace-id')]).toEqual(['7', expect.any(String)]);
    expect(await told()).toEqual([[200, '/x/:id', undefined, undefined]]);
  });
});

describe('what is no event of its own', () => {
  it('is what an app asks of itself', async () => {
    const app = elysiaApp(new Elysia()).get('/inner', () => 'inner');
    app.get('/outer', async () => (await ask(app, '/inner'))[1]);
    expect((await ask(app, '/outer'))[1]).toBe('inner');
    expect(await told()).toEqual([[200, '/outer', undefined, undefined]]);
  });

  it('is a socket that opens', async () => {
    const app = elysiaApp(new Elysia()).get('/socket', () => 'open');
    expect(await ask(app, '/socket', { headers: { upgrade: 'websocket' } })).toEqual([200, 'open']);
    expect(await told()).toEqual([]);
  });
});

describe('a generator', () => {
  it('streams, and its first piece is part of the request', async () => {
    const app = elysiaApp(new Elysia({ adapter: node() })).get('/pieces', async function* () {
      yield String(activeScope() !== undefined);
      yield ' and more';
    });
    const { body } = await app.handle(new Request('http://localhost/pieces'));
    const pieces = [];
    for await (const piece of body ?? []) pieces.push(piece);
    expect(pieces).toEqual(['true', ' and more']);
    expect(await test.events()).toMatchObject([
      { responsePayload: { captured: false }, metadata: { route: '/pieces' } },
    ]);
  });
});
