/** Responses, which a server of Node's writes piece by piece. */
import { H3, toNodeHandler } from 'h3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { h3App } from '../../../runtime/adapters/h3.ts';
import { STREAMING } from '../../../runtime/adapters/request.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

const ship = { name: 'Batavia', token: 'of-the-ship' };
const masked = { name: 'Batavia', token: '[MASKED]' };

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
});
afterEach(() => test[Symbol.asyncDispose]());

/** The payload of the event of a request that is answered with this. */
async function payloadOf(answer: () => unknown, withHeaders = false): Promise<unknown> {
  const app = h3App(
    new H3({
      onError: (error) => Response.json({ sorry: error.message }),
      silent: true,
    }),
  );
  if (withHeaders) app.use((event) => void event.res.headers.set('x-served-by', 'harbour'));
  app.get('/', answer);
  await using server = await startServer(toNodeHandler(app) as never);
  await (await fetch(server.url)).text();
  const [event] = await test.events();
  return event?.responsePayload;
}

describe('a Response of JSON from h3 2', () => {
  it.each([
    ['as it is', () => Response.json(ship), false],
    ['later', async () => Response.json(ship), false],
    ['with headers of middleware, for which h3 makes another', () => Response.json(ship), true],
    [
      'of a kind of JSON',
      () => new Response(JSON.stringify(ship), { headers: { 'content-type': 'application/problem+json' } }),
      false,
    ],
  ])('is captured: %s', async (_, answer, withHeaders) => {
    expect(await payloadOf(answer, withHeaders)).toEqual(masked);
  });

  it('is captured where it answers an error', async () => {
    expect(
      await payloadOf(() => {
        throw new Error('No berth');
      }),
    ).toEqual({ sorry: 'No berth' });
  });

  it('is not waited for', async () => {
    const answer = (): Response => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('{"name":'));
          await new Promise((resolve) => setTimeout(resolve, 20));
          controller.enqueue(new TextEncoder().encode('"Batavia"}'));
          controller.close();
        },
      });
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    };
    expect(await payloadOf(answer)).toEqual(STREAMING);
  });
});

it('a Response of anything else is a stream', async () => {
  expect(
    await payloadOf(() => new Response('<p>Batavia</p>', { headers: { 'content-type': 'text/html' } })),
  ).toEqual(STREAMING);
});
