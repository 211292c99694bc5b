/** Servers of Node's own: every request that comes to their listeners, whatever these do with it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { json, text } from 'node:stream/consumers';
import type { RequestHandler } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expressApp, expressHandler } from '../../../runtime/adapters/express.ts';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import { enter, exit, fail } from '../../../runtime/observe/hooks.ts';
import { activeScope } from '../../../runtime/scope.ts';
import { express5 } from '../../support/express.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
let server: Server | undefined;

beforeEach(async () => {
  test = await startRuntime();
});

afterEach(async () => {
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await test[Symbol.asyncDispose]();
});

async function listen(one: Server): Promise<string> {
  server = one;
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

function serve(listener: RequestListener): Promise<string> {
  return listen(nodeServer(http.createServer(listener)));
}

async function send(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { connection: 'close', ...init.headers } });
  await response.clone().arrayBuffer();
  return response;
}

const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

const answer: RequestListener = (_, response) => void response.end('fine');

describe('a server', () => {
  it('is what it was', () => {
    const plain = http.createServer(answer);
    const keys = Reflect.ownKeys(plain).length;
    const { emit } = plain;
    expect(nodeServer(plain)).toBe(plain);
    expect(Object.keys(plain)).not.toContain('emit');
    expect([plain.emit.name, plain.emit.length]).toEqual([emit.name, emit.length]);
    expect(Reflect.ownKeys(plain)).toHaveLength(keys + 1);
    expect(plain.listeners('request')).toEqual([answer]);
    expect(plain).toBeInstanceOf(http.Server);
  });

  it('is taken once', () => {
    const one = nodeServer(http.createServer(answer));
    const { emit } = one;
    expect(nodeServer(one).emit).toBe(emit);
  });

  it.each([undefined, null, 1, 'server', {}, { emit() {}, listen() {} }, answer])(
    'is not what looks otherwise: %j',
    (value) => {
      expect(nodeServer(value)).toBe(value);
    },
  );

  it('answers as before without a client', async () => {
    await test.client.close();
    const url = await serve((_, response) => void response.end(String(activeScope())));
    const response = await send(url);
    expect([await response.text(), response.headers.get('x-trace-id')]).toEqual(['undefined', null]);
  });
});

describe('a request', () => {
  it('is one event', async () => {
    const url = await serve(async (request, response) => {
      exit(enter('src/orders.ts:12:createOrder'));
      const { item } = (await json(request)) as { item: string };
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ item, token: 'hidden' }));
    });
    const response = await send(`${url}/orders?token=hidden`, {
      ...post('{"item":"tea","password":"hidden"}'),
    });
    expect(await response.json()).toEqual({ item: 'tea', token: 'hidden' });
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventType: 'api',
      method: 'POST',
      endpoint: '/orders',
      requestUrl: `${url}/orders?token=[MASKED]`,
      requestPayload: { item: 'tea', password: '[MASKED]' },
      responsePayload: { item: 'tea', token: '[MASKED]' },
      status: 'success',
      statusCode: 201,
      sourceIp: '127.0.0.1',
      traceId: response.headers.get('x-trace-id'),
      metadata: { framework: 'http' },
    });
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual([
      'HTTP request started',
      'createOrder',
      'HTTP request finished',
    ]);
  });

  it('comes to all listeners in one scope, those that come later too', async () => {
    const scopes: unknown[] = [];
    const one = nodeServer(http.createServer(() => scopes.push(activeScope())));
    one.on('request', (_, response) => {
      scopes.push(activeScope());
      response.end();
    });
    await send(await listen(one));
    expect(scopes).toHaveLength(2);
    expect(scopes[0]).toBeDefined();
    expect(scopes[1]).toBe(scopes[0]);
    expect(await test.events()).toHaveLength(1);
  });

  it('that expects to be told to go on is one as well', async () => {
    const one = nodeServer(http.createServer());
    one.on('checkContinue', (_, response) => {
      response.writeContinue();
      response.end('gone on');
    });
    const url = await listen(one);
    const request = http.request(url, { method: 'POST', headers: { expect: '100-continue' } });
    request.end('{}');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('gone on');
    request.destroy();
    expect(await test.events()).toMatchObject([{ endpoint: '/', statusCode: 200 }]);
  });

  it('is its own, among two hundred', async () => {
    const url = await serve(async (request, response) => {
      const id = request.url?.slice(1) ?? '';
      const call = enter(`src/x.ts:1:${id}`);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      exit(call);
      response.end(id);
    });
    const ids = Array.from({ length: 200 }, (_, index) => `n${index}`);
    await Promise.all(ids.map((id) => send(`${url}/${id}`)));
    const events = await test.events();
    expect(events.map(({ endpoint }) => endpoint).sort()).toEqual(ids.map((id) => `/${id}`).sort());
    for (const { endpoint, breadcrumbs } of events) {
      expect(breadcrumbs?.[1]?.message).toBe(endpoint?.slice(1));
    }
  });

  it('of an ignored path is none', async () => {
    await send(`${await serve(answer)}/health`);
    expect(await test.events()).toEqual([]);
  });
});

describe('the body of a request', () => {
  const readers: Record<string, (request: IncomingMessage) => Promise<string>> = {
    'an iterator': async (request) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      return body;
    },
    listeners: (request) =>
      new Promise((resolve) => {
        let body = '';
        request.on('data', (piece: Buffer) => (body += piece.toString()));
        request.on('end', () => resolve(body));
      }),
    'listeners, as text': (request) =>
      new Promise((resolve) => {
        let body = '';
        request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
        request.on('end', () => resolve(body));
      }),
    'read()': (request) =>
      new Promise((resolve) => {
        let body = '';
        request.on('readable', () => {
          for (let piece: unknown = request.read(); piece !== null; piece = request.read())
            body += String(piece);
        });
        request.on('end', () => resolve(body));
      }),
    'a pipe': async (request) => {
      let body = '';
      const write = (piece: Buffer, _: string, done: () => void): void => {
        body += piece.toString();
        done();
      };
      await pipeline(request, new Writable({ write }));
      return body;
    },
    'a web stream': async (request) => new Response(Readable.toWeb(request) as ReadableStream).text(),
  };

  it.each(Object.entries(readers))('is what was read by %s', async (_name, read) => {
    const url = await serve(async (request, response) => void response.end(await read(request)));
    const body = JSON.stringify({ note: 'naïve 💶 '.repeat(4000) });
    expect(await (await send(url, post(body))).text()).toBe(body);
    expect(await test.events()).toMatchObject([{ requestPayload: JSON.parse(body) as object }]);
  });

  it('is not there if nobody read it', async () => {
    await send(await serve(answer), post('{"a":1}'));
    const [event] = await test.events();
    expect(event).not.toHaveProperty('requestPayload');
  });

  it('is not kept when it is too large', async () => {
    const url = await serve(async (request, response) => void response.end(await text(request)));
    await send(url, post(JSON.stringify({ a: 'x'.repeat(600_000) })));
    const [event] = await test.events();
    expect(event).not.toHaveProperty('requestPayload');
  });

  it('is text or bytes by its type', async () => {
    const url = await serve(async (request, response) => void response.end(await text(request)));
    await send(url, post('name=ada&password=hidden', 'application/x-www-form-urlencoded'));
    await send(url, post(new Uint8Array([0, 1, 2]), 'application/octet-stream'));
    expect((await test.events()).map(({ requestPayload }) => requestPayload)).toEqual([
      { name: 'ada', password: '[MASKED]' },
      { captured: false, reason: 'Binary body not captured' },
    ]);
  });

  it('does not flow before somebody reads', async () => {
    let request: IncomingMessage | undefined;
    const url = await serve((one, response) => {
      request = one;
      setTimeout(() => response.end(String(one.readableFlowing)), 20);
    });
    expect(await (await send(url, post('{"a":1}'))).text()).toBe('null');
    expect(Object.keys(request as object)).not.toContain('emit');
  });
});

describe('an error', () => {
  async function observed(id: number): Promise<never> {
    const call = enter('src/services/orders.ts:12:loadOrder');
    try {
      await Promise.resolve();
      throw new RangeError(`no order ${id}`);
    } catch (error) {
      throw fail(call, error, { id });
    } finally {
      exit(call);
    }
  }

  const answering =
    (status: number): RequestListener =>
    async (_, response) => {
      await observed(7).catch((error: unknown) => {
        response.statusCode = status;
        response.end(String(error));
      });
    };

  it('is that of the answer which tells of one', async () => {
    await send(await serve(answering(500)));
    expect(await test.events()).toMatchObject([
      {
        status: 'failed',
        statusCode: 500,
        errorName: 'RangeError',
        errorMessage: 'no order 7',
        metadata: {
          framework: 'http',
          handled: true,
          trail: [{ functionName: 'loadOrder', arguments: { id: 7 } }],
        },
      },
    ]);
  });

  it('is none where the answer is another', async () => {
    await send(await serve(answering(404)));
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'warning', statusCode: 404 });
    expect(event).not.toHaveProperty('errorName');
  });

  it('is not made up for an answer that nothing explains', async () => {
    await send(await serve((_, response) => void response.writeHead(503).end()));
    const [event] = await test.events();
    expect(event).toMatchObject({ status: 'failed', statusCode: 503 });
    expect(event).not.toHaveProperty('errorName');
  });
});

describe('a client that leaves', () => {
  it('leaves an event', async () => {
    let open: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => (open = resolve));
    const url = await serve((_, response) => {
      response.on('close', () => open?.());
      response.write('first');
    });
    const request = http.get(url);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    request.destroy();
    request.on('error', () => {});
    await arrived;
    expect(await test.events()).toMatchObject([{ statusCode: 200, metadata: { aborted: true } }]);
  });
});

describe('a framework behind a server', () => {
  it('takes its requests over', async () => {
    const app = expressApp(express5());
    const find: RequestHandler = (request, response) => void response.json({ id: request.params['id'] });
    app.get('/orders/:id', expressHandler(app, find));
    const url = await listen(nodeServer(http.createServer(app)));
    await send(`${url}/orders/7`);
    expect(await test.events()).toMatchObject([
      { endpoint: '/orders/7', metadata: { framework: 'express', route: '/orders/:id' } },
    ]);
  });
});

describe('HTTPS and HTTP/2', () => {
  const tls = {
    key: readFileSync('fixtures/runtime/tls/key.pem'),
    cert: readFileSync('fixtures/runtime/tls/cert.pem'),
  };

  it('with a certificate', async () => {
    const url = await listen(nodeServer(https.createServer(tls, answer)));
    const request = https.get(url.replace('http', 'https'), { ca: tls.cert, servername: 'localhost' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('fine');
    expect(await test.events()).toMatchObject([
      {
        requestUrl: `${url.replace('http', 'https')}/`,
        responsePayload: 'fine',
        metadata: { framework: 'http' },
      },
    ]);
  });

  it.each(['cleartext', 'a certificate'])('HTTP/2 over %s', async (kind) => {
    const listener = async (
      request: http2.Http2ServerRequest,
      response: http2.Http2ServerResponse,
    ): Promise<void> => {
      const { item } = (await json(request)) as { item: string };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ item }));
    };
    const secure = kind === 'a certificate';
    const one = secure ? http2.createSecureServer(tls, listener) : http2.createServer(listener);
    const url = (await listen(nodeServer(one))).replace('http', secure ? 'https' : 'http');
    const session = http2.connect(url.replace('127.0.0.1', 'localhost'), { ca: tls.cert });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/orders?token=hidden',
      'content-type': 'application/json',
    });
    stream.end('{"item":"tea"}');
    const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    expect(await json(stream)).toEqual({ item: 'tea' });
    await new Promise<void>((resolve) => session.close(resolve));
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      method: 'POST',
      endpoint: '/orders',
      requestUrl: `${url.replace('127.0.0.1', 'localhost')}/orders?token=[MASKED]`,
      requestHeaders: { ':path': '/orders?token=[MASKED]' },
      requestPayload: { item: 'tea' },
      responsePayload: { item: 'tea' },
      statusCode: 200,
      status: 'success',
      traceId: headers['x-trace-id'],
      metadata: { framework: 'http' },
    });
    expect(event?.metadata).not.toHaveProperty('aborted');
  });
});
