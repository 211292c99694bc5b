/** Node's own servers behind a certificate: HTTP/1.1 over TLS, and HTTP/2. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { checkFrames, step } from '../support/e2e-event.ts';
import type { Call } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

const KEY = resolve('fixtures/runtime/tls/key.pem');
const CERT = resolve('fixtures/runtime/tls/cert.pem');
const entry = { entry: 'src/secure.ts' };

let project: Project;
let receiver: Receiver;
let service: Service;
let without: Service;
const agent = new Agent({
  allowH2: true,
  connect: { ca: readFileSync(CERT, 'utf8'), servername: 'localhost' },
});

beforeAll(async () => {
  project = createProject('apps/node-http');
  receiver = await startReceiver();
  const { file } = await build(project, 'esbuild', entry);
  const absent = await build(project, 'esbuild', { ...entry, outDir: 'dist-absent', plugin: 'absent' });
  without = await startService(project.dir, [absent.file], { KEY, CERT });
  service = await startService(project.dir, [file], {
    KEY,
    CERT,
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
    REPLAYSTACK_TIMEOUT_MS: '20000',
  });
});

afterAll(async () => {
  await agent.close();
  await Promise.all([service?.stop(), without?.stop()]);
  await receiver?.close();
});

describe.each([
  ['HTTP/1.1', 'port'],
  ['HTTP/2', 'http2Port'],
])('a server that speaks %s behind a certificate', (version, key) => {
  const originOf = ({ stdout }: Service): string => {
    const ports = JSON.parse(stdout().split('\n')[0] ?? '') as Record<string, number>;
    return `https://127.0.0.1:${ports[key]}`;
  };

  /** Asks both; resolves with the answer's status and text, and the event. */
  async function ask(call: Call, id: string): Promise<{ answered: unknown[]; event: ReplayStackEvent }> {
    const [answered, other] = await Promise.all(
      [service, without].map(async (one) => {
        const { statusCode, headers, body } = await request(originOf(one) + call.path, {
          method: (call.method ?? 'GET') as 'GET',
          headers: { ...call.headers, 'x-trace-id': id },
          ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
          dispatcher: agent,
        });
        const { 'x-trace-id': traceId, date: _, ...rest } = headers;
        expect(traceId).toBe(one === service ? id : undefined);
        return [statusCode, Object.keys(rest), await body.text()];
      }),
    );
    expect(answered).toEqual(other);
    return { answered: answered ?? [], event: await receiver.waitFor(({ traceId }) => traceId === id) };
  }

  test('secrets of a request and of its answer', async () => {
    const headers = {
      authorization: 'Bearer hidden',
      cookie: 'session=hidden',
      'content-type': 'application/json',
    };
    const body = { name: 'Ada', password: 'hidden' };
    const call = { method: 'POST', path: '/session?token=hidden', headers, body };
    const { answered, event } = await ask(call, `secrets-${version}`);
    expect(answered[0]).toBe(200);
    expect(event).toMatchObject({
      method: 'POST',
      endpoint: '/session',
      requestUrl: `${originOf(service)}/session?token=[MASKED]`,
      authMode: 'bearer',
      requestHeaders: { authorization: '[MASKED]', cookie: 'session=[MASKED]' },
      requestPayload: { name: 'Ada', password: '[MASKED]' },
      responsePayload: { name: 'Ada', token: '[MASKED]' },
      status: 'success',
      statusCode: 200,
      sourceIp: '127.0.0.1',
      metadata: { framework: 'http' },
    });
    expect(String(event.responseHeaders?.['set-cookie'])).toMatch(/^session=\[MASKED\]/);
    expect(JSON.stringify(event)).not.toMatch(/hidden|of-the-server/);
  });

  test('a bug two calls deep', async () => {
    const { answered, event } = await ask({ path: '/postage/crate' }, `bug-${version}`);
    expect(answered[0]).toBe(500);
    expect(event).toMatchObject({ status: 'failed', statusCode: 500, metadata: { handled: true } });
    expect(event.breadcrumbs).toContainEqual(
      step(project, 'postage', ['src/parcels.ts', 'export async function postage'], {
        error: "TypeError: Cannot read properties of undefined (reading 'rate')",
      }),
    );
    checkFrames(project, event, [
      { functionName: 'rateOf', file: 'src/parcels.ts', at: 'rate;' },
      { functionName: 'postage', file: 'src/parcels.ts', at: 'rateOf(kind)' },
      { file: 'src/routes.ts', at: 'postage(kind' },
      { functionName: 'answer', file: 'src/secure.ts', at: 'handler(request' },
    ]);
  });

  test('a path that leads nowhere', async () => {
    const { answered, event } = await ask({ path: '/nowhere' }, `nowhere-${version}`);
    expect(answered[0]).toBe(404);
    expect(event).toMatchObject({ status: 'warning', statusCode: 404, endpoint: '/nowhere' });
  });

  test('two hundred requests at a time stay apart', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `${version}-${index}`);
    await Promise.all(
      ids.map(async (id) => {
        const { event } = await ask({ path: `/postage/${id.replaceAll(/\W/g, '')}` }, id);
        expect(event.metadata).toMatchObject({ trail: [{ arguments: { kind: id.replaceAll(/\W/g, '') } }] });
      }),
    );
    expect(receiver.events.filter(({ traceId }) => ids.includes(traceId))).toHaveLength(200);
  });
});
