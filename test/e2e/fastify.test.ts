/** Fastify 5: plugins with a prefix, schemas, hooks, decorators, error handlers, streams and bytes. */
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { outline, STREAMED } from '../support/e2e-event.ts';
import { type Call, open, send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { checkAnswer, checkVisit, visit } from '../support/e2e-scenario.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/fastify.ts';

describe.each(['esbuild', 'vite'] as const)('a Fastify application built by %s', (bundler) => {
  let project: Project;
  let receiver: Receiver;
  let service: Service;
  let without: Service;

  beforeAll(async () => {
    project = createProject('apps/fastify');
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

  test('a stream arrives piece by piece, and is not captured', async () => {
    const { next, rest, ...head } = await open(service.url, { path: '/files/pieces' });
    expect(await next()).toBe('first\n');
    // Only now is the rest asked for: had anything held the first piece back, this would never end.
    await send(service.url, { method: 'POST', path: '/files/pieces' });
    expect(await rest()).toBe('second\n');
    const event = await receiver.waitFor(({ traceId }) => traceId === head.headers['x-trace-id']);
    expect(event.responsePayload).toEqual(STREAMED);
    expect(event.metadata).toEqual({ framework: 'fastify', route: '/files/pieces' });
  });

  test('a client that leaves in the middle', async () => {
    const { next, leave, headers } = await open(service.url, { path: '/files/pieces' });
    expect(await next()).toBe('first\n');
    leave();
    const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    expect(event).toMatchObject({ status: 'success', statusCode: 200, metadata: { aborted: true } });
  });

  test('HEAD is answered by the route of GET', async () => {
    const { status, headers } = await send(service.url, { method: 'HEAD', path: '/v1/books/1' });
    expect(status).toBe(200);
    const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    expect(event).toMatchObject({ method: 'HEAD', statusCode: 200, metadata: { route: '/v1/books/:id' } });
    expect(event).not.toHaveProperty('responsePayload');
  });

  test('two hundred requests at a time, on connections that are kept, stay apart', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const ids = Array.from({ length: 200 }, (_, index) => `none-${index}`);
    const call = (id: string): Call => ({ path: `/v1/books/${id}`, headers: { 'x-trace-id': id }, agent });
    await Promise.all(ids.map((id) => send(service.url, call(id))));
    agent.destroy();
    for (const id of ids) {
      const event = await receiver.waitFor(({ traceId }) => traceId === id);
      expect(event).toMatchObject({
        endpoint: `/v1/books/${id}`,
        metadata: { trail: [{ arguments: { id } }, {}] },
      });
      expect(outline(event.breadcrumbs).slice(1, 4)).toEqual(['GET /:id!', 'find!', 'addHook onSend']);
    }
    expect(receiver.events.filter(({ traceId }) => traceId.startsWith('none-'))).toHaveLength(200);
  });
});
