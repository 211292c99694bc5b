/** What is seen of a response while Node writes it. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { NodeResponse } from '../../../runtime/adapters/node-message.ts';
import { runNodeRequest } from '../../../runtime/adapters/node-http.ts';
import { startRuntime } from '../../support/runtime.ts';
import type { TestServer } from '../../support/server.ts';
import { startServer } from '../../support/server.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

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
      'JSON in pieces that were there from the start',
      async (response) => {
        response.writeHead(200, JSON_TYPE);
        const bytes = Buffer.from('{"name":"Zoë"}');
        response.write(bytes.subarray(0, 12));
        await Promise.resolve();
        response.write(bytes.subarray(12, 13));
        response.end(bytes.subarray(13));
      },
      { name: 'Zoë' },
    ],
    [
      'JSON of a Response',
      async (response) => {
        const { body } = Response.json({ name: 'Ada', password: 'hunter2' });
        response.writeHead(200, JSON_TYPE);
        for await (const piece of body as AsyncIterable<Uint8Array>) response.write(piece);
        response.end();
      },
      { name: 'Ada', password: '[MASKED]' },
    ],
    [
      'JSON that goes on later',
      (response) => {
        response.writeHead(200, JSON_TYPE).write('[1');
        setTimeout(() => response.end(']'), 5);
      },
      STREAMING,
    ],
    [
      'JSON that has names apart from values',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json+devalue' }).write('[{"token":1},');
        response.end('"SECRET"]');
      },
      STREAMING,
    ],
    [
      'JSON in pieces that are packed',
      (response) => {
        const bytes = gzipSync('{"a":1}');
        response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).write(bytes.subarray(0, 9));
        response.end(bytes.subarray(9));
      },
      STREAMING,
    ],
    [
      'JSON in more pieces than are kept',
      (response) => {
        response.writeHead(200, JSON_TYPE).write('[');
        for (let i = 0; i < 40; i++) response.write(`"${'x'.repeat(30_000)}",`);
        response.end('1]');
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
