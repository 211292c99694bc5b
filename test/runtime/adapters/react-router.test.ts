/** React Router behind a server of the application's own, which the build has seen. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import type { RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { expressApp, expressHandler } from '../../../runtime/adapters/express.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import {
  reactRouterEntry,
  reactRouterModule,
  reactRouterPage,
} from '../../../runtime/adapters/react-router.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { express4, express5 } from '../../support/express.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

const action = reactRouterEntry('action', '', async ({ request }: { request: Request; pattern: string }) =>
  request.bodyUsed ? undefined : ((await request.formData()) as unknown),
);
const loader = reactRouterEntry('loader', '', async (_given: object) => undefined);

/** As the adapters for Express and Node do: a Request of its own for whoever takes part. */
async function answer(incoming: IncomingMessage, end: () => void): Promise<void> {
  const { method = '', headers } = incoming;
  const body = incoming.readableEnded ? 'gone=1' : await text(incoming);
  const init = { method, headers: headers as Record<string, string>, body };
  await action({ request: new Request('http://localhost/items', init), pattern: 'items/:id' });
  await loader({ request: new Request('http://localhost/items'), pattern: 'items/:id' });
  end();
}

const handler: RequestHandler = (request, response) => void answer(request, () => response.end());

async function ask(listener: RequestListener): Promise<ReplayStackEvent | undefined> {
  await using test = await startRuntime();
  reactRouterModule();
  await using server = await startServer(listener);
  const body = new URLSearchParams('title=Emma&password=hunter2');
  await fetch(`${server.url}/items/7`, { method: 'POST', body });
  await server.idle();
  expect(test.errors).toEqual([]);
  const [event, ...others] = await test.events();
  expect(others).toEqual([]);
  return event;
}

const seen = {
  requestPayload: { title: 'Emma', password: '[MASKED]' },
  metadata: { framework: 'react-router', route: '/items/:id' },
};

it.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('an action has the body that it read, and its own route, on %s', async (_name, express) => {
  const app = expressApp(express());
  expect(await ask(app.use(expressHandler(app, handler)))).toMatchObject(seen);
  const routed = expressApp(express());
  expect(await ask(routed.all(/./, expressHandler(routed, handler)))).toMatchObject(seen);
});

it('an answer is shown as it was before middleware compressed it', async () => {
  const app = expressApp(express5());
  app.use((_request, response, next) => {
    // As compression does: puts itself around it.
    const { end } = response;
    response.end = ((chunk: string) => end.call(response, chunk.toUpperCase(), 'utf8')) as typeof end;
    next();
  });
  app.use(((request, response) => void answer(request, () => response.end('whole'))) as RequestHandler);
  expect(await ask(app)).toMatchObject({ ...seen, responsePayload: 'whole' });
});

it('an action has the body that the server parsed, if it did', async () => {
  const app = expressApp(express5());
  app.use(express5.urlencoded(), (request, _response, next) => {
    request.body = { ...(request.body as object), parsed: true };
    next();
  });
  app.use(handler);
  expect(await ask(app)).toMatchObject({ ...seen, requestPayload: { title: 'Emma', parsed: true } });
});

it("an action has the body that it read, on a server of Node's", async () => {
  const server = nodeServer(createServer((request, response) => void answer(request, () => response.end())));
  expect(await ask((...args) => void server.emit('request', ...args))).toMatchObject(seen);
});

const page = reactRouterPage('default', '', async (..._given: unknown[]) => 'a page');

it.each([
  ['a page without a loader', ['items', ':id'], 200, '/items/:id'],
  ['the page at the root', [undefined, undefined], 200, '/'],
  ['that no route is for', [undefined], 404, undefined],
])('what makes pages takes part in a request of %s', async (_, paths, statusCode, route) => {
  const matches = paths.map((path) => ({ route: { path } }));
  const event = await ask(async (request, response) => {
    response.statusCode = statusCode;
    const context = { staticHandlerContext: { statusCode, matches } };
    await page(new Request(`http://localhost${request.url}`), statusCode, new Headers(), context);
    response.end();
  });
  expect(event).toMatchObject({ statusCode, endpoint: '/items/7' });
  expect(event?.metadata).toEqual({ framework: 'react-router', ...(route !== undefined && { route }) });
});
