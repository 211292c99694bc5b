/**
 * The packed command on an application that was built minified, deployed without its maps, and run: its events, symbolicated, are
 * what it sends with its maps beside it. And what it explains is what the build did.
 */
import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { type Ended, runNode } from '../support/command.ts';
import { build, type BuildResult } from '../support/e2e-bundlers.ts';
import { checkFrames, type SourceFrame } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { startService } from '../support/e2e-service.ts';

const PATH = '/v1/notes/none';
const FRAMES: SourceFrame[] = [
  { functionName: 'load', file: 'src/store.ts', at: 'parse(id)' },
  { functionName: 'read', file: 'src/store.ts', at: 'await load(' },
  { functionName: null, file: 'src/notes.ts', at: 'await store.read(' },
  { functionName: null, file: 'src/app.ts', at: 'await next()' },
];

describe.each(['esbuild', 'vite'] as const)('an application built by %s', (bundler) => {
  let project: Project;
  let built: BuildResult;
  let receiver: Receiver;
  /** As it is sent without maps, and with them. */
  let raw: ReplayStackEvent;
  let mapped: ReplayStackEvent;

  const replaystack = (args: readonly string[]): Promise<Ended> =>
    runNode([project.path('node_modules/.bin/replay stack'), ...args], { cwd: project.dir });

  async function failure(): Promise<ReplayStackEvent> {
    await using service = await startService(project.dir, [built.file], {
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
    const { headers } = await send(service.url, { path: PATH });
    return receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
  }

  function moveMaps(from: string, to: string): void {
    for (const name of readdirSync(project.path(from), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.map')) continue;
      mkdirSync(dirname(project.path(to, name)), { recursive: true });
      renameSync(project.path(from, name), project.path(to, name));
    }
  }

  beforeAll(async () => {
    project = createProject('apps/hono');
    // A place that both bundlers' maps have to the column.
    project.edit('src/store.ts', 'await null;', 'await null; if (!saved.has(id)) JSON.parse(id);');
    mkdirSync(project.path('node_modules/.bin'), { recursive: true });
    const command = join(inject('workspace'), 'node_modules/unplugin-replaystack/dist/cli/replaystack.js');
    symlinkSync(command, project.path('node_modules/.bin/replay stack'));
    built = await build(project, bundler, { entry: 'src/server.ts' });
    receiver = await startReceiver();
    mapped = await failure();
    moveMaps('dist', 'kept at home');
    raw = await failure();
  });
  afterAll(() => receiver?.close());

  test('sends raw frames with debug ids', () => {
    expect(raw.stackFrames?.map(({ fileName }) => fileName)).toContain(built.file);
    expect(raw.metadata?.['debugIds']).toHaveProperty([built.file]);
  });

  test('has its frames symbolicated, to the column of the source', async () => {
    project.write('event.json', JSON.stringify(raw));
    const { code, stdout, stderr } = await replaystack([
      'symbolicate',
      'event.json',
      '--maps',
      'kept at home',
      '--json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const event = JSON.parse(stdout) as ReplayStackEvent;
    checkFrames(project, event, FRAMES, true);
    // The two were sent by two processes.
    const { traceId, requestUrl, requestHeaders, responseHeaders, executionTimeMs, breadcrumbs } = mapped;
    expect({
      ...event,
      traceId,
      requestUrl,
      requestHeaders,
      responseHeaders,
      executionTimeMs,
      breadcrumbs,
    }).toEqual(mapped);
  });

  test('is explained as it was built', async () => {
    const { code, stdout, stderr } = await replaystack(['explain', 'src']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, summary] = /^(?:.*\[replaystack\] )?(\d+ routes and .*), \d+ ms$/m.exec(built.log) ?? [];
    expect(stdout.trim().split('\n').at(-1)).toContain(summary ?? 'a summary');
  });
});
