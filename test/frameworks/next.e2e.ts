/** Next.js, built by webpack and by Turbopack: the App Router, the Pages Router, the proxy, server actions, and what is static. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { checkEvent, outline, requestEvent, STREAMED } from '../support/e2e-event.ts';
import type { Answer, Call } from '../support/e2e-http.ts';
import { open, send } from '../support/e2e-http.ts';
import type { NextBuild } from '../support/e2e-next.ts';
import {
  argumentMasks,
  browserScripts,
  buildNext,
  callAction,
  checkOwnFrames,
  routeTable,
  startNext,
  submitForm,
  unidentified,
} from '../support/e2e-next.ts';
import { positionOf, type Project } from '../support/e2e-project.ts';
import type { Service } from '../support/e2e-service.ts';
import { checkSession } from '../support/e2e-session.ts';
import { scenarios } from './scenarios/next.ts';

let absent: NextBuild;
let without: Service;

beforeAll(async () => {
  absent = await buildNext('next', 'turbopack', { REPLAYSTACK_ABSENT: '1' });
  without = await startNext(absent.project);
});

afterAll(() => without?.stop());

describe.each(['webpack', 'turbopack'])('a Next.js application built by %s', (bundler) => {
  let project: Project;
  let printed: string;
  let receiver: Receiver;
  let service: Service;

  beforeAll(async () => {
    receiver = await startReceiver();
    ({ project, printed } = await buildNext('next', bundler));
    service = await startNext(project, {
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  });

  const eventOf = (id: string): Promise<ReplayStackEvent> =>
    receiver.waitFor((event) => event.traceId === id);

  test('says what was instrumented', () => {
    expect(printed).toContain('[replaystack] 20 routes and ');
  });

  test('what is rendered in advance is the same as without', () => {
    expect(routeTable(printed)).toEqual(routeTable(absent.printed));
  });

  if (bundler === 'turbopack')
    test('what is for browsers is the same as without', () => {
      expect(browserScripts(project)).toEqual(browserScripts(absent.project));
    });

  test('scripts of the server and their maps have an id', () => {
    expect(unidentified(project)).toEqual([]);
  });

  test('actions tell browsers of the arguments that they did', () => {
    expect(argumentMasks(project)).toEqual(argumentMasks(absent.project));
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

  test.each(['/api/pieces', '/api/legacy/pieces'])(
    'a stream of %s arrives piece by piece, and is not captured',
    async (path) => {
      const call = { path, headers: { authorization: 'Bearer let-me-in' } };
      const { next, rest, headers } = await open(service.url, call);
      expect(await next()).toBe('first\n');
      await send(service.url, { ...call, method: 'POST' });
      expect(await rest()).toBe('second\n');
      expect(await eventOf(String(headers['x-trace-id']))).toMatchObject({
        responsePayload: STREAMED,
        metadata: { framework: 'next', route: path },
      });
    },
  );

  test('a page without an action has no event', async () => {
    const id = `page-${bundler}`;
    await send(service.url, { path: '/orders', headers: { 'x-trace-id': id } });
    expect(receiver.events.filter(({ traceId }) => traceId === id)).toEqual([]);
  });

  describe.each([
    ['form', submitForm],
    ['script', callAction],
  ])('server actions that a %s calls', (caller, submit) => {
    const url = (): string => `${service.url}/orders?from=home`;

    test('with the state of a form', async () => {
      const id = `action-${bundler}-${caller}`;
      const fields = { title: 'Emma', copies: '3', password: 'hunter2' };
      const response = await submit(project, url(), 'order', fields, id);
      expect(await response.text()).toMatch(/["<p>]Ordered Emma["<]/);
      const event = await eventOf(id);
      expect(event).toMatchObject({
        eventType: 'api',
        method: 'POST',
        endpoint: '/orders',
        requestUrl: url(),
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
      const id = `leave-${bundler}-${caller}`;
      const { status, headers } = await submit(project, url(), 'leave', { title: 'Emma' }, id);
      expect(headers.get('location') ?? headers.get('x-action-redirect')).toMatch(/^\/(?:;push)?$/);
      expect(await eventOf(id)).toMatchObject({
        status: 'success',
        statusCode: status,
        metadata: { action: 'orderAndLeave' },
      });
    });

    test('whose body is an expression', async () => {
      const id = `check-${bundler}-${caller}`;
      const fields = { title: 'Ulysses', copies: '200' };
      expect((await submit(project, url(), 'check', fields, id)).status).toBe(500);
      const event = await eventOf(id);
      expect(event).toMatchObject({
        statusCode: 500,
        errorMessage: 'Not 200 copies of Ulysses',
        requestPayload: [fields],
        metadata: { action: 'check' },
      });
      expect(event.stackFrames?.[0]).toMatchObject({ functionName: 'checkStock', fileName: 'lib/orders.ts' });
    });

    test('that a call has given', async () => {
      const id = `reader-${bundler}-${caller}`;
      await submit(project, url(), 'reader', { title: 'Emma' }, id);
      expect(await eventOf(id)).toMatchObject({
        status: 'success',
        requestPayload: [{ title: 'Emma' }],
        metadata: { action: 'orderAsReader' },
      });
    });

    test('that is written in a component, and fails', async () => {
      const id = `reserve-${bundler}-${caller}`;
      const fields = { title: 'Ulysses', copies: '200' };
      const response = await submit(project, url(), 'reserve', fields, id);
      expect(response.status).toBe(500);
      const event = await eventOf(id);
      expect(event).toMatchObject({
        status: 'failed',
        statusCode: 500,
        errorMessage: 'Not 200 copies of home: Ulysses',
        requestPayload: [fields],
        metadata: { action: 'reserve', handled: false },
      });
      checkOwnFrames(project, event, [
        { functionName: 'checkStock', file: 'lib/orders.ts', at: 'new OrderError(`' },
        { file: 'app/orders/page.tsx', at: 'await checkStock(' },
      ]);
    });
  });

  test('a component that throws while its page is rendered is an event of its own', async () => {
    const call = { path: '/prices/none' };
    expect((await send(service.url, call)).status).toBe((await send(without.url, call)).status);
    const event = await receiver.waitFor(({ endpoint }) => endpoint === 'Price');
    expect(event).toMatchObject({
      eventType: 'custom',
      status: 'failed',
      errorName: 'TypeError',
      metadata: {
        trail: [{ functionName: 'priceOf', arguments: { sku: 'none' } }, { functionName: 'Price' }],
      },
    });
    checkOwnFrames(project, event, [
      { functionName: 'priceOf', file: 'lib/orders.ts', at: 'amount;\n}' },
      { functionName: 'Price', file: 'app/prices/[sku]/page.tsx', at: 'await priceOf(' },
    ]);
    expect(receiver.events.filter(({ endpoint }) => endpoint === 'Price')).toHaveLength(1);
  });

  test('so is what generateMetadata throws', async () => {
    await send(service.url, { path: '/prices/untitled' });
    const event = await receiver.waitFor(({ endpoint }) => endpoint === 'generateMetadata');
    expect(event).toMatchObject({ eventType: 'custom', errorMessage: 'There is no title for untitled' });
    // The maps of the two bundlers lead to different columns here, `new` and what is behind it.
    const file = 'app/prices/[sku]/page.tsx';
    const { line } = positionOf(project, file, 'RangeError(');
    expect(event.stackFrames?.[0]).toMatchObject({ fileName: file, lineNumber: line });
  });

  test('what is secret is masked on the way in and on the way out', () =>
    checkSession(
      { path: '/api/session', metadata: { framework: 'next', route: '/api/session' } },
      { service, without, receiver },
    ));

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
      await startNext(project, { REPLAYSTACK_API_KEY: 'rs_test' }),
      await startNext(absent.project),
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
