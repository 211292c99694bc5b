/**
 * NestJS on Express and on Fastify, built by its own command: controllers, guards, pipes, interceptors, filters, streams, messages
 * and jobs.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { checkEvent, checkFrames, MASKED, outline, passed, step } from '../support/e2e-event.ts';
import { jobEvent } from '../support/e2e-job.ts';
import { send } from '../support/e2e-http.ts';
import { buildNest, configure, installNest, type NestBuilder } from '../support/e2e-nest.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/nestjs.ts';

interface Form {
  title: string;
  /** The directory with what is installed. */
  installed: string;
  builder: NestBuilder;
  platform: 'express' | 'fastify';
}

const forms: readonly Form[] = [
  { title: 'NestJS 12 on Express', installed: 'nestjs', builder: 'webpack', platform: 'express' },
  { title: 'NestJS 12 on Fastify', installed: 'nestjs', builder: 'rspack', platform: 'fastify' },
  { title: 'NestJS 11 on Fastify', installed: 'nestjs-11', builder: 'webpack', platform: 'fastify' },
];

/** Rspack takes the place of webpack in Nest 12, and builds ES modules, too. */
function toModulesByRspack(project: Project): void {
  project.edit('nest-cli.json', '"webpack": true', '"builder": "rspack"');
  project.edit('package.json', '"private": true', '"private": true, "type": "module"');
  const sources = readdirSync(project.path('src')).map((name) => `src/${name}`);
  for (const file of sources) {
    project.write(file, project.read(file).replaceAll(/ from '(\.\/[^']+)'/g, " from '$1.js'"));
  }
}

/** Without the file that configures the bundler, and with it. */
async function build(
  project: Project,
  { installed, builder }: Form,
): Promise<{ file: string; absent: string }> {
  installNest(project, installed);
  if (builder === 'rspack') toModulesByRspack(project);
  const absent = await buildNest(project, 'dist-absent');
  configure(project, builder);
  project.commitAll();
  return { absent, file: await buildNest(project, 'dist-default') };
}

/** As Nest's own clients write it; one without an id is not answered. */
interface Message {
  pattern: string | object;
  data: object;
  id?: string;
}

/** The port that messages come to, which the application prints first. */
function messagesOf({ stdout }: Service): number {
  return (JSON.parse(stdout().split('\n')[0] ?? '') as { messages: number }).messages;
}

/** Sends a message over TCP, and resolves with what comes back, if anything does. */
async function tell(service: Service, message: Message): Promise<unknown> {
  const socket = connect(messagesOf(service), '127.0.0.1');
  const text = JSON.stringify(message);
  socket.write(`${text.length}#${text}`);
  if (message.id === undefined) return void socket.end();
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return JSON.parse(answer.toString().replace(/^\d+#/, ''));
}

const FIND = ['src/appointments.service.ts', 'async find('] as const;
const ANSWER = ['src/reminders.ts', 'async answer('] as const;

for (const form of forms) {
  describeApplication(
    `an application of ${form.title}, built by ${form.builder}`,
    {
      app: 'apps/nestjs',
      make: (project) => build(project, form),
      environment: { PLATFORM: form.platform },
      scenarios,
      session: { path: '/v1/session', metadata: { framework: 'nestjs', route: '/v1/session' } },
      pieces: { path: '/v1/files/pieces', metadata: { framework: 'nestjs', route: '/v1/files/pieces' } },
      concurrent: {
        path: (id) => `/v1/appointments/${id.replace('none', '9')}/bill`,
        check({ metadata, breadcrumbs }, id) {
          expect(metadata).toMatchObject({
            trail: [{ arguments: { id: Number(id.replace('none', '9')) } }, {}],
          });
          expect(outline(breadcrumbs)).toContain('AppointmentsService.bill!');
        },
      },
    },
    (running) => {
      const eventOf = (endpoint: string, status: string): Promise<ReplayStackEvent> =>
        running().receiver.waitFor((event) => event.endpoint === endpoint && event.status === status);

      test('a message and its answer are an event, and so is one that fails; both are answered as before', async () => {
        const { project, service, without, receiver } = running();
        const message = (patient: string): Message => ({
          pattern: { cmd: 'remind' },
          data: { patient, id: 1, password: 'hunter2' },
          id: '1',
        });
        for (const patient of ['Ada', 'Nobody']) {
          expect(await tell(service, message(patient))).toEqual(await tell(without, message(patient)));
        }
        const common = { eventType: 'queue', endpoint: '{"cmd":"remind"}' };
        const metadata = { framework: 'nestjs', route: '{"cmd":"remind"}', transport: 'tcp' };
        const answered = await eventOf(common.endpoint, 'success');
        checkEvent(
          answered,
          jobEvent(project, {
            ...common,
            requestPayload: { patient: 'Ada', id: 1, password: MASKED },
            responsePayload: { reminded: 'Ada', token: MASKED },
            breadcrumbs: [
              step(project, 'RemindersController.answer', ANSWER),
              step(project, 'AppointmentsService.find', FIND),
            ],
            metadata,
          }),
        );
        const failed = await eventOf(common.endpoint, 'failed');
        const error = { error: 'RangeError: No patient Nobody' };
        checkEvent(
          failed,
          jobEvent(project, {
            ...common,
            requestPayload: { patient: 'Nobody', id: 1, password: MASKED },
            errorName: 'RangeError',
            errorMessage: 'No patient Nobody',
            breadcrumbs: [
              step(project, 'RemindersController.answer', ANSWER, error),
              step(project, 'AppointmentsService.find', FIND),
            ],
            metadata: {
              ...metadata,
              handled: false,
              trail: [passed(project, 'RemindersController.answer', ANSWER)],
            },
          }),
        );
        checkFrames(project, failed, [{ file: 'src/reminders.ts', at: 'new RangeError' }]);
        expect(receiver.events.filter(({ endpoint }) => endpoint === common.endpoint)).toHaveLength(2);
      });

      test('what others tell is one, too', async () => {
        const { project, service } = running();
        await tell(service, { pattern: 'moved', data: { id: 1, minutes: 40 } });
        checkEvent(
          await eventOf('moved', 'success'),
          jobEvent(project, {
            eventType: 'queue',
            endpoint: 'moved',
            requestPayload: { id: 1, minutes: 40 },
            metadata: { framework: 'nestjs', route: 'moved' },
          }),
        );
      });

      test('each run by the clock is one', async () => {
        const { project } = running();
        checkEvent(
          await eventOf('tidy up', 'success'),
          jobEvent(project, {
            eventType: 'cron',
            endpoint: 'tidy up',
            breadcrumbs: [
              step(project, 'Reminders.tidy', ['src/reminders.ts', 'async tidy(']),
              step(project, 'AppointmentsService.find', FIND),
            ],
            metadata: { framework: 'nestjs', schedule: '* * * * * *', job: 'tidy up' },
          }),
        );
        checkEvent(
          await eventOf('Reminders.tick', 'success'),
          jobEvent(project, {
            eventType: 'cron',
            endpoint: 'Reminders.tick',
            metadata: { framework: 'nestjs', schedule: 'every 400 ms', job: 'Reminders.tick' },
          }),
        );
        const at = ['src/reminders.ts', 'async remind('] as const;
        const failed = await eventOf('Reminders.remind', 'failed');
        checkEvent(
          failed,
          jobEvent(project, {
            eventType: 'cron',
            endpoint: 'Reminders.remind',
            errorName: 'Error',
            errorMessage: 'The printer is out of paper',
            breadcrumbs: [
              step(project, 'Reminders.remind', at, { error: 'Error: The printer is out of paper' }),
            ],
            metadata: {
              framework: 'nestjs',
              schedule: 'after 50 ms',
              job: 'Reminders.remind',
              handled: false,
              trail: [passed(project, 'Reminders.remind', at)],
            },
          }),
        );
        checkFrames(project, failed, [{ file: 'src/reminders.ts', at: 'new Error(' }]);
      });

      if (form.platform === 'express')
        test("an app behind an Express of one's own is no less one", async () => {
          const { project, receiver } = running();
          const service = await startService(project.dir, [project.path('dist-default/main.js')], {
            PLATFORM: 'own',
            REPLAYSTACK_API_KEY: 'rs_test',
            REPLAYSTACK_ENDPOINT: receiver.url,
          });
          const eventAt = async (path: string): Promise<ReplayStackEvent> => {
            const body = { patient: 'Grace', minutes: 20 };
            const { headers } = await send(service.url, { method: 'POST', path, body });
            return receiver.waitFor((event) => event.traceId === headers['x-trace-id']);
          };
          expect(await eventAt('/v1/appointments')).toMatchObject({
            requestPayload: { patient: 'Grace', minutes: 20 },
            metadata: { framework: 'nestjs', route: '/v1/appointments' },
          });
          expect(await eventAt('/v1/nowhere')).toMatchObject({
            requestPayload: { patient: 'Grace', minutes: 20 },
            errorName: 'NotFoundException',
            metadata: { framework: 'nestjs', handled: false },
          });
          await service.stop();
        });

      test('nothing is an event of its own that is part of one', () => {
        expect(running().receiver.events.filter(({ eventType }) => eventType === 'custom')).toEqual([]);
      });
    },
  );
}

test('what a plugin of its command reads of the types of answers stays what it was', async () => {
  const project = createProject('apps/nestjs');
  project.edit('nest-cli.json', '"webpack": true', '"webpack": true, "plugins": ["@nestjs/swagger"]');
  const { absent, file } = await build(project, {
    title: 'NestJS 12 with Swagger',
    installed: 'nestjs',
    builder: 'webpack',
    platform: 'express',
  });
  const answers = (built: string): string[] =>
    [...readFileSync(built, 'utf8').matchAll(/openapi\.ApiResponse\((.*)\)/g)].map(([, told = '']) =>
      // Modules have numbers, and ours are among them.
      told.replaceAll(/require__\(\d+\)/g, 'require()'),
    );
  expect(answers(absent).join('\n')).toMatch(/type: \[\(.*\.Room\)\](?:.|\n)*type: \(.*\.Room\)/);
  expect(answers(file)).toEqual(answers(absent));
});
