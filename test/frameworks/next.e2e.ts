/** Next.js, built by webpack and by Turbopack: the App Router, the Pages Router, the proxy, server actions, and what is static. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import type { SourceFrame } from '../support/e2e-event.ts';
import { checkEvent, outline, requestEvent, STREAMED } from '../support/e2e-event.ts';
import type { Answer, Call } from '../support/e2e-http.ts';
import { open, send } from '../support/e2e-http.ts';
import { installNext, NEXT } from '../support/e2e-next.ts';
import { createProject, positionOf, type Project } from '../support/e2e-project.ts';
import { run, type Service, startService } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/next.ts';

const quiet = { NEXT_TELEMETRY_DISABLED: '1' };

/** @returns the project, and what the build printed */
async function buildProject(
  bundler: string,
  environment: Record<string, string> = {},
): Promise<{ project: Project; printed: string }> {
  const project = createProject('apps/next');
  installNext(project);
  // From elsewhere, as workspaces do.
  const args = [project.path(NEXT), 'build', project.dir, `--${bundler}`];
  const { code, stdout, stderr } = await run(dirname(project.dir), args, { ...quiet, ...environment });
  if (code !== 0) throw new Error(stdout + stderr);
  return { project, printed: stdout };
}

const start = (project: Project, environment: Record<string, string> = {}): Promise<Service> =>
  startService(project.dir, [NEXT, 'start', '-p', '0', '-H', '127.0.0.1'], { ...quiet, ...environment });

/** What is rendered when: the table that the build prints. */
function routeTable(printed: string): string[] {
  return printed.split('\n').filter((line) => /^[┌├└│─ƒ○●]/.test(line));
}

/** Frames of the application, at their exact place. */
function checkOwnFrames(project: Project, event: ReplayStackEvent, expected: readonly SourceFrame[]): void {
  const own = (event.stackFrames ?? []).filter(({ fileName }) => /^(?:app|lib|pages)\//.test(fileName ?? ''));
  expect(own.map(({ fileName, lineNumber, columnNumber }) => [fileName, lineNumber, columnNumber])).toEqual(
    expected.map(({ file, at }) => {
      const { line, column } = positionOf(project, file, at);
      return [file, line, column];
    }),
  );
  for (const [index, { functionName }] of expected.entries()) {
    if (functionName !== undefined) expect(own[index]?.functionName).toBe(functionName);
  }
}

let absent: { project: Project; printed: string };
let without: Service;

beforeAll(async () => {
  absent = await buildProject('turbopack', { REPLAYSTACK_ABSENT: '1' });
  without = await start(absent.project);
});

afterAll(() => without?.stop());

describe.each(['webpack', 'turbopack'])('a Next.js application built by %s', (bundler) => {
  let project: Project;
  let printed: string;
  let receiver: Receiver;
  let service: Service;

  beforeAll(async () => {
    receiver = await startReceiver();
    ({ project, printed } = await buildProject(bundler));
    service = await start(project, { REPLAYSTACK_API_KEY: 'rs_test', REPLAYSTACK_ENDPOINT: receiver.url });
  });

  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  });

  const eventOf = (id: string): Promise<ReplayStackEvent> =>
    receiver.waitFor((event) => event.traceId === id);

  test('says what was instrumented', () => {
    expect(printed).toContain('[replaystack] 14 routes and ');
  });

  test('what is rendered in advance is the same as without', () => {
    expect(routeTable(printed)).toEqual(routeTable(absent.printed));
  });

  test.each(scenarios)('$title', async ({ title, call: given, status, untraced, event: own, frames }) => {
    const id = `next-${bundler}-${title.replaceAll(/\W+/g, '-')}`;
    const call: Call = { ...given, headers: { ...given.headers, 'x-trace-id': id } };
    const [answer, other] = [await send(service.url, call), await send(without.url, call)];
    const { 'x-trace-id': traceId, ...headers } = answer.headers;
    expect([answer.status, other.status]).toEqual([status, status]);
    expect(Object.keys(headers)).toEqual(Object.keys(other.headers));
    expect(traceId).toBe(untraced === true ? undefined : id);
    const event = await eventOf(id);
    checkEvent(event, expectedEvent(project, service.url, call, answer, { ...own(project), traceId: id }));
    expect(receiver.events.filter((one) => one.traceId === id)).toHaveLength(1);
    if (frames !== undefined) checkOwnFrames(project, event, frames);
  });

  test.each(['/', '/books/emma', '/api/fixed', '/nowhere'])(
    '%s is answered as without, and no event',
    async (path) => {
      const [answer, other] = [await send(service.url, { path }), await send(without.url, { path })];
      expect(answer.status).toBe(other.status);
      expect(Object.keys(answer.headers)).toEqual(Object.keys(other.headers));
      expect(receiver.events.filter(({ endpoint }) => endpoint === path)).toEqual([]);
    },
  );

  test('a route that is rendered again in the background has no trace id, and no event', async () => {
    const stamps = new Set<string>();
    await expect
      .poll(
        async () => {
          const { headers, body } = await send(service.url, { path: '/api/stamp' });
          expect(headers).not.toHaveProperty('x-trace-id');
          return stamps.add(body).size;
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBeGreaterThan(2);
    expect(receiver.events.filter(({ endpoint }) => endpoint === '/api/stamp')).toEqual([]);
  });

  test('a stream arrives piece by piece, and is not captured', async () => {
    const { next, rest, headers } = await open(service.url, { path: '/api/pieces' });
    expect(await next()).toBe('first\n');
    await send(service.url, { method: 'POST', path: '/api/pieces' });
    expect(await rest()).toBe('second\n');
    expect(await eventOf(String(headers['x-trace-id']))).toMatchObject({
      responsePayload: STREAMED,
      metadata: { framework: 'next', route: '/api/pieces' },
    });
  });

  describe('server actions', () => {
    /** Fills in a form as a browser without JavaScript does. */
    async function submit(form: string, fields: Record<string, string>, id: string): Promise<Response> {
      const url = `${service.url}/orders?from=home`;
      const page = await (await fetch(url)).text();
      const [, html = ''] = new RegExp(`<form[^>]*id="${form}"[^>]*>(.*?)</form>`, 's').exec(page) ?? [];
      const body = new FormData();
      for (const [, name = '', value = ''] of html.matchAll(
        /type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
      ))
        body.append(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      const headers = { origin: service.url, 'x-trace-id': id };
      return fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
    }

    test('a page without an action has no event', async () => {
      const id = `page-${bundler}`;
      await send(service.url, { path: '/orders', headers: { 'x-trace-id': id } });
      expect(receiver.events.filter(({ traceId }) => traceId === id)).toEqual([]);
    });

    test('with the state of a form', async () => {
      const id = `action-${bundler}`;
      const response = await submit('order', { title: 'Emma', copies: '3', password: 'hunter2' }, id);
      expect(await response.text()).toContain('<p>Ordered Emma</p>');
      const event = await eventOf(id);
      expect(event).toMatchObject({
        eventType: 'api',
        method: 'POST',
        endpoint: '/orders',
        requestUrl: `${service.url}/orders?from=home`,
        status: 'success',
        statusCode: 200,
        requestPayload: ['What shall it be?', { title: 'Emma', copies: '3', password: '[MASKED]' }],
        responsePayload: 'Ordered Emma',
        metadata: { framework: 'next', action: 'order' },
      });
      expect(outline(event.breadcrumbs)).toEqual([
        'HTTP request started',
        'order',
        'placeOrder',
        'checkStock',
        'HTTP request finished',
      ]);
    });

    test('that redirects', async () => {
      const id = `leave-${bundler}`;
      const response = await submit('leave', { title: 'Emma' }, id);
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
      expect(await eventOf(id)).toMatchObject({
        status: 'success',
        statusCode: 303,
        metadata: { action: 'orderAndLeave' },
      });
    });

    test('that is written in a component, and fails', async () => {
      const id = `reserve-${bundler}`;
      const response = await submit('reserve', { title: 'Ulysses', copies: '200' }, id);
      expect(response.status).toBe(500);
      const event = await eventOf(id);
      expect(event).toMatchObject({
        status: 'failed',
        statusCode: 500,
        errorMessage: 'Not 200 copies of home: Ulysses',
        requestPayload: [{ title: 'Ulysses', copies: '200' }],
        metadata: { action: 'reserve', handled: false },
      });
      checkOwnFrames(project, event, [
        { functionName: 'checkStock', file: 'lib/orders.ts', at: 'new OrderError(`' },
        { file: 'app/orders/page.tsx', at: 'await checkStock(' },
      ]);
    });
  });

  test('two hundred requests at a time stay apart', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `many-${bundler}-${index}`);
    const answers = await Promise.all(
      ids.map((id, index) =>
        send(service.url, { path: `/api/prices/x${index}`, headers: { 'x-trace-id': id } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
    for (const [index, id] of ids.entries()) {
      const { endpoint, metadata } = await eventOf(id);
      expect(endpoint).toBe(`/api/prices/x${index}`);
      expect(metadata).toMatchObject({ trail: [{ arguments: { sku: `x${index}` } }, {}] });
    }
    expect(receiver.events.filter(({ traceId }) => traceId.startsWith('many-'))).toHaveLength(200);
  });

  test('ends as it does without', async () => {
    const [ours, theirs] = [
      await start(project, { REPLAYSTACK_API_KEY: 'rs_test' }),
      await start(absent.project),
    ];
    expect(await ours.stop()).toBe(await theirs.stop());
  });
});

/** What Next's server adds to a request, and what of an answer the handler has a say in. */
function expectedEvent(project: Project, origin: string, call: Call, answer: Answer, own: object): object {
  const { host, port } = new URL(origin);
  const isNode = 'sourceIp' in own;
  const { authorization, ...sent } = answer.sent;
  return requestEvent(project, origin, call, answer, {
    sourceIp: undefined,
    requestHeaders: {
      ...sent,
      ...(authorization !== undefined && { authorization: '[MASKED]' }),
      'x-forwarded-for': expect.stringContaining('127.0.0.1'),
      'x-forwarded-host': host,
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    },
    ...(!isNode && {
      responseHeaders:
        answer.headers['x-trace-id'] === undefined
          ? undefined
          : { 'content-type': 'application/json', 'x-trace-id': answer.headers['x-trace-id'] },
    }),
    ...own,
  });
}
