/** Requests on a platform without AsyncLocalStorage: what an adapter is handed finds its scope, what runs behind an await does not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { enter, exit, fail } from '../../../runtime/observe/hooks.ts';
import { createAsyncStorage } from '../../../runtime/platform/edge.ts';
import type { Scope } from '../../../runtime/scope.ts';
import { runtime } from '../../../runtime/state.ts';
import { buildHono, honoHooks } from '../../support/hono.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
  vi.stubGlobal('process', undefined);
  runtime().storage = createAsyncStorage<Scope>();
  vi.unstubAllGlobals();
});

afterEach(() => test[Symbol.asyncDispose]());

/** An observed function, that fails after a while. */
async function observed(name: string, error?: Error): Promise<string> {
  const call = enter(`src/x.ts:1:${name}`);
  try {
    await sleep(1);
    if (error) throw error;
    return name;
  } catch (error) {
    throw fail(call, error, { name });
  } finally {
    exit(call);
  }
}

const app = () =>
  buildHono((app) => {
    app.use(() => sleep(1) as Promise<never>);
    app.on('get', '/fails/:id', async (exchange) => {
      await sleep(1);
      await observed('inner', new RangeError(exchange.param('id')));
    });
    app.on('get', '/fails-at-once/:id', async (exchange) => {
      await observed('inner', new RangeError(exchange.param('id')));
    });
    app.on('get', '/handles/:id', async (exchange) => {
      await sleep(1);
      const error = new Error('handled');
      return exchange.json({ name: await observed('inner', error).catch(() => 'caught') });
    });
    app.onError((error, exchange) => exchange.json({ error: (error as Error).message }, 500));
  }, honoHooks);

it('an error is one event of its request, with its route and the way it took', async () => {
  const { fetch } = app();
  const paths = Array.from({ length: 10 }, (_, index) => [
    `/fails/${index}`,
    `/fails-at-once/${index}`,
  ]).flat();
  await Promise.all(paths.map(async (path) => await fetch(new Request(`https://shop.example.com${path}`))));
  const events = await test.events();
  expect(events.map(({ endpoint }) => endpoint).sort()).toEqual(paths.sort());
  for (const { endpoint = '', errorMessage, metadata } of events) {
    const [, route, id] = endpoint.split('/');
    expect(errorMessage).toBe(id);
    expect(metadata).toMatchObject({
      route: `/${route}/:id`,
      handled: true,
      trail: [{ functionName: 'inner', arguments: { name: 'inner' } }],
    });
  }
});

it('an error that the application handles is no event, though nobody knows whose it was', async () => {
  const response = await app().fetch(new Request('https://shop.example.com/handles/1'));
  expect(await response.json()).toEqual({ name: 'caught' });
  expect(await test.events()).toMatchObject([{ endpoint: '/handles/1', status: 'success' }]);
});

it('observed functions leave their breadcrumbs with the request until it first waits, and then with the client', async () => {
  await app().fetch(new Request('https://shop.example.com/fails-at-once/1'));
  await app().fetch(new Request('https://shop.example.com/fails/2'));
  const names = (await test.events()).map(({ breadcrumbs }) =>
    breadcrumbs?.filter(({ category }) => category === 'function').map(({ message }) => message),
  );
  expect(names).toEqual([['inner'], []]);
  expect(test.client.getBreadcrumbs().map(({ message }) => message)).toEqual(['inner']);
});
