/** Express 4, TypeScript and CommonJS mixed: mounted routers and apps, lists of handlers, error middleware, compression. */
import { gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { checkEvent, requestEvent, STREAMED } from '../support/e2e-event.ts';
import { applicationHeaders, type Call, open, send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { checkAnswer, checkVisit, visit } from '../support/e2e-scenario.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { checkSession } from '../support/e2e-session.ts';
import { scenarios } from './scenarios/express4.ts';

// The other three build Hono; all of them build orders-api.
describe.each(['vite', 'rolldown', 'esbuild'] as const)('an Express 4 application built by %s', (bundler) => {
  // esbuild leaves `require` as it is in ES modules.
  const config =
    bundler === 'esbuild' ? { format: 'cjs', splitting: false, outExtension: { '.js': '.cjs' } } : {};
  const request = { entry: 'src/server.ts', config };
  let project: Project;
  /** With the plugin, and without it. */
  let files: [string, string];
  let receiver: Receiver;
  let service: Service;
  let without: Service;
  const environment = (): Record<string, string> => ({
    NODE_ENV: 'production',
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
  });

  beforeAll(async () => {
    project = createProject('apps/express4');
    project.link('express', 'express4');
    receiver = await startReceiver();
    const { file } = await build(project, bundler, request);
    const absent = await build(project, bundler, { ...request, outDir: 'dist-absent', plugin: 'absent' });
    files = [file, absent.file];
    service = await startService(project.dir, [file], { ...environment(), KEEP_RUNNING: '1' });
    without = await startService(project.dir, [absent.file], { ...environment(), KEEP_RUNNING: '1' });
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

  test('what is secret is masked on the way in and on the way out', () =>
    checkSession(
      { path: '/session', metadata: { framework: 'express', route: '/session' } },
      { service, without, receiver },
    ));

  test('a body that middleware compresses is captured as the handler wrote it', async () => {
    const compressed = await new Promise<Buffer>((resolve, reject) => {
      const headers = { 'accept-encoding': 'gzip', 'x-trace-id': 'zipped' };
      get(`${service.url}/admin/statistics?of=orders`, { headers }, (response) => {
        buffer(response).then(resolve, reject);
      }).on('error', reject);
    });
    expect(JSON.parse(gunzipSync(compressed).toString())).toEqual({ total: 12 });
    const event = await receiver.waitFor(({ traceId }) => traceId === 'zipped');
    expect(event.responsePayload).toEqual({ total: 12 });
    expect(event.responseHeaders).toMatchObject({ 'content-encoding': 'gzip' });
  });

  test('a streamed answer arrives piece by piece, and is not captured', async () => {
    const call: Call = { path: '/pieces' };
    const { next, rest, ...head } = await open(service.url, call);
    expect(await next()).toBe('first\n');
    // Only now is the rest asked for: had anything held the first piece back, this would never end.
    await send(service.url, { method: 'POST', path: '/pieces' });
    expect(await rest()).toBe('second\n');
    const event = await receiver.waitFor(({ traceId }) => traceId === head.headers['x-trace-id']);
    const answer = { ...head, body: '', tookMs: 0 };
    const own = { responsePayload: STREAMED, metadata: { framework: 'express', route: '/pieces' } };
    checkEvent(event, requestEvent(project, service.url, call, answer, own));
  });

  test('a client that gives up before there is an answer', async () => {
    const { leave, headers } = await open(service.url, { path: '/pieces' });
    leave();
    const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    expect(event).toMatchObject({ status: 'success', statusCode: 200, metadata: { aborted: true } });
    expect(event.responseHeaders).toEqual(applicationHeaders(headers));
  });

  test('a rejection that nobody handles ends the process, as it does without the plugin', async () => {
    for (const file of files) {
      const server = await startService(project.dir, [file], environment());
      await send(server.url, { path: '/forgotten' }).catch(() => {});
      expect(await server.ended).toBe(1);
      expect(server.stderr()).toContain('Error: nobody catches this');
    }
  });
});
