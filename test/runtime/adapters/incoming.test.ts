/** Servers that no build has seen: requests are opened when they come in, and captured when a handler takes part in them. */
import { Agent, createServer, get } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchIncoming } from '../../../runtime/adapters/incoming.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { reactRouterEntry } from '../../../runtime/adapters/react-router.ts';
import { enter, exit, fail } from '../../../runtime/observe/hooks.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let server: Server;
let origin: string;

/** As a framework would: a server of its own, and loaders of the application's. */
async function serve(listener: RequestListener, create = createServer): Promise<void> {
  server = create(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function send(path: string, agent: Agent | false = false): Promise<{ traceId: unknown; body: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(origin + path, { agent }, resolve).on('error', reject);
  });
  return { traceId: response.headers['x-trace-id'], body: await text(response) };
}

const loader = reactRouterEntry('loader', '', async ({ id }: { id: string; pattern?: string }) => {
  await wait(Math.random() * 5);
  const call = enter('app/order.tsx:1:load');
  try {
    return { id, traceId: activeScope()?.traceId };
  } finally {
    exit(call);
  }
});

beforeEach(async () => {
  test = await startRuntime();
  watchIncoming();
  watchIncoming();
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test[Symbol.asyncDispose]();
});

describe('a request', () => {
  it('is one event, however many handlers take part', async () => {
    await serve((_, response) => {
      const given = { id: '1', pattern: 'orders/:id' };
      void Promise.all([loader(given), loader(given)]).then((loaded) => response.end(JSON.stringify(loaded)));
    });
    const { traceId, body } = await send('/orders/1');
    expect(JSON.parse(body)).toEqual([
      { id: '1', traceId },
      { id: '1', traceId },
    ]);
    expect(await test.events()).toEqual([
      expect.objectContaining({
        traceId,
        method: 'GET',
        endpoint: '/orders/1',
        statusCode: 200,
        responsePayload: [
          { id: '1', traceId },
          { id: '1', traceId },
        ],
        metadata: { framework: 'react-router', route: '/orders/:id' },
      }),
    ]);
  });

  it('that no handler takes part in is none, and its answer tells of nothing', async () => {
    await serve((_, response) => void response.end('an asset'));
    expect(await send('/assets/root.js')).toEqual({ traceId: undefined, body: 'an asset' });
    expect(await test.events()).toEqual([]);
  });

  it('has the error that left an observed function, though no handler did take part', async () => {
    await serve((_, response) => {
      const call = enter('app/entry.server.tsx:1:handleRequest');
      fail(call, new Error('Nothing to render'));
      exit(call);
      response.writeHead(500).end();
    });
    await send('/');
    expect(await test.events()).toEqual([
      expect.objectContaining({ errorMessage: 'Nothing to render', statusCode: 500 }),
    ]);
  });

  it('has the error that a handler threw, which its server answers', async () => {
    const failing = reactRouterEntry('loader', '', async () => {
      throw new RangeError('too many');
    });
    await serve((_, response) => {
      failing().catch(() => response.writeHead(500).end('sorry'));
    });
    await send('/orders');
    expect(await test.events()).toEqual([
      expect.objectContaining({
        errorName: 'RangeError',
        status: 'failed',
        metadata: expect.objectContaining({ handled: false }),
      }),
    ]);
  });

  it('of a server that the build has seen is captured as ever', async () => {
    await serve(
      (_, response) => void response.end('fine'),
      (listener) => nodeServer(createServer(listener as RequestListener)),
    );
    const { traceId } = await send('/plain');
    expect(await test.events()).toEqual([
      expect.objectContaining({ traceId, endpoint: '/plain', metadata: { framework: 'http' } }),
    ]);
  });
});

it('two hundred requests on connections that are kept do not mix', async () => {
  await serve((request, response) => {
    const id = (request.url ?? '').slice(1);
    void loader({ id }).then((loaded) => response.end(JSON.stringify(loaded)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, id) => send(`/${id}`, agent)));
  agent.destroy();
  expect(answers.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
    answers.map(({ traceId }, id) => ({ id: String(id), traceId })),
  );
  expect(new Set(answers.map(({ traceId }) => traceId)).size).toBe(200);
  expect((await test.events()).length).toBe(200);
});

it('without a client, handlers are called and nothing else happens', async () => {
  await test.client.close(0);
  await serve(
    (_, response) => void loader({ id: '1' }).then((loaded) => response.end(JSON.stringify(loaded))),
  );
  expect(await send('/')).toEqual({ traceId: undefined, body: '{"id":"1"}' });
});
