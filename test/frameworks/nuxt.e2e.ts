/** Nuxt 4, whose server is Nitro 2 on h3 1: pages that are rendered, what these ask for, and the server's own routes. */
import { readdirSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { checkEvent, checkFrames, headersOf, outline, requestEvent, step } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { passMarker } from '../support/e2e-marker.ts';
import type { Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';
import { scenariosOf } from './scenarios/nitro.ts';

const printed: Record<'absent' | 'default', string> = { absent: '', default: '' };

async function build(project: Project, plugin: 'absent' | 'default'): Promise<string> {
  const { code, stdout, stderr } = await run(project.dir, ['node_modules/nuxt/bin/nuxt.mjs', 'build'], {
    NUXT_TELEMETRY_DISABLED: '1',
    ...(plugin === 'absent' && { REPLAYSTACK_ABSENT: '1' }),
  });
  printed[plugin] = stdout + stderr;
  if (code !== 0) throw new Error(printed[plugin]);
  renameSync(project.path('.output'), project.path(`dist-${plugin}`));
  return project.path(`dist-${plugin}/server/index.mjs`);
}

describeApplication(
  'a Nuxt application',
  {
    app: 'apps/nuxt',
    make: async (project) => ({
      absent: await build(project, 'absent'),
      file: await build(project, 'default'),
    }),
    environment: { HOST: '127.0.0.1' },
    columns: true,
    scenarios: scenariosOf('nuxt', 'Error'),
    session: { path: '/api/session', metadata: { framework: 'nuxt', route: '/api/session' } },
    pieces: { path: '/api/pieces', metadata: { framework: 'nuxt', route: '/api/pieces' } },
    concurrent: {
      path: (id) => `/api/books/${id.replace('none', '9')}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { id: Number(id.replace('none', '9')) } }] });
        expect(outline(breadcrumbs)).toContain('findBook!');
      },
    },
  },
  (running) => {
    test('its build warns of nothing that it does not warn of without us', () => {
      const warnings = (text: string): string[] => text.split('\n').filter((line) => /WARN|ERROR/.test(line));
      expect(warnings(printed.default)).toEqual(warnings(printed.absent));
      expect(printed.default).toContain('[replaystack] 0 routes and 3 functions');
    });

    test('what browsers get is the same as without us', async () => {
      const { project, service, without, receiver } = running();
      const assets = (plugin: string): string[] => readdirSync(project.path(`dist-${plugin}/public/_nuxt`));
      expect(assets('default')).toEqual(assets('absent'));
      const script = assets('default').find((name) => name.endsWith('.js')) ?? '';
      for (const [path, status] of [
        [`/_nuxt/${script}`, 200],
        ['/_nuxt/none.js', 404],
      ] as const) {
        const [ours, theirs] = [await send(service.url, { path }), await send(without.url, { path })];
        expect([ours.status, Object.keys(ours.headers)]).toEqual([status, Object.keys(theirs.headers)]);
        await passMarker(service.url, receiver, { path: '/api/shelf' });
        expect(receiver.events.map(({ endpoint }) => endpoint)).not.toContain(path);
      }
    });

    test('a page is one event with what it asks of the server', async () => {
      const { project, service, without, receiver } = running();
      const call = { path: '/', headers: { 'x-trace-id': 'page' } };
      const answer = await send(service.url, call);
      expect(answer.body).toContain('<h1>Read Middlemarch</h1>');
      const { 'x-trace-id': _, ...headers } = answer.headers;
      expect(Object.keys(headers)).toEqual(Object.keys((await send(without.url, call)).headers));
      const event = await receiver.waitFor(({ traceId }) => traceId === 'page');
      checkEvent(
        event,
        requestEvent(project, service.url, call, answer, {
          responsePayload: expect.any(String),
          responseHeaders: headersOf(answer),
          breadcrumbs: [
            step(project, 'findBook', ['server/utils/books.ts', 'export async function findBook']),
          ],
          metadata: { framework: 'nuxt', route: '/**' },
        }),
      );
      expect(receiver.events.filter(({ traceId }) => traceId === 'page')).toHaveLength(1);
      // The page is the same but for its state, in which names stand apart from values as it is sent.
      const state = /(?<=id="__NUXT_DATA__">).*?(?=<\/script>)/;
      const payload = String(event.responsePayload);
      expect(payload.replace(state, '')).toBe(answer.body.replace(state, ''));
      expect(answer.body).toContain('hidden');
      expect(JSON.parse(state.exec(payload)?.[0] ?? '')).toMatchObject({
        data: expect.anything() as unknown,
        state: { $ssession: { token: '[MASKED]' } },
      });
    });

    test('what is rendered in advance is the same as without us, and no event', async () => {
      const { project, service, receiver } = running();
      const page = (plugin: string): string => project.read(`dist-${plugin}/public/about/index.html`);
      expect(page('default')).toContain('A reading room, with Middlemarch');
      // Ids of builds, and times of rendering.
      const settled = (html: string): string =>
        html.replaceAll(/buildId:"[^"]*"|[\da-f-]{36}|\b\d{13}\b/g, '');
      expect(settled(page('default'))).toBe(settled(page('absent')));
      for (const path of ['/about', '/about/', '/about/index.html', '/about/_payload.json']) {
        const { status, body, headers } = await send(service.url, { path });
        expect([status, headers['x-trace-id']]).toEqual([200, undefined]);
        if (!path.endsWith('.json')) expect(body).toBe(page('default'));
      }
      // What is below such a page is rendered when it is asked for.
      await send(service.url, { path: '/about/nothing', headers: { accept: 'text/html' } });
      await receiver.waitFor(({ endpoint }) => endpoint === '/about/nothing');
      const endpoints = receiver.events.map(({ endpoint }) => endpoint);
      expect(endpoints.filter((endpoint) => endpoint?.startsWith('/about'))).toEqual(['/about/nothing']);
    });

    test('a page that is not there', async () => {
      const { project, service, without, receiver } = running();
      const call = { path: '/nowhere', headers: { 'x-trace-id': 'nowhere', accept: 'text/html' } };
      const answer = await send(service.url, call);
      expect([answer.status, answer.headers['x-trace-id']]).toEqual([404, 'nowhere']);
      const { 'x-trace-id': _, ...headers } = answer.headers;
      expect(Object.keys(headers)).toEqual(Object.keys((await send(without.url, call)).headers));
      const event = await receiver.waitFor(({ traceId }) => traceId === 'nowhere');
      const errorMessage = 'Page not found: /nowhere';
      checkEvent(
        event,
        requestEvent(project, service.url, call, answer, {
          responsePayload: expect.stringContaining(errorMessage),
          responseHeaders: headersOf(answer),
          errorName: 'Error',
          errorMessage,
          metadata: { framework: 'nuxt', route: '/**', handled: false, cause: { message: errorMessage } },
        }),
      );
    });

    test('an error of a page is where it is in its source', async () => {
      const { project, service, receiver } = running();
      const headers = { 'x-trace-id': 'broken', accept: 'text/html' };
      const answer = await send(service.url, { path: '/books/none', headers });
      // Nuxt asks itself for the page that tells of the error.
      expect([answer.headers['x-trace-id'], answer.headers['content-type']]).toEqual([
        'broken',
        expect.stringContaining('text/html'),
      ]);
      const event = await receiver.waitFor(({ traceId }) => traceId === 'broken');
      expect(event).toMatchObject({
        status: 'failed',
        statusCode: 500,
        errorName: 'TypeError',
        metadata: { framework: 'nuxt', route: '/**', handled: false },
      });
      checkFrames(
        project,
        event,
        [{ functionName: 'setup', file: 'app/pages/books/[id].vue', at: 'place } = shelves' }],
        true,
      );
      expect(receiver.events.filter(({ endpoint }) => endpoint?.startsWith('/__nuxt'))).toEqual([]);
    });
  },
);
