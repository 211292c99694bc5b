/** What is Polka's own, in both of its versions: error handlers, apps in apps, what they do with what handlers throw. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error Version 0.5 comes without types; those of 1 describe what is used of it.
import untyped0 from 'polka';
import polka1 from 'polka1';
import type { Middleware } from 'polka1';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { polkaApp } from '../../../runtime/adapters/polka.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

type Polka = ReturnType<typeof polka1>;
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const VERSIONS: [string, typeof polka1][] = [
  ['0.5', untyped0 as typeof polka1],
  ['1', polka1],
];

let test: TestRuntime;
let server: Server | undefined;

beforeEach(async () => void (test = await startRuntime()));

afterEach(async () => {
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await test[Symbol.asyncDispose]();
});

/** Version 0.5 gives a handler without anything in front of it no `next`. */
const goOn: Middleware = (_request, _response, next) => next();

async function ask(app: Polka, path: string): Promise<Response> {
  if (server === undefined) {
    app.listen(0, '127.0.0.1');
    server = app.server as Server;
  }
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  await response.clone().arrayBuffer();
  return response;
}

const told = async (): Promise<unknown[]> =>
  (await test.events()).map(({ statusCode, errorMessage, metadata }) => [
    statusCode,
    errorMessage,
    metadata?.['handled'],
    metadata?.['route'],
  ]);

describe.each(VERSIONS)('an app of Polka %s', (version, polka) => {
  const create = (options?: Parameters<typeof polka>[0]): Polka => polkaApp(polka(options));

  it('is what it was', () => {
    const plain = polka();
    const keys = Object.keys(plain);
    const app = polkaApp(plain);
    expectTypeOf(app).toEqualTypeOf<typeof plain>();
    expect(app).toBe(plain);
    expect(Object.keys(app)).toEqual(keys);
    expect([app.handler.name, app.handler.length]).toEqual(['bound handler', 3]);
    expect(app.get('/x', () => {})).toBe(app);
    expect(polkaApp(app).handler).toBe(app.handler);
  });

  it('knows handlers by name, length and properties', () => {
    const named = Object.assign(function named(_request: unknown, _response: unknown) {}, { mark: 1 });
    const known = JSON.stringify(create().get('/x', named).find('GET', '/x'), (_, value: unknown) =>
      typeof value === 'function' ? [value.name, value.length, { ...value }] : value,
    );
    expect(known).toContain('["named",2,{"mark":1}]');
  });

  it('answers as before without a client', async () => {
    await test.client.close();
    const response = await ask(
      create().get('/', (_, response) => void response.end(String(activeScope()))),
      '/',
    );
    expect([await response.text(), response.headers.get('x-trace-id')]).toEqual(['undefined', null]);
  });

  it('answers what is handed on, unhandled by the application', async () => {
    const app = create()
      .use(goOn)
      .get('/x/:id', (_request, _response, next) => void next(new Error('broken')));
    const response = await ask(app, '/x/7');
    expect([response.status, await response.text()]).toEqual([500, 'broken']);
    expect(await told()).toEqual([[500, 'broken', false, '/x/:id']]);
  });

  it('has an error handler that is told of it', async () => {
    const app = create({
      onError(error, _request, response) {
        response.statusCode = 503;
        response.end(`sorry: ${(error as Error).message}`);
      },
    })
      .use((_request, _response, next) => void next(new Error('in middleware')))
      .use(goOn);
    expect(await (await ask(app, '/x')).text()).toBe('sorry: in middleware');
    expect(await told()).toEqual([[503, 'in middleware', true, undefined]]);
  });

  it('has no error where a path leads nowhere', async () => {
    expect((await ask(create(), '/none')).status).toBe(404);
    expect(await told()).toEqual([[404, undefined, undefined, undefined]]);
  });

  it('gives the pattern with the path that it is mounted at', async () => {
    const answer: Listener = (request, response) => void response.end(request.url);
    const inner = create().get('/', answer).get('/items/:id', answer);
    const app = create().use('/inner', inner).get('/items/:id', answer);
    const urls = [];
    for (const path of ['/inner/items/7?a=1', '/inner', '/items/7'])
      urls.push(await (await ask(app, path)).text());
    expect(urls).toEqual(['/items/7?a=1', '/', '/items/7']);
    expect((await test.events()).map(({ endpoint, metadata }) => [endpoint, metadata?.['route']])).toEqual([
      ['/inner/items/7', '/inner/items/:id'],
      ['/inner', '/inner'],
      ['/items/7', '/items/:id'],
    ]);
  });

  it('takes the request over from a server of the application', async () => {
    const app = create().get('/x', (_, response) => void response.end('fine'));
    server = nodeServer(createServer(app.handler as Listener)).listen(0, '127.0.0.1');
    await ask(app, '/x');
    expect(await test.events()).toMatchObject([{ metadata: { framework: 'polka', route: '/x' } }]);
  });

  it('leaves to Polka what handlers return and throw', async () => {
    const rejection = Promise.reject(new Error('rejected'));
    const app = create().get('/x', () => rejection as Promise<void>);
    const results: unknown[] = [];
    const response = { setHeader() {}, getHeaders: () => ({}), on() {}, write() {}, end() {} };
    const request = { method: 'GET', url: '/x', headers: {} };
    results.push(
      app.handler(request as never, response as never, (version === '1' ? () => {} : undefined) as never),
    );
    if (version === '0.5') expect(results).toEqual([rejection]);
    await rejection.catch(() => {});
  });
});

describe('the hook', () => {
  it.each([
    undefined,
    null,
    1,
    {},
    () => {},
    { handler() {}, onError() {}, add() {}, find() {}, listen() {} },
  ])('leaves alone what looks otherwise: %j', (value) => {
    expect(polkaApp(value)).toBe(value);
  });
});
