/** Nitro 3 on h3 2 and Nitro 2 on h3 1, built by their own command: for Node, and for Cloudflare's Workers. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { headersOf, outline } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import type { Scenario } from '../support/e2e-scenario.ts';
import { freePort, run } from '../support/e2e-service.ts';
import { scenariosOf } from './scenarios/nitro.ts';

const NITRO = 'node_modules/nitro/dist/cli/index.mjs';

/** @returns what was printed */
async function build(project: Project, command: string, ...options: string[]): Promise<string> {
  const environment = options.includes('--absent') ? { REPLAYSTACK_ABSENT: '1' } : {};
  const { code, stdout, stderr } = await run(project.dir, [command, 'build', ...options], environment);
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout + stderr;
}

const nowhere = (
  errorName: string,
  errorMessage: (host: string) => string,
  cause: (message: string) => unknown,
): Scenario => ({
  title: 'a path that leads nowhere',
  call: { path: '/nowhere' },
  status: 404,
  event({ answer, body }) {
    const message = errorMessage(String(answer.sent['host']));
    return {
      responsePayload: body,
      responseHeaders: headersOf(answer),
      errorName,
      errorMessage: message,
      metadata: { framework: 'nitro', handled: false, cause: cause(message) },
    };
  },
});

const versions: { app: string; command: string; errorName: string; more: Scenario[] }[] = [
  {
    app: 'nitro',
    command: NITRO,
    errorName: 'HTTPError',
    more: [
      nowhere(
        'HTTPError',
        (host) => `Cannot find any route matching [GET] http://${host}/nowhere`,
        (message) => ({ message }),
      ),
      {
        title: 'a Response of JSON',
        call: { path: '/api/wrapped' },
        status: 200,
        event: ({ answer }) => ({
          responsePayload: { wrapped: 'Middlemarch', token: '[MASKED]' },
          responseHeaders: headersOf(answer),
          metadata: { framework: 'nitro', route: '/api/wrapped' },
        }),
      },
    ],
  },
  {
    app: 'nitro-2',
    command: 'node_modules/nitropack/dist/cli/index.mjs',
    errorName: 'Error',
    more: [
      nowhere(
        'Error',
        () => 'Cannot find any route matching /nowhere.',
        (message) => ({
          name: 'Not Found',
          message: { name: 'Not Found', statusCode: 404, statusMessage: message },
        }),
      ),
    ],
  },
];

for (const { app, command, errorName, more } of versions) {
  describeApplication(`an application of ${app}`, {
    app: `apps/${app}`,
    async make(project) {
      await build(project, command, '--absent');
      renameSync(project.path('.output'), project.path('dist-absent'));
      await build(project, command);
      return {
        file: project.path('.output/server/index.mjs'),
        absent: project.path('dist-absent/server/index.mjs'),
      };
    },
    environment: async () => ({ HOST: '127.0.0.1', PORT: String(await freePort()) }),
    columns: true,
    scenarios: [...scenariosOf('nitro', errorName), ...more],
    session: { path: '/api/session', metadata: { framework: 'nitro', route: '/api/session' } },
    pieces: { path: '/api/pieces', metadata: { framework: 'nitro', route: '/api/pieces' } },
    concurrent: {
      path: (id) => `/api/books/${id.replace('none', '9')}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { id: Number(id.replace('none', '9')) } }] });
        expect(outline(breadcrumbs)).toContain('findBook!');
      },
    },
  });
}

test('a Nitro application for Workers has the runtime for the edge', async () => {
  const project = createProject('apps/nitro');
  expect(await build(project, NITRO, '--preset', 'cloudflare-module')).toContain(
    '[replaystack] 0 routes and 3 functions',
  );
  const bundle = project.read('.output/server/chunks/nitro/nitro.mjs');
  expect(bundle).toContain('x-replaystack-api-key');
  expect(bundle).not.toContain('node:diagnostics_channel');
});
