/** TanStack Start where there is no server of Node's, and what its hooks leave alone. Real applications are in test/frameworks. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  tanStackFunction,
  tanStackRouter,
  tanStackRpc,
  tanStackServer,
} from '../../../runtime/adapters/tanstack-start.ts';
import type { EventDraft } from '../../../runtime/event/build-event.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime({ ignoredPaths: ['/internal'] })));
afterEach(() => test[Symbol.asyncDispose]());

type Fetch = (request: Request) => Promise<Response>;

const CALL = 'https://shop.example.com/_serverFn/4f?payload=SECRET&createServerFn';

/** As Start answers what a function gives. */
function written(): Response {
  return Response.json({ k: ['password'], v: ['SECRET'] }, { headers: { 'x-tss-serialized': 'true' } });
}

/** Has a server of Node's call it, as srvx does. Resolves with the body of the answer. */
async function onNode(fetch: Fetch, path: string): Promise<string> {
  const server = createServer(async (req, res) => {
    const request = new Request(`http://localhost${req.url}`);
    const { status, headers, body } = await fetch(
      Object.assign(request, { runtime: { node: { req, res } } }),
    );
    res.writeHead(status, Object.fromEntries(headers));
    for await (const piece of body ?? []) res.write(piece);
    res.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const answer = await globalThis.fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const text = await answer.text();
  server.close();
  return text;
}

describe('a server function', () => {
  it('tells what it was called with and what it gave, not how that was written', async () => {
    const order = tanStackFunction(
      true,
      async (_: { data: unknown }) => ({ password: 'SECRET', n: 2 }),
      'order',
    );
    const server = tanStackServer({
      async fetch(_: Request) {
        await order({ data: { password: 'SECRET', n: 1 } });
        // A function that the first one calls.
        await order({ data: 'another' });
        return written();
      },
    });
    await server.fetch(new Request(CALL));
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      requestUrl: 'https://shop.example.com/_serverFn/4f?payload=[MASKED]&createServerFn',
      requestPayload: { password: '[MASKED]', n: 1 },
      responsePayload: { password: '[MASKED]', n: 2 },
      metadata: { framework: 'tanstack-start', action: 'order' },
    });
    expect(JSON.stringify(event)).not.toContain('SECRET');
  });

  it('that is never reached leaves no payload', async () => {
    const server = tanStackServer({ fetch: async (_: Request) => written() });
    await server.fetch(new Request(CALL, { method: 'POST', body: '{"k":["password"],"v":["SECRET"]}' }));
    const [event] = await test.events();
    expect(event).not.toHaveProperty('requestPayload');
    expect(event).not.toHaveProperty('responsePayload');
    expect(JSON.stringify(event)).not.toContain('SECRET');
  });

  it('says as little of itself when an error ends the process meanwhile', async () => {
    const draft: EventDraft = {};
    const server = tanStackServer({
      async fetch(_: Request) {
        const scope = activeScope();
        scope?.describe?.(draft, scope.exchange);
        return written();
      },
    });
    await onNode(server.fetch, '/_serverFn/4f?payload=SECRET');
    expect(draft.requestUrl).toMatch(/\/_serverFn\/4f\?payload=\[MASKED\]$/);
  });

  it('that a page calls is part of the page', async () => {
    const order = tanStackFunction(true, async (_: { data: unknown }) => 'SECRET', 'order');
    const fetch: Fetch = tanStackServer(async () =>
      Response.json(await order({ data: 'SECRET' }), { status: 201 }),
    );
    await fetch(new Request('https://shop.example.com/orders'));
    const [event] = await test.events();
    expect(event).toMatchObject({ statusCode: 201, metadata: { framework: 'tanstack-start' } });
    expect(event?.metadata).not.toHaveProperty('action');
    expect(event).not.toHaveProperty('requestPayload');
  });

  it('fails with its own error, by identity, and the event says so', async () => {
    const wrong = new RangeError('Not that many');
    const order = tanStackFunction(true, (_: object) => Promise.reject(wrong), 'order');
    const server = tanStackServer({
      async fetch(_: Request) {
        expect(await order({}).catch((error: unknown) => error)).toBe(wrong);
        return written();
      },
    });
    await server.fetch(new Request(CALL));
    const [event] = await test.events();
    expect(event).toMatchObject({
      status: 'failed',
      statusCode: 200,
      errorName: 'RangeError',
      metadata: { handled: false },
    });
  });

  describe('as Start calls it, whoever has made it', () => {
    type Call = (opts: { data: unknown }) => Promise<{ result?: unknown; error?: unknown }>;
    const createServerRpc = tanStackRpc('createServerRpc', '', (about: object | string, call: Call) =>
      Object.assign(call, { url: '/_serverFn/4f', about }),
    );
    const calling = async (call: Call): Promise<void> => {
      const server = tanStackServer({
        async fetch(_: Request) {
          await call({ data: { password: 'SECRET', n: 1 } });
          return written();
        },
      });
      await server.fetch(new Request(CALL));
    };

    it('tells its name, what it was called with and what it gave', async () => {
      const order = tanStackFunction(true, async (_: { data: unknown }) => ({ n: 3 }), 'inner');
      const call: Call = async ({ data }) => ({
        result: { token: 'SECRET', n: [data, await order({ data })] },
      });
      const made = createServerRpc({ id: '4f', name: 'order' }, call);
      expect({ ...made }).toMatchObject({ url: '/_serverFn/4f', about: { name: 'order' } });
      await calling(made);
      const [event] = await test.events();
      expect(event).toMatchObject({
        status: 'success',
        requestPayload: { password: '[MASKED]', n: 1 },
        responsePayload: { token: '[MASKED]', n: [{ password: '[MASKED]', n: 1 }, { n: 3 }] },
        metadata: { framework: 'tanstack-start', action: 'order' },
      });
    });

    it('tells what it, its validator or its middleware has thrown, of which Start makes a result', async () => {
      await calling(
        createServerRpc({ id: '4f', name: 'order' }, async () => ({ error: new RangeError('Too many') })),
      );
      const [event] = await test.events();
      expect(event).toMatchObject({
        status: 'failed',
        statusCode: 200,
        errorName: 'RangeError',
        metadata: { action: 'order', handled: false },
      });
      expect(event).not.toHaveProperty('responsePayload');
    });

    it('redirects without an error', async () => {
      const away = new Response(null, { status: 307, headers: { location: '/' } });
      await calling(createServerRpc({ id: '4f', name: 'order' }, async () => ({ error: away })));
      const [event] = await test.events();
      expect(event).toMatchObject({ status: 'success' });
      expect(event).not.toHaveProperty('errorName');
    });

    it('by a version that does not tell its name, is told of by its handler', async () => {
      const order = tanStackFunction(true, async (_: { data: unknown }) => ({ n: 2 }), 'order');
      const call: Call = async ({ data }) => ({ result: await order({ data }) });
      expect(createServerRpc('4f', call)).toBe(call);
      await calling(call);
      const [event] = await test.events();
      expect(event).toMatchObject({ responsePayload: { n: 2 }, metadata: { action: 'order' } });
    });
  });

  it('that Start has compiled stays as it is', () => {
    const compiled = Object.assign(async () => {}, { url: '/_serverFn/4f' });
    expect(tanStackFunction(true, compiled, 'order')).toBe(compiled);
    expect(tanStackFunction(true, undefined)).toBeUndefined();
  });
});

describe('a router', () => {
  const routerOf = (find: (path: string) => unknown, matches: object[] = []): object => ({
    getMatchedRoutes: find,
    state: { matches },
  });

  const visit = async (router: object, path: string, status = 200): Promise<void> => {
    const getRouter = tanStackRouter('getRouter', '', () => router) as () => {
      getMatchedRoutes(path: string): unknown;
    };
    const fetch: Fetch = tanStackServer(async () => {
      getRouter().getMatchedRoutes(path);
      getRouter().getMatchedRoutes('/elsewhere');
      return new Response(null, { status });
    });
    await fetch(new Request(`https://shop.example.com${path}`));
  };

  it.each([
    ['as a list', (path: string) => [[], {}, { fullPath: path === '/orders/1' ? '/orders/$id/' : '/other' }]],
    [
      'as properties',
      (path: string) => ({ foundRoute: { fullPath: path === '/orders/1' ? '/orders/$id' : '/' } }),
    ],
  ])('tells the first route that is looked for, %s', async (_, find) => {
    await visit(routerOf(find), '/orders/1');
    const [event] = await test.events();
    expect(event?.metadata).toMatchObject({ route: '/orders/$id' });
  });

  it.each([
    ['a rest is left of the path', () => [[], { '**': 'more' }, { fullPath: '/' }]],
    ['nothing is found', () => [[], {}, undefined]],
    ['it is not the one we know', () => null],
  ])('tells no route where %s', async (_, find) => {
    await visit(routerOf(find), '/orders/1/more');
    const [event] = await test.events();
    expect(event?.metadata).toEqual({ framework: 'tanstack-start' });
  });

  it('tells the error of a loader, unless the page was answered all the same', async () => {
    const matches = [{ status: 'success' }, { status: 'error', error: new RangeError('No copies') }];
    await visit(
      routerOf(() => [], matches),
      '/orders',
      500,
    );
    await visit(
      routerOf(() => [], matches),
      '/orders',
      200,
    );
    const events = await test.events();
    const failed = events.find(({ statusCode }) => statusCode === 500);
    expect(failed).toMatchObject({ errorMessage: 'No copies', metadata: { handled: false } });
    expect(events.find(({ statusCode }) => statusCode === 200)).not.toHaveProperty('errorMessage');
  });
});

it("tells what JSON a server of Node's sent piece by piece", async () => {
  const fetch: Fetch = tanStackServer(async () => Response.json({ token: 'SECRET', n: 1 }));
  expect(await onNode(fetch, '/api')).toBe('{"token":"SECRET","n":1}');
  const [event] = await test.events();
  expect(event).toMatchObject({ endpoint: '/api', responsePayload: { token: '[MASKED]', n: 1 } });
});

describe('what is not known', () => {
  it.each([[undefined], [{}], [{ fetch: 'none' }], [Object.freeze({ fetch: async () => {} })]])(
    'stays as it is: %j',
    (given) => expect(tanStackServer(given)).toBe(given),
  );

  it('a path that is ignored has no event', async () => {
    const fetch: Fetch = tanStackServer(async () => written());
    expect((await fetch(new Request('https://shop.example.com/internal/x'))).headers.has('x-trace-id')).toBe(
      false,
    );
    expect(await test.events()).toEqual([]);
  });
});
