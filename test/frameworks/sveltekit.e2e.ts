/** SvelteKit, for Node: endpoints, pages, actions, hooks, streams, and what is rendered in advance. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/index.ts';
import { describeApplication } from '../support/e2e-application.ts';
import { readOutput } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import type { Project } from '../support/e2e-project.ts';
import { run, startService } from '../support/e2e-service.ts';
import { ORIGIN, scenarios } from './scenarios/sveltekit.ts';

const environment = { HOST: '127.0.0.1', ORIGIN };

/** What the build with the plugin printed, and the events that came meanwhile. */
const built = { printed: '', events: 0 };

async function vite(project: Project, variables: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await run(
    project.dir,
    ['node_modules/vite/bin/vite.js', 'build'],
    variables,
  );
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout;
}

async function make(project: Project): Promise<{ file: string; absent: string }> {
  await vite(project, { REPLAYSTACK_ABSENT: '1' });
  renameSync(project.path('build'), project.path('absent'));
  const receiver = await startReceiver();
  built.printed = await vite(project, {
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
  });
  built.events = receiver.events.length;
  await receiver.close();
  return { file: project.path('build/index.js'), absent: project.path('absent/index.js') };
}

describeApplication(
  'a SvelteKit application',
  {
    app: 'apps/sveltekit',
    environment,
    make,
    scenarios,
    session: { path: '/api/session', metadata: { framework: 'sveltekit', route: '/api/session' } },
    pieces: {
      path: '/api/pieces',
      metadata: { framework: 'sveltekit', route: '/api/pieces' },
      // The event is sent when the answer goes out.
      left: {},
    },
    concurrent: {
      path: (id) => `/api/prices/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { sku: id } }, {}] });
        expect(outline(breadcrumbs)).toEqual([
          'HTTP request started',
          'handle',
          'GET!',
          'priceOf!',
          'Unhandled exception captured!',
          'HTTP request finished',
        ]);
      },
    },
  },
  (running) => {
    test('the build says what was instrumented, and captures nothing of what it renders', () => {
      expect(built.printed).toContain('[replaystack] 1 route and 15 functions in 10 files');
      expect(built.events).toBe(0);
    });

    test.each(['client', 'prerendered'])('%s is as without, and has no maps', (folder) => {
      const { project } = running();
      const files = readOutput(project.path('build', folder));
      expect(files).toEqual(readOutput(project.path('absent', folder)));
      expect(Object.keys(files)).not.toEqual([]);
      expect(Object.keys(files).filter((name) => name.endsWith('.map'))).toEqual([]);
    });

    test.each(['/', '/about', '/orders', '/books/m1', '/books/x2', '/nowhere', '/api/orders/1'])(
      'the answer to %s is the same, to the letter',
      async (path) => {
        const { service, without } = running();
        const [ours, theirs] = await Promise.all([send(service.url, { path }), send(without.url, { path })]);
        const { 'x-trace-id': _, date: __, ...headers } = ours.headers;
        const { date: ___, ...expected } = theirs.headers;
        const rendered = headers['last-modified'];
        expect(ours.body).toBe(theirs.body);
        // Of a file, both tell of when it was written.
        if (rendered === undefined) expect(headers).toEqual(expected);
      },
    );

    test('ends as it does without', async () => {
      const { project } = running();
      const [ours, theirs] = [
        await startService(project.dir, ['build/index.js'], {
          ...environment,
          REPLAYSTACK_API_KEY: 'rs_test',
        }),
        await startService(project.dir, ['absent/index.js'], environment),
      ];
      expect(await ours.stop()).toBe(await theirs.stop());
    });
  },
);
