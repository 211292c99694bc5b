/** Hono on Node: base path, sub-applications, middleware, thrown answers, forms, text and event streams. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, bundlerNames } from '../support/e2e-bundlers.ts';
import { outline, STREAMED } from '../support/e2e-event.ts';
import { type Call, open, send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { checkAnswer, checkVisit, visit } from '../support/e2e-scenario.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/hono.ts';

describe.each(bundlerNames)('a Hono application built by %s', (bundler) => {
  let project: Project;
  let receiver: Receiver;
  let service: Service;
  let without: Service;

  beforeAll(async () => {
    project = createProject('apps/hono');
    receiver = await startReceiver();
    const request = { entry: 'src/server.ts' };
    const { file } = await build(project, bundler, request);
    const absent = await build(project, bundler, { ...request, outDir: 'dist-absent', plugin: 'absent' });
    without = await startService(project.dir, [absent.file]);
    service = await startService(project.dir, [file], {
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await Promise.all([service?.stop(), without?.stop()]);
    await receiver?.close();
  });

  test.each(scenarios)('$title', async (scenario) => {
    const visited = await visit(scenario, service.url);
    checkAnswer(scenario, visited, await visit(scenario, without.url));
    await checkVisit(scenario, visited, { project, origin: service.url, receiver });
  });

  test('streamed text arrives piece by piece, and is not captured', async () => {
    const { next, rest, ...head } = await open(service.url, { path: '/v1/pieces' });
    expect(await next()).toBe('first\n');
    // Only now is the rest asked for: had anything held the first piece back, this would never end.
    await send(service.url, { method: 'POST', path: '/v1/pieces' });
    expect(await rest()).toBe('second\n');
    const event = await receiver.waitFor(({ traceId }) => traceId === head.headers['x-trace-id']);
    expect(event.responsePayload).toEqual(STREAMED);
    expect(outline(event.breadcrumbs)).toEqual(['HTTP request started', 'use *', 'HTTP request finished']);
  });

  test('server-sent events arrive, and are not captured', async () => {
    const { headers, body } = await send(service.url, { path: '/v1/ticks' });
    expect(body).toBe('event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n');
    const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    expect(event).toMatchObject({ responsePayload: STREAMED, metadata: { route: '/v1/ticks' } });
  });

  test('HEAD is answered by the handler of GET', async () => {
    const { status, headers } = await send(service.url, { method: 'HEAD', path: '/v1/notes/1' });
    expect(status).toBe(200);
    const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    expect(event).toMatchObject({ method: 'HEAD', statusCode: 200, metadata: { route: '/v1/notes/:id' } });
    expect(event).not.toHaveProperty('responsePayload');
  });

  test('a hundred requests at a time keep their trace ids and arguments apart', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `none-${index}`);
    const call = (id: string): Call => ({ path: `/v1/notes/${id}`, headers: { 'x-trace-id': id } });
    await Promise.all(ids.map((id) => send(service.url, call(id))));
    for (const id of ids) {
      const event = await receiver.waitFor(({ traceId }) => traceId === id);
      expect(event).toMatchObject({
        endpoint: `/v1/notes/${id}`,
        metadata: { trail: [{ arguments: { id } }, {}] },
      });
      expect(outline(event.breadcrumbs).slice(1, 4)).toEqual(['use *', 'GET /:id!', 'read!']);
    }
    expect(receiver.events.filter(({ traceId }) => traceId.startsWith('none-'))).toHaveLength(100);
  });
});
