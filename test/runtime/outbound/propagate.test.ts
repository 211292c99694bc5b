/** Trace ids that go along with calls. */
import * as http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request as requestByUndici } from 'undici';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import { createPropagation, toTraceparent } from '../../../runtime/outbound/propagate.ts';
import type { Propagate } from '../../../runtime/outbound/propagate.ts';
import { createScope } from '../../../runtime/scope.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const TRACE_ID = '71dff93e-a49f-4553-9039-d1b269ea207d';
const TRACEPARENT = /^00-71dff93ea49f45539039d1b269ea207d-[\da-f]{16}-01$/;

/** Node tells of a request before its headers are written from here on. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isToldInTime = major > 22 || (major === 22 && minor >= 12);

let server: TestServer;
let received: http.IncomingHttpHeaders[];

/** The same server by another name. */
const away = (): string => server.url.replace('127.0.0.1', 'localhost');

beforeEach(async () => {
  forgetClient();
  received = [];
  server = await startServer((request, response) => {
    received.push(request.headers);
    if (request.url === '/moved') response.writeHead(302, { location: '/here' });
    if (request.url === '/away') response.writeHead(302, { location: `${away()}/here` });
    response.end();
  });
});

afterEach(() => server[Symbol.asyncDispose]());

function get(url: string, options: http.RequestOptions, headers: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => response.resume().on('end', resolve));
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    request.on('error', reject).end();
  });
}

async function inScope(propagate: Propagate | undefined, body: () => Promise<unknown>): Promise<Error[]> {
  await using test = await startRuntime({ propagate });
  await runWithReplayStackContext(body, { traceId: TRACE_ID });
  return test.errors;
}

describe('by fetch and undici', () => {
  it('go along to a host that is allowed, and on with its redirects', async () => {
    await inScope(['127.0.0.1'], async () => {
      await fetch(`${server.url}/moved`);
      await (await requestByUndici(server.url)).body.dump();
    });
    expect(received).toHaveLength(3);
    for (const headers of received) {
      expect(headers['x-trace-id']).toBe(TRACE_ID);
      expect(headers.traceparent).toMatch(TRACEPARENT);
    }
    expect(new Set(received.map(({ traceparent }) => traceparent)).size).toBe(3);
  });

  it('go nowhere else, and nowhere at all unless told', async () => {
    await inScope(['shop.example'], () => fetch(server.url));
    await inScope(undefined, () => fetch(server.url));
    for (const headers of received) {
      expect(headers).not.toHaveProperty('x-trace-id');
      expect(headers).not.toHaveProperty('traceparent');
    }
  });

  it('do not follow a redirect to a host that is not', async () => {
    await inScope(['127.0.0.1'], () => fetch(`${server.url}/away`));
    expect(received.map(({ traceparent }) => traceparent !== undefined)).toEqual([true, false]);
  });

  it('never take the place of what the application sends itself', async () => {
    await inScope(['*'], async () => {
      await fetch(server.url, { headers: { Traceparent: 'own' } });
      const { body } = await requestByUndici(server.url, {
        headers: ['X-Trace-Id', 'own', 'b', 'traceparent'],
      });
      await body.dump();
    });
    expect(received[0]).toMatchObject({ traceparent: 'own', 'x-trace-id': TRACE_ID });
    expect(received[1]).toMatchObject({
      traceparent: expect.stringMatching(TRACEPARENT),
      'x-trace-id': 'own',
    });
  });

  it('stay away without a scope', async () => {
    await using _test = await startRuntime({ propagate: ['*'] });
    await fetch(server.url);
    expect(received[0]).not.toHaveProperty('traceparent');
  });

  it('stay away, and the call goes on, if the function of the application throws', async () => {
    const errors = await inScope(
      () => {
        throw new Error('of the application');
      },
      () => fetch(server.url),
    );
    expect(received[0]).not.toHaveProperty('traceparent');
    expect(errors.map(String)).toEqual(['Error: of the application']);
  });
});

describe('by node:http', () => {
  it('go along as far as Node tells of requests in time', async () => {
    const errors = await inScope(['127.0.0.1'], async () => {
      await get(server.url, {});
      await get(server.url, { headers: { 'X-Trace-Id': 'own' } });
      await get(server.url, {}, { traceparent: 'own' });
      // Written at once.
      await get(server.url, { headers: ['host', 'shop.example'] as never });
    });
    const ours = isToldInTime ? TRACE_ID : undefined;
    expect(received.map((headers) => headers['x-trace-id'])).toEqual([ours, 'own', ours, undefined]);
    const traceparent = isToldInTime ? expect.stringMatching(TRACEPARENT) : undefined;
    expect(received.map((headers) => headers.traceparent)).toEqual([
      traceparent,
      traceparent,
      'own',
      undefined,
    ]);
    expect(errors).toEqual([]);
  });

  it('are for the host that is called, whatever the header says', async () => {
    await inScope(['shop.example'], () => get(server.url, { headers: { host: 'shop.example' } }));
    expect(received[0]).not.toHaveProperty('traceparent');
  });
});

describe('a host', () => {
  const isAllowed = (propagate: Propagate, url: string): boolean => {
    const { options } = resolveOptions({ propagate }, {});
    return createPropagation(options)?.(url, createScope(TRACE_ID, 0)) !== undefined;
  };

  it('is allowed by name, with or without its port', () => {
    expect(isAllowed(['Api.Example.com'], 'https://api.example.com/x')).toBe(true);
    expect(isAllowed(['api.example.com'], 'https://api.example.com:8443/x')).toBe(true);
    expect(isAllowed(['api.example.com:8443'], 'https://api.example.com:8443/x')).toBe(true);
    expect(isAllowed(['api.example.com:8443'], 'https://api.example.com/x')).toBe(false);
    expect(isAllowed(['example.com'], 'https://api.example.com/x')).toBe(false);
    expect(isAllowed(['example.com'], 'https://evil.test/?example.com')).toBe(false);
  });

  it('is allowed with all below another one, or with all there are', () => {
    expect(isAllowed(['*.example.com'], 'https://api.example.com/x')).toBe(true);
    expect(isAllowed(['*.example.com'], 'https://a.b.example.com/x')).toBe(true);
    expect(isAllowed(['*.example.com'], 'https://example.com/x')).toBe(false);
    expect(isAllowed(['*.example.com'], 'https://evilexample.com/x')).toBe(false);
    expect(isAllowed(['*'], 'https://example.com/x')).toBe(true);
    expect(isAllowed(['*.example.com:8443'], 'https://api.example.com:8443/x')).toBe(true);
    expect(isAllowed(['*.example.com:8443'], 'https://api.example.com/x')).toBe(false);
  });

  it('is allowed by an expression, time and again, or by a function of the URL', () => {
    const global = [/^api\./g];
    expect(isAllowed(global, 'https://api.example.com/x')).toBe(true);
    expect(isAllowed(global, 'https://api.example.com/x')).toBe(true);
    expect(isAllowed([/api/], 'https://evil.test/api')).toBe(false);
    expect(isAllowed(({ pathname }) => pathname === '/x', 'https://example.com/x')).toBe(true);
  });

  it('is read from the environment, too, and told if it does not fit', () => {
    expect(resolveOptions({}, { REPLAYSTACK_PROPAGATE: 'a.example, *.b.example' }).options.propagate).toEqual(
      ['a.example', '*.b.example'],
    );
  });

  it.each([1, '', 'example.com:*', 'https://example.com', 'example.com/path'])(
    'that is none is told of: %j',
    (host) => {
      const { options, problems } = resolveOptions({ propagate: [host] as never }, {});
      expect(options.propagate).toEqual([]);
      expect(problems).toEqual(['The value of option `propagate` does not fit.']);
    },
  );
});

describe('traceparent', () => {
  it('has the digits of a trace id that is a UUID or as long', () => {
    expect(toTraceparent(TRACE_ID)).toMatch(TRACEPARENT);
    expect(toTraceparent('71DFF93EA49F45539039D1B269EA207D')).toMatch(TRACEPARENT);
  });

  it('has the same ones for any other trace id, again and again', () => {
    for (const traceId of ['order-17', '00000000-0000-0000-0000-000000000000', 'ü', 'a b']) {
      const [version, trace, parent, flags] = toTraceparent(traceId).split('-');
      expect([version, flags]).toEqual(['00', '01']);
      expect(trace).toMatch(/^(?!0+$)[\da-f]{32}$/);
      expect(parent).toMatch(/^(?!0+$)[\da-f]{16}$/);
      expect(toTraceparent(traceId).split('-')[1]).toBe(trace);
    }
    expect(toTraceparent('a').slice(0, 35)).not.toBe(toTraceparent('b').slice(0, 35));
  });

  it('goes alone if the trace id is none that a header can have', () => {
    const { options } = resolveOptions({ propagate: ['*'] }, {});
    const headers = createPropagation(options)?.('http://a.example/', createScope('a\nb', 0));
    expect(Object.keys(headers ?? {})).toEqual(['traceparent']);
  });
});
