/** NestJS on Express and on Fastify: controllers, guards, pipes, interceptors, filters, streams. */
import { expect } from 'vitest';
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

for (const platform of ['express', 'fastify'] as const) {
  describeApplication(`a NestJS application on ${platform}`, {
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
  });
}
