/** NestJS on Express and on Fastify: controllers, guards, pipes, interceptors, filters, streams, messages and jobs. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/nestjs.ts';

/** As the CLI's own configuration has it: what is installed is loaded when the application runs. */
function external(
  { request = '' }: { request?: string },
  done: (error?: null, found?: string) => void,
): void {
  if (/^[\w@]/.test(request) && !request.startsWith('unplugin-replaystack'))
    done(null, `commonjs ${request}`);
  else done();
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

for (const platform of ['express', 'fastify'] as const) {
  describeApplication(
    `a NestJS application on ${platform}`,
    {
      app: 'apps/nestjs',
      bundlers: ['webpack'],
      // Nest tells classes by their names.
      request: { external: [external], minify: false },
      environment: { PLATFORM: platform },
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
