/**
 * NestJS on Express and on Fastify, built by its own command: controllers, guards, pipes, interceptors, filters, streams, messages
 * and jobs.
 */
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import type { Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/nestjs.ts';

interface Form {
  title: string;
  /** The directory with what is installed. */
  installed: string;
  builder: 'webpack' | 'rspack';
  platform: 'express' | 'fastify';
}

const forms: readonly Form[] = [
  { title: 'NestJS 12 on Express', installed: 'nestjs', builder: 'webpack', platform: 'express' },
  { title: 'NestJS 12 on Fastify', installed: 'nestjs', builder: 'rspack', platform: 'fastify' },
  { title: 'NestJS 11 on Fastify', installed: 'nestjs-11', builder: 'webpack', platform: 'fastify' },
];

/** A node_modules of its own, with the plugin among the rest: the command leaves all that it finds there out of the bundle. */
function install(project: Project, installed: string): void {
  const modules = project.path('node_modules');
  const from = resolve('fixtures/apps', installed, 'node_modules');
  rmSync(modules);
  mkdirSync(modules);
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(modules, name));
  project.link('unplugin-replaystack', 'unplugin-replaystack');
}

/** A file as docs/frameworks.md has it. */
function documented(file: string): string {
  const [, text] = readFileSync('docs/frameworks.md', 'utf8').split(`\`\`\`js\n// ${file}\n`);
  return text?.split('```')[0] ?? '';
}

/** Rspack takes the place of webpack in Nest 12, and builds ES modules, too. */
function toModulesByRspack(project: Project): void {
  project.edit('nest-cli.json', '"webpack": true', '"builder": "rspack"');
  project.edit('package.json', '"private": true', '"private": true, "type": "module"');
  const sources = readdirSync(project.path('src')).map((name) => `src/${name}`);
  for (const file of sources) {
    project.write(file, project.read(file).replaceAll(/ from '(\.\/[^']+)'/g, " from '$1.js'"));
  }
}

/** @returns what is to be run */
async function nestBuild(project: Project, directory: string): Promise<string> {
  const { code, stdout, stderr } = await run(project.dir, ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
  if (code !== 0) throw new Error(stdout + stderr);
  renameSync(project.path('dist'), project.path(directory));
  return project.path(directory, 'main.js');
}

/** Without the file that configures the bundler, and with it. */
async function build(
  project: Project,
  { installed, builder }: Form,
): Promise<{ file: string; absent: string }> {
  install(project, installed);
  if (builder === 'rspack') toModulesByRspack(project);
  const absent = await nestBuild(project, 'dist-absent');
  const config = `${builder}.config.js`;
  project.write(config, documented(config));
  project.commitAll();
  return { absent, file: await nestBuild(project, 'dist-default') };
}

/** Sends a message as Nest's own clients do over TCP, and resolves with what comes back. */
async function send(port: number, pattern: string, data: object): Promise<unknown> {
  const socket = connect(port, '127.0.0.1');
  const message = JSON.stringify({ pattern, data, id: '1' });
  socket.write(`${message.length}#${message}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return JSON.parse(answer.toString().replace(/^\d+#/, ''));
}

for (const form of forms) {
  describeApplication(
    `an application of ${form.title}, built by ${form.builder}`,
    {
      app: 'apps/nestjs',
      make: (project) => build(project, form),
      environment: { PLATFORM: form.platform },
      scenarios,
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
      test('a message that fails is an event of its own, and is answered as before', async () => {
        const { service, receiver } = running();
        const { messages } = JSON.parse(service.stdout().split('\n')[0] ?? '') as { messages: number };
        expect(await send(messages, 'remind', { patient: 'Ada' })).toMatchObject({
          response: 'Reminded Ada',
        });
        expect(await send(messages, 'remind', { patient: 'Nobody' })).toMatchObject({
          err: { status: 'error', message: 'Internal server error' },
        });
        const event = await receiver.waitFor(({ errorMessage }) => errorMessage === 'No patient Nobody');
        expect(event).toMatchObject({
          eventType: 'custom',
          endpoint: 'RemindersController.answer',
          status: 'failed',
          errorName: 'RangeError',
          metadata: { trail: [{ fileName: 'src/reminders.ts' }] },
        });
      });

      test('a job that fails is one, too', async () => {
        const event = await running().receiver.waitFor(({ endpoint }) => endpoint === 'Reminders.remind');
        expect(event).toMatchObject({
          eventType: 'custom',
          status: 'failed',
          errorMessage: 'The printer is out of paper',
        });
        expect(event.stackFrames?.[0]).toMatchObject({ fileName: 'src/reminders.ts' });
      });
    },
  );
}
