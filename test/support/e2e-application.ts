/** A framework's application as its developer builds it, with the plugin and without, held against what must become of its requests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, type BuildRequest, type BundlerName } from './e2e-bundlers.ts';
import { STREAMED } from './e2e-event.ts';
import { type Call, open, send } from './e2e-http.ts';
import { createProject, type Project } from './e2e-project.ts';
import { markerOf, passMarker } from './e2e-marker.ts';
import { checkAnswer, checkVisit, type Scenario, visit } from './e2e-scenario.ts';
import { type Service, startService } from './e2e-service.ts';
import { checkSession, type SessionCase } from './e2e-session.ts';

/** Builds a project without the plugin and with it. Resolves with the files that are to be run. */
type Make = (project: Project) => Promise<{ file: string; absent: string }>;

export interface FrameworkCase {
  /** The directory below fixtures. */
  app: string;
  bundlers?: readonly BundlerName[];
  /** Instead of a bundler: the framework's own command. */
  make?: Make;
  /** What it takes to build it, beside the entry. */
  request?: Partial<BuildRequest>;
  /** What runs it. @default this version of Node */
  command?: string;
  /** What that is called with. @default the file alone */
  args?(file: string): string[];
  /** Of the running application; each of the two asks for its own. */
  environment?: Record<string, string> | (() => Promise<Record<string, string>>);
  /** Columns are those of the source, as nothing has been made smaller. */
  columns?: boolean;
  scenarios: readonly Scenario[];
  /**
   * GET opens an answer with `first`, POST ends it with `second`; `metadata` is that of the first one's event, and `left` what
   * more it has if the client leaves. Nothing where answers that come in pieces are more than their text.
   */
  pieces?: { path: string; metadata: object; left?: object };
  /** Nothing where requests of its own have as many secrets. */
  session?: SessionCase;
  /** A request that ends in an error, with the id in its path, and what its event must have. */
  concurrent: { path(id: string): string; check(event: ReplayStackEvent, id: string): void };
}

/** What runs while the tests of a case do. */
export interface Running {
  project: Project;
  receiver: Receiver;
  service: Service;
  /** The application without the plugin. */
  without: Service;
}

/** @param more tests of what the framework alone has */
export function describeApplication(
  title: string,
  given: FrameworkCase,
  more: (running: () => Running) => void = () => {},
): void {
  const { app, bundlers = [], command, environment = {}, columns, scenarios, concurrent } = given;
  const { args = (file: string) => [file] } = given;
  const builds: [name: string, make: Make][] = bundlers.map((name) => [
    ` built by ${name}`,
    buildBy(name, given.request),
  ]);
  if (given.make !== undefined) builds.push(['', given.make]);
  const variables = typeof environment === 'function' ? environment : async () => environment;

  describe.each(builds)(`${title}%s`, (_, make) => {
    let project: Project;
    let receiver: Receiver;
    let service: Service;
    let without: Service;

    beforeAll(async () => {
      project = createProject(app);
      receiver = await startReceiver();
      const { file, absent } = await make(project);
      without = await startService(project.dir, args(absent), await variables(), command);
      const environment = {
        ...(await variables()),
        NODE_ENV: 'production',
        REPLAYSTACK_API_KEY: 'rs_test',
        REPLAYSTACK_ENDPOINT: receiver.url,
        // What a busy machine takes too long to answer would be sent twice.
        REPLAYSTACK_TIMEOUT_MS: '20000',
      };
      service = await startService(project.dir, args(file), environment, command);
    });

    afterAll(async () => {
      await Promise.all([service?.stop(), without?.stop()]);
      await receiver?.close();
    });

    const marker = markerOf(scenarios);
    const eventOf = (traceId: unknown): Promise<ReplayStackEvent> =>
      receiver.waitFor((event) => event.traceId === traceId);

    test.each(scenarios)('$title', async (scenario) => {
      const visited = await visit(scenario, service.url);
      checkAnswer(scenario, visited, await visit(scenario, without.url));
      await checkVisit(scenario, visited, {
        project,
        origin: (await variables())['ORIGIN'] ?? service.url,
        receiver,
        columns,
        settle: async () => {
          if (marker !== undefined) await passMarker(service.url, receiver, marker);
        },
      });
    });

    const { session } = given;
    if (session !== undefined) {
      test('what is secret is masked on the way in and on the way out', () =>
        checkSession(session, { service, without, receiver }));
    }

    if (given.pieces !== undefined) {
      const { path, metadata: told, left = { aborted: true } } = given.pieces;

      test('a stream arrives piece by piece, and is not captured', async () => {
        const { next, rest, headers } = await open(service.url, { path });
        expect(await next()).toBe('first\n');
        // What is there by the next turn of the application's event loop is no stream, and on Deno a turn may take that long.
        await sleep(50);
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
    }

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
        expect(event.endpoint).toBe(concurrent.path(id).replace(/\?.*/, ''));
        concurrent.check(event, id);
      }
      expect(receiver.events.filter(({ traceId }) => traceId.startsWith('none'))).toHaveLength(200);
    });

    more(() => ({ project, receiver, service, without }));
  });
}

/** What is built without the plugin goes beside what is built with it. */
function buildBy(bundler: BundlerName, own: Partial<BuildRequest> = {}): Make {
  const request = { entry: 'src/server.ts', ...own };
  return async (project) => {
    const { file } = await build(project, bundler, request);
    const absent = await build(project, bundler, { ...request, outDir: 'dist-absent', plugin: 'absent' });
    return { file, absent: absent.file };
  };
}
