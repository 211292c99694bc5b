/** What is seen of a response while Node writes it. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { NodeResponse } from '../../../runtime/adapters/node-message.ts';
import { runNodeRequest } from '../../../runtime/adapters/node-http.ts';
import { startRuntime } from '../../support/runtime.ts';
import type { TestServer } from '../../support/server.ts';
import { startServer } from '../../support/server.ts';

const STREAMING = { captured: false, reason: 'Streaming response body not captured' };

/** A server whose handler runs as an adapter would run it. */
function serve(answer: (response: ServerResponse) => void): Promise<TestServer> {
  return startServer((request, response) => {
    runNodeRequest(request, response as NodeResponse, 'node', () => answer(response));
  });
}

describe('a response body', () => {
  it.each<[string, (response: ServerResponse) => void, payload: unknown]>([
    ['given whole', (response) => void response.end('whole'), 'whole'],
    ['given whole with a callback', (response) => void response.end('whole', () => {}), 'whole'],
    ['given whole as bytes', (response) => void response.end(Buffer.from('{"a":1}')), { a: 1 }],
    ['none', (response) => void response.end(), undefined],
    [
      'written in pieces',
      (response) => {
        response.write('one');
        response.end('two');
      },
      STREAMING,
    ],
    [
      'written in pieces of a length that is known',
      (response) => {
        response.writeHead(200, { 'content-length': '6' }).write('one');
        response.end('two');
      },
      STREAMING,
    ],
    [
      'written once and ended at once, of a length that is known',
      (response) => {
        response.writeHead(200, { 'content-length': 3 }).write('one');
        response.end();
      },
      'one',
    ],
    [
      'written once and ended later, of a length that is known',
      (response) => {
        response.writeHead(200, { 'content-length': '3' }).write('one');
        setImmediate(() => response.end());
      },
      STREAMING,
    ],
    [
      'ended twice',
      (response) => {
        response.on('error', () => {});
        response.end('first');
        response.end();
      },
      'first',
    ],
  ])('is captured when it is %s', async (_name, answer, payload) => {
    await using test = await startRuntime();
    await using server = await serve(answer);
    await (await fetch(server.url)).arrayBuffer();
    await server.idle();
    expect((await test.events())[0]?.responsePayload).toEqual(payload);
  });

  it('is written with what write and end return', async () => {
    await using _test = await startRuntime();
    const returned: unknown[] = [];
    await using server = await serve((response) => {
      returned.push(response.write('a'), response.end('b') === response);
    });
    expect(await (await fetch(server.url)).text()).toBe('ab');
    expect(returned).toEqual([expect.any(Boolean), true]);
  });
});
