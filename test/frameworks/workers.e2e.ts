/** Workers of Cloudflare on its own workerd: requests, what runs by the clock and for messages, and objects that sleep. */
import { WebSocket } from 'undici';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { checkEvent, checkFrames, passed, step } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { jobEvent } from '../support/e2e-job.ts';
import { run } from '../support/e2e-service.ts';
import { checkConcurrent } from './platforms.ts';
import { at, frames, scenariosOn } from './scenarios/platforms.ts';

const handlers = {
  fetch: ['src/worker.ts', 'async fetch'],
  scheduled: ['src/worker.ts', 'async scheduled'],
  queue: ['src/worker.ts', 'async queue'],
} as const;

const CONDITIONS = ['workerd', 'worker', 'browser'];
const metadata = { framework: 'workers' };

describeApplication(
  'a worker',
  {
    app: 'apps/platforms',
    args: (file) => ['serve.mjs', file],
    // A busy machine may take its time: here each event is sent by itself.
    environment: { NODE_ENV: 'production', FLAGS: 'nodejs_compat', REPLAYSTACK_TIMEOUT_MS: '30000' },
    bundlers: ['esbuild'],
    request: {
      entry: 'src/worker.ts',
      external: ['cloudflare:workers'],
      config: { platform: 'browser', conditions: CONDITIONS },
    },
    scenarios: scenariosOn({
      framework: 'workers',
      handler: { name: 'default.fetch', place: handlers.fetch },
      headers: { 'accept-encoding': 'br, gzip', 'cf-connecting-ip': '127.0.0.1' },
      mapped: false,
    }),
    pieces: { path: '/pieces', metadata, left: {} },
    concurrent: checkConcurrent,
  },
  (running) => {
    test('an event, symbolicated, has the frames of the source', async () => {
      const { service, receiver, project } = running();
      await send(service.url, { path: '/notes/none', headers: { 'x-trace-id': 'raw' } });
      const event = await receiver.waitFor(({ traceId }) => traceId === 'raw');
      project.write('event.json', JSON.stringify(event));
      const command = project.require
        .resolve('unplugin-replaystack')
        .replace(/index\.js$/, 'cli/replaystack.js');
      const args = [command, 'symbolicate', 'event.json', '--maps', 'dist', '--json'];
      const { code, stdout, stderr } = await run(project.dir, args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      checkFrames(project, JSON.parse(stdout), [
        ...frames,
        { file: 'src/worker.ts', at: 'await answer(request)' },
      ]);
    });

    test('Wrangler uploads the bundle as it is', async () => {
      const { project } = running();
      project.write(
        'wrangler.toml',
        'name = "notes"\nmain = "dist/worker.mjs"\nno_bundle = true\ncompatibility_date = "2026-04-01"\n',
      );
      const args = ['node_modules/wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--outdir', 'uploaded'];
      const environment = { CI: '1', WRANGLER_SEND_METRICS: 'false' };
      const { code, stdout, stderr } = await run(project.dir, args, environment);
      expect(code, stdout + stderr).toBe(0);
      expect(project.read('uploaded/worker.mjs')).toBe(project.read('dist/worker.mjs'));
    });

    test.each(['0 0 * * *', '1 0 * * *'])('what runs by the clock: %s', async (cron) => {
      const { service, without, receiver, project } = running();
      const path = `/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
      const { status, body } = await send(service.url, { path });
      expect({ status, body }).toMatchObject(
        await send(without.url, { path }).then(({ status, body }) => ({ status, body })),
      );
      const fails = cron.startsWith('1');
      const message = 'There is no note none';
      const error = fails ? { error: `RangeError: ${message}` } : {};
      const event = await receiver.waitFor(({ endpoint }) => endpoint === cron);
      checkEvent(
        event,
        jobEvent(project, {
          eventType: 'cron',
          endpoint: cron,
          ...(fails && { errorName: 'RangeError', errorMessage: message }),
          breadcrumbs: [
            step(project, 'default.scheduled', handlers.scheduled, error),
            step(project, 'read', at.read, error),
          ],
          metadata: {
            ...metadata,
            scheduledTime: expect.any(Number),
            ...(fails && {
              handled: false,
              trail: [
                passed(project, 'read', at.read, { id: 'none' }),
                passed(project, 'default.scheduled', handlers.scheduled),
              ],
            }),
          },
        }),
      );
      expect(receiver.events.filter(({ endpoint }) => endpoint === cron)).toHaveLength(1);
    });

    test.each(['1', 'none'])('a batch of messages, the last of them for %s', async (id) => {
      const { service, receiver, project } = running();
      const before = new Set(receiver.events);
      await send(service.url, { path: `/queue/${id}` });
      const event = await receiver.waitFor((event) => event.eventType === 'queue' && !before.has(event));
      const fails = id === 'none';
      const message = 'There is no note none';
      const error = fails ? { error: `RangeError: ${message}` } : {};
      const string: unknown = expect.any(String);
      checkEvent(
        event,
        jobEvent(project, {
          eventType: 'queue',
          endpoint: 'notes',
          requestPayload: [
            { id: string, body: { id: '1' }, attempts: 1 },
            { id: string, body: { id, token: '[MASKED]' }, attempts: 1 },
          ],
          ...(fails && { errorName: 'RangeError', errorMessage: message }),
          breadcrumbs: [
            step(project, 'default.queue', handlers.queue, error),
            step(project, 'read', at.read, { ...error, calls: 2 }),
          ],
          metadata: {
            ...metadata,
            messageIds: [string, string],
            ...(fails && {
              handled: false,
              trail: [
                passed(project, 'read', at.read, { id }),
                passed(project, 'default.queue', handlers.queue),
              ],
            }),
          },
        }),
      );
    });

    test('a method of an object is called as ever', async () => {
      const { service, without } = running();
      const call = { path: '/visits/1' };
      expect(JSON.parse((await send(service.url, call)).body)).toEqual({ visits: 1, text: 'first' });
      expect(JSON.parse((await send(without.url, call)).body)).toEqual({ visits: 1, text: 'first' });
      expect(JSON.parse((await send(service.url, call)).body)).toEqual({ visits: 2, text: 'first' });
    });

    test('an object sleeps while its connections stay, as it does without the plugin', async () => {
      const { service, without } = running();
      const rooms = ['/rooms/attic', '/halls/attic'].flatMap((path) => [
        service.url + path,
        without.url + path,
      ]);
      const visits = await Promise.all(rooms.map(sleepInBetween));
      for (const { before, failed, after } of visits) {
        expect(failed).toEqual({ ...before, failure: 'There is no note none' });
        expect(after).toEqual({ ...before, self: expect.any(String) });
        expect(after['self']).not.toBe(before['self']);
      }
    });
  },
);

type Said = Record<string, unknown>;

/** Speaks with an object, the last time after longer than it stays awake when there is nothing to do: 10 seconds. */
async function sleepInBetween(url: string): Promise<{ before: Said; failed: Said; after: Said }> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', ({ error }) => reject(error));
  });
  const ask = (message: string): Promise<Said> =>
    new Promise((resolve) => {
      const answered = ({ data }: { data: string }): void => resolve(JSON.parse(data) as Said);
      socket.addEventListener('message', answered, { once: true });
      socket.send(message);
    });
  const before = await ask('1');
  const failed = await ask('none');
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const after = await ask('1');
  socket.close();
  return { before, failed, after };
}
