/** Node's own form of a request, on its own servers. */
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NodeRequest, NodeResponse } from '../../../runtime/adapters/node-message.ts';
import { runNodeRequest } from '../../../runtime/adapters/node-http.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';
import type { TestServer } from '../../support/server.ts';
import { startServer } from '../../support/server.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

/** A server whose handler runs as an adapter would run it. */
function serve(
  handler: RequestListener,
  before: (request: IncomingMessage, response: ServerResponse) => void = () => {},
): Promise<TestServer> {
  return startServer((request, response) => {
    before(request, response);
    runNodeRequest(request, response as NodeResponse, 'node', () => handler(request, response));
  });
}

describe('what is told of a request', () => {
  it('has headers as they were sent, numbers and lists included', async () => {
    await using server = await serve((_request, response) => {
      response.setHeader('x-number', 7);
      response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Plain': 'text' }).end();
    });
    await fetch(server.url);
    await server.idle();
    expect((await test.events())[0]?.responseHeaders).toMatchObject({
      'x-number': '7',
      'set-cookie': ['a=[MASKED]', 'b=[MASKED]'],
      'x-plain': 'text',
    });
  });

  it('has the status that was sent, whatever is set behind it', async () => {
    await using server = await serve((_request, response) => {
      response.write('one');
      response.statusCode = 500;
      response.end('two');
    });
    expect((await fetch(server.url)).status).toBe(200);
    await server.idle();
    expect(await test.events()).toMatchObject([{ status: 'success', statusCode: 200 }]);
  });

  it('has the url of a request that names it whole', async () => {
    await using server = await serve((_request, response) => void response.end());
    const { port } = new URL(server.url);
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.end('GET http://shop.example.com/x?a=1 HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n');
    await new Promise((resolve) => socket.resume().on('close', resolve));
    expect(await test.events()).toMatchObject([
      { endpoint: '/x', requestUrl: 'http://shop.example.com/x?a=1' },
    ]);
  });

  it.each([
    ['//double/slash?a=1', '//double/slash'],
    ['/%E0%A4%A', '/%E0%A4%A'],
    ['/a;b=c#no', '/a;b=c'],
    ['/?', '/'],
    ['*', '*'],
  ])('has the path of %s', async (path, endpoint) => {
    await using server = await serve((_request, response) => void response.end());
    const { hostname, port } = new URL(server.url);
    await new Promise((resolve, reject) => {
      httpRequest({ hostname, port, path, method: 'OPTIONS' }, (response) =>
        response.resume().on('end', resolve),
      )
        .on('error', reject)
        .end();
    });
    await server.idle();
    expect(await test.events()).toMatchObject([{ endpoint, requestUrl: expect.stringContaining(hostname) }]);
  });

  it('is the same over HTTP/2', async () => {
    const server = createHttp2Server((request, response) => {
      runNodeRequest(request as NodeRequest, response as unknown as NodeResponse, 'node', () => {
        response.setHeader('content-type', 'application/json');
        response.end('{"two":2}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const session = connect(`http://${authority}`);
    const headers = await new Promise<Record<string, unknown>>((resolve) => {
      const stream = session.request({ ':path': '/x?a=1' }).resume();
      let got: Record<string, unknown> = {};
      stream.on('response', (headers) => (got = headers)).on('close', () => resolve(got));
    });
    session.close();
    await new Promise((resolve) => server.close(resolve));
    const [event] = await test.events();
    expect(headers['x-trace-id']).toBe(event?.traceId);
    expect(event).toMatchObject({
      endpoint: '/x',
      requestUrl: `http://${authority}/x?a=1`,
      statusCode: 200,
      responsePayload: { two: 2 },
    });
    expect(event?.metadata).not.toHaveProperty('aborted');
  });

  it('is one event, even if two copies of the runtime see the request', async () => {
    vi.resetModules();
    const copy = await import('../../../runtime/adapters/node-http.ts');
    expect(copy.runNodeRequest).not.toBe(runNodeRequest);
    await using server = await serve((request, response) => {
      copy.runNodeRequest(request, response as NodeResponse, 'copy', () => response.end());
    });
    await fetch(server.url);
    await server.idle();
    expect(await test.events()).toMatchObject([{ metadata: { framework: 'node' } }]);
  });
});

describe('a request that cannot be looked at', () => {
  const throwing = (): never => {
    throw new Error('inside');
  };

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['headers', (request) => Object.defineProperty(request, 'headers', { get: throwing })],
    ['url', (request) => Object.defineProperty(request, 'originalUrl', { get: throwing })],
    ['ip', (request) => Object.defineProperty(request, 'ip', { get: throwing })],
    ['body', (request) => Object.defineProperty(request, 'body', { get: throwing })],
    ['response.on', (_request, response) => Object.defineProperty(response, 'on', { get: throwing })],
    ['response.setHeader', (_request, response) => Object.assign(response, { setHeader: throwing })],
    ['response.getHeaders', (_request, response) => Object.assign(response, { getHeaders: throwing })],
    ['response.write', (_request, response) => Object.defineProperty(response, 'write', { get: throwing })],
    [
      'response, which is frozen',
      (_request, response) => {
        for (const name of ['write', 'end'] as const) {
          Object.defineProperty(response, name, { value: response[name], writable: false });
        }
      },
    ],
  ])('for its %s is answered all the same', async (_name, before) => {
    await using server = await serve((_request, response) => void response.end('fine'), before);
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([200, 'fine']);
    await server.idle();
    await test.events();
    expect(test.errors).toHaveLength(1);
  });

  it.each([
    ['throws', throwing],
    ['rejects', async () => throwing()],
  ])('for its body is an event without one: what reads it %s', async (_how, read) => {
    await using server = await startServer((request, response) => {
      runNodeRequest(request, response as NodeResponse, 'node', () => void response.end('fine'), read);
    });
    await fetch(server.url);
    await server.idle();
    const events = await test.events();
    expect(events).toMatchObject([{ statusCode: 200, responsePayload: 'fine' }]);
    expect(events[0]).not.toHaveProperty('requestPayload');
    expect(test.errors.map(({ message }) => message)).toEqual(['inside']);
  });

  it('for its response headers is a failure of ours that is told once, and no more', async () => {
    await using server = await serve(
      (_request, response) => void response.end('fine'),
      (_request, response) => Object.assign(response, { setHeader: throwing }),
    );
    await fetch(server.url);
    await server.idle();
    expect(await test.events()).toMatchObject([{ statusCode: 200, responsePayload: 'fine' }]);
  });
});

describe('a connection', () => {
  it('that breaks does not lose the address of the client', async () => {
    let arrived: (() => void) | undefined;
    const handling = new Promise<void>((resolve) => (arrived = resolve));
    await using server = await serve(() => arrived?.());
    const socket: Socket = connectSocket(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
    await handling;
    socket.resetAndDestroy();
    await server.idle();
    expect(await test.events()).toMatchObject([
      { sourceIp: '127.0.0.1', status: 'warning', metadata: { aborted: true } },
    ]);
  });

  it('that is kept serves requests with a scope each', async () => {
    const scopes = new Set<unknown>();
    const server = createServer((request, response) => {
      runNodeRequest(request, response as NodeResponse, 'node', () => {
        scopes.add(activeScope());
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let index = 0; index < 3; index++) await (await fetch(url)).text();
    expect(scopes.size).toBe(3);
    expect(await test.events()).toHaveLength(3);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
