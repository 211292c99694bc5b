/** A real service, Express 5, built minified by a bundler from its own config file, run, and driven over HTTP. */
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import type { BundlerName } from './e2e-bundlers.ts';
import { checkEvent, outline, passed, step } from './e2e-event.ts';
import { type Call, send } from './e2e-http.ts';
import { originalFrames } from './e2e-oracle.ts';
import { createProject, positionOf, type Project } from './e2e-project.ts';
import type { Memory, Scenario, Visit } from './e2e-scenario.ts';
import { checkAnswer, checkVisit, visit } from './e2e-scenario.ts';
import { run, type Service, startService } from './e2e-service.ts';
import { customerScenarios } from '../e2e/scenarios/orders-customers.ts';
import { ADMIN_KEY, registration, SECRETS, signedIn } from '../e2e/scenarios/orders-facts.ts';
import { BUG, orderScenarios } from '../e2e/scenarios/orders-orders.ts';

const scenarios = [...customerScenarios, ...orderScenarios];

/** Builds by the application's own script and returns the file to run. */
async function build(project: Project, bundler: string): Promise<string> {
  const { code, stdout, stderr } = await run(project.dir, ['build.mjs', bundler]);
  if (code !== 0) throw new Error(stdout + stderr);
  return project.path(
    'dist',
    bundler,
    /^(webpack|rspack|esbuild)$/.test(bundler) ? 'server.cjs' : 'server.js',
  );
}

/** Walks through the scenarios, one after the other. */
async function visitAll(origin: string, memory: Memory): Promise<Map<Scenario, Visit>> {
  const visits = new Map<Scenario, Visit>();
  for (const scenario of scenarios) visits.set(scenario, await visit(scenario, origin, memory));
  return visits;
}

export function testOrdersApi(bundler: BundlerName): void {
  const memory: Memory = {};
  let project: Project;
  let file: string;
  let receiver: Receiver;
  let service: Service;
  let visits: Map<Scenario, Visit>;
  let without: { project: Project; file: string; visits: Map<Scenario, Visit>; stderr: string };

  const environment = (): Record<string, string> => ({
    NODE_ENV: 'production',
    ADMIN_KEY,
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
  });

  async function buildWithout(): Promise<typeof without> {
    const project = createProject('orders-api');
    project.link('unplugin-replaystack', 'apps/maps-only');
    const file = await build(project, bundler);
    await using service = await startService(project.dir, [file], { NODE_ENV: 'production', ADMIN_KEY });
    return { project, file, visits: await visitAll(service.url, {}), stderr: service.stderr() };
  }

  beforeAll(async () => {
    project = createProject('orders-api');
    receiver = await startReceiver({ apiKey: 'rs_test' });
    [file, without] = await Promise.all([build(project, bundler), buildWithout()]);
    service = await startService(project.dir, [file], environment());
    visits = await visitAll(service.url, memory);
    await receiver.waitFor(scenarios.filter(({ event }) => event !== undefined).length);
  });

  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  });

  describe.each(scenarios)('$title', (scenario) => {
    const visitOf = (visits: Map<Scenario, Visit>): Visit => {
      const found = visits.get(scenario);
      if (found === undefined) throw new Error('It was not sent');
      return found;
    };

    test('is answered as without the plugin', () => {
      checkAnswer(scenario, visitOf(visits), visitOf(without.visits));
    });

    test(
      scenario.event === undefined ? 'is no event' : 'is one event, with every field as it should be',
      () => checkVisit(scenario, visitOf(visits), { project, origin: service.url, receiver }),
    );
  });

  test('columns are exact wherever they are in the map of the same build without the plugin', async () => {
    const failure = receiver.events.find(({ statusCode }) => statusCode === 500);
    // Where several timers are due at a time, frames of Node's own come between those of the application.
    const frames = failure?.stackFrames?.filter(({ fileName }) => fileName?.startsWith('src/')) ?? [];
    const raw = without.stderr.split('\n').filter((line) => line.startsWith('    at '));
    const expected = originalFrames(without.project.dir, raw);
    expect(
      frames.map(({ fileName, lineNumber, columnNumber }) => [fileName, lineNumber, columnNumber]),
    ).toEqual(expected);
    // And the place of the bug itself is exact in all six.
    const { line, column } = positionOf(project, BUG[0]?.file ?? '', BUG[0]?.at ?? '');
    expect(frames[0]).toMatchObject({ lineNumber: line, columnNumber: column });
  });

  test('two hundred requests at a time keep their breadcrumbs, arguments and trace ids apart', async () => {
    const quantityOf = (index: number): number => 1 + (index % 100);
    const calls = Array.from({ length: 200 }, (_, index): Call => {
      const headers = { ...signedIn(memory), 'x-trace-id': `load-${index}` };
      if (index % 2 === 0) return { path: `/api/orders/none-${index}`, headers };
      const body = { items: [{ sku: 'lamp-01', quantity: quantityOf(index) }], coupon: 'LOYAL25' };
      return { method: 'POST', path: '/api/orders', headers, body };
    });
    const answers = await Promise.all(calls.map((call) => send(service.url, call)));
    expect(answers.map(({ status }) => status)).toEqual(
      calls.map((_, index) => (index % 2 === 0 ? 404 : 500)),
    );
    expect(answers.map(({ headers }) => headers['x-trace-id'])).toEqual(
      calls.map((_, index) => `load-${index}`),
    );

    for (const index of calls.keys()) {
      const event = await receiver.waitFor(({ traceId }) => traceId === `load-${index}`);
      const signIn = ['HTTP request started', 'authenticate', 'customerOf', 'findCustomer'];
      const end = ['Unhandled exception captured!', 'HTTP request finished'];
      if (index % 2 === 0) {
        const steps = ['GET /:id!', 'OrderService.find!', 'OrderRepository.find'];
        expect(outline(event.breadcrumbs)).toEqual([...signIn, ...steps, ...end]);
        expect(event.metadata).toMatchObject({ trail: [{ arguments: { id: `none-${index}` } }, {}] });
      } else {
        const steps = [
          'POST /!',
          'OrderService.place!',
          'quoteOrder!',
          'catalogue.findProduct',
          'discountFor!',
        ];
        expect(outline(event.breadcrumbs)).toEqual([...signIn, ...steps, 'catalogue.findCoupon', ...end]);
        const items = [{ sku: 'lamp-01', quantity: quantityOf(index) }];
        expect(event.requestPayload).toMatchObject({ items });
        expect(event.metadata).toMatchObject({ trail: [{}, { arguments: { items } }, {}, {}] });
      }
    }
    expect(receiver.events.filter(({ traceId }) => traceId.startsWith('load-'))).toHaveLength(200);
  });

  test('requests over one connection are one event each', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const calls = [1, 2, 3].map((index): Call => ({ path: `/api/kept/${index}`, agent }));
    for (const call of calls) await send(service.url, call);
    agent.destroy();
    await receiver.waitFor(({ endpoint }) => endpoint === '/api/kept/3');
    const events = receiver.events.filter(({ endpoint }) => endpoint?.startsWith('/api/kept/'));
    expect(events.map(({ endpoint }) => endpoint)).toEqual(calls.map(({ path }) => path));
    expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(3);
  });

  test('an error outside any request is an event of its own', async () => {
    await using job = await startService(project.dir, [file], {
      ...environment(),
      RECONCILE_INTERVAL_MS: '50',
    });
    await send(job.url, { method: 'POST', path: '/api/customers', body: registration('job@example.com') });
    const login = await send(job.url, {
      method: 'POST',
      path: '/api/customers/login',
      body: registration('job@example.com'),
    });
    const headers = signedIn(JSON.parse(login.body) as Memory);
    const body = { items: [{ sku: 'lamp-01', quantity: 1 }] };
    await send(job.url, { method: 'POST', path: '/api/orders', headers, body });
    const event = await receiver.waitFor(({ endpoint }) => endpoint === 'reconcile');
    const message = event.errorMessage ?? '';
    const reconcile = ['src/jobs/reconciler.ts', 'export async function reconcile'] as const;
    checkEvent(event, {
      traceId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      eventType: 'custom',
      endpoint: 'reconcile',
      status: 'failed',
      errorName: 'ReconciliationError',
      errorMessage: expect.stringMatching(/^Order ord_\d+ has no settlement$/) as string,
      stackTrace: expect.any(String) as string,
      stackFrames: expect.any(Array) as unknown[],
      breadcrumbs: expect.any(Array) as unknown[],
      serviceName: 'orders-api',
      environment: 'production',
      appVersion: '2.4.1',
      commitHash: project.commit,
      metadata: { trail: [passed(project, 'reconcile', reconcile, { orders: {} })] },
    });
    // It is called in one place, into which minifiers put its body: some lose where that place was.
    expect(event.stackFrames?.[0]).toMatchObject({
      functionName: 'settlementOf',
      fileName: reconcile[0],
      lineNumber: positionOf(project, reconcile[0], 'throw new ReconciliationError').line,
    });
    const failure = { error: `ReconciliationError: ${message}` };
    expect(event.breadcrumbs?.slice(-2)).toEqual([
      step(project, 'reconcile', reconcile, failure),
      step(project, 'OrderRepository.takeUnreconciled', [
        'src/repositories/orders.ts',
        'async takeUnreconciled',
      ]),
    ]);
    expect(await job.stop()).toBe(0);
  });

  test.each([
    ['without an API key', { REPLAYSTACK_API_KEY: '' }],
    ['with REPLAYSTACK_ENABLED=false', { REPLAYSTACK_ENABLED: 'false' }],
  ])('%s everything is off', async (_, change) => {
    const before = receiver.requests.length;
    await using off = await startService(project.dir, [file], { ...environment(), ...change });
    const { status, headers, body } = await send(off.url, {
      path: '/api/nothing',
      headers: { 'x-trace-id': 'mine' },
    });
    expect(status).toBe(404);
    expect(headers).not.toHaveProperty('x-trace-id');
    expect(body).toContain('does not exist');
    expect(await off.stop()).toBe(0);
    expect(receiver.requests).toHaveLength(before);
  });

  test('no secret has left the process', () => {
    for (const secret of [...SECRETS, String(memory.token)]) {
      expect(receiver.requests.filter(({ body }) => body.includes(secret))).toEqual([]);
    }
  });
}
