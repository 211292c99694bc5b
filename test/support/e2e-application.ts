/** A framework's application as its developer builds it, with the plugin and without, held against what must become of its requests. */
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, type BuildRequest, type BundlerName } from './e2e-bundlers.ts';
import { STREAMED } from './e2e-event.ts';
import { type Call, open, send } from './e2e-http.ts';
import { createProject, type Project } from './e2e-project.ts';
import { checkAnswer, checkVisit, type Scenario, visit } from './e2e-scenario.ts';
import { type Service, startService } from './e2e-service.ts';

export interface FrameworkCase {
  /** The directory below fixtures. */
  app: string;
  bundlers: readonly BundlerName[];
  /** What it takes to build it, beside the entry. */
  request?: Partial<BuildRequest>;
  /** Of the running application. */
  environment?: Record<string, string>;
  /** Builds what a framework's own command does: what is to be run, with the plugin and without. */
  make?(project: Project): Promise<{ file: string; absent: string }>;
  scenarios: readonly Scenario[];
  /**
   * GET opens an answer with `first`, POST ends it with `second`; `metadata` is that of the first one's event, and `left` what
   * more it has if the client leaves.
   */
  pieces: { path: string; metadata: object; left?: object };
  /** A request that ends in an error, with the id in its path, and what its event must have. */
  concurrent: { path(id: string): string; check(event: ReplayStackEvent, id: string): void };
}

/** What runs while the tests of a case do. */
export interface Running {
  project: Project;
  receiver: Receiver;
  service: Service;
  /** The same application without the plugin. */
  without: Service;
}

/** @param more tests of what the framework alone has */
export function describeApplication(
  title: string,
  {
    app,
    bundlers,
    request: own = {},
    environment = {},
    make,
    scenarios,
    pieces: { path, metadata: told, left = { aborted: true } },
    concurrent,
  }: FrameworkCase,
  more: (running: () => Running) => void = () => {},
): void {
  describe.each(bundlers)(`${title} built by %s`, (bundler) => {
    let project: Project;
    let receiver: Receiver;
    let service: Service;
    let without: Service;

    beforeAll(async () => {
      project = createProject(app);
      receiver = await startReceiver();
      const { file, absent } = await (make?.(project) ?? buildTwice(project, bundler, own));
      without = await startService(project.dir, [absent], environment);
      service = await startService(project.dir, [file], {
        ...environment,
        NODE_ENV: 'production',
        REPLAYSTACK_API_KEY: 'rs_test',
        REPLAYSTACK_ENDPOINT: receiver.url,
      });
    });

    afterAll(async () => {
      await Promise.all([service?.stop(), without?.stop()]);
      await receiver?.close();
    });

    const eventOf = (traceId: unknown): Promise<ReplayStackEvent> =>
      receiver.waitFor((event) => event.traceId === traceId);

    test.each(scenarios)('$title', async (scenario) => {
      const visited = await visit(scenario, service.url);
      checkAnswer(scenario, visited, await visit(scenario, without.url));
      await checkVisit(scenario, visited, {
        project,
        origin: environment['ORIGIN'] ?? service.url,
        receiver,
      });
    });

    test('a stream arrives piece by piece, and is not captured', async () => {
      const { next, rest, headers } = await open(service.url, { path });
      expect(await next()).toBe('first\n');
      // Only now is the rest asked for: had anything held the first piece back, this would never end.
      // As JSON: some take a POST without a type for a form of another site.
      await send(service.url, { method: 'POST', path, body: {} });
      expect(await rest()).toBe('second\n');
      const { responsePayload, metadata } = await eventOf(headers['x-trace-id']);
      expect({ responsePayload, metadata }).toEqual({ responsePayload: STREAMED, metadata: told });
    });

    test('a client that leaves in the middle', async () => {
      const { next, leave, headers } = await open(service.url, { path });
      expect(await next()).toBe('first\n');
      leave();
      expect(await eventOf(headers['x-trace-id'])).toMatchObject({
        status: 'success',
        statusCode: 200,
        metadata: { ...told, ...left },
      });
    });

    test('two hundred requests at a time, on connections that are kept, stay apart', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 50 });
      const ids = Array.from({ length: 200 }, (_, index) => `none${index}`);
      const call = (id: string): Call => ({
        path: concurrent.path(id),
        headers: { 'x-trace-id': id },
        agent,
      });
      await Promise.all(ids.map((id) => send(service.url, call(id))));
      agent.destroy();
      for (const id of ids) {
        const event = await eventOf(id);
        expect(event.endpoint).toBe(concurrent.path(id));
        concurrent.check(event, id);
      }
      expect(receiver.events.filter(({ traceId }) => traceId.startsWith('none'))).toHaveLength(200);
    });

    more(() => ({ project, receiver, service, without }));
  });
}

async function buildTwice(
  project: Project,
  bundler: BundlerName,
  own: Partial<BuildRequest>,
): Promise<{ file: string; absent: string }> {
  const request = { entry: 'src/server.ts', ...own };
  const { file } = await build(project, bundler, request);
  const absent = await build(project, bundler, { ...request, outDir: 'dist-absent', plugin: 'absent' });
  return { file, absent: absent.file };
}
