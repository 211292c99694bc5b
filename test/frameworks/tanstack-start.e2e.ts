/** TanStack Start: pages, routes of the server and server functions, behind a server of fetch and behind Nitro's. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { readOutput } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import type { Project } from '../support/e2e-project.ts';
import { freePort, run } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/tanstack-start.ts';

/** What `srvx serve` does, beside what is built. */
const SERVE = `process.argv.push('serve', '--prod', '-s', '../client', new URL('server.js', import.meta.url).pathname);
await import(new URL('../../node_modules/srvx/bin/srvx.mjs', import.meta.url));
`;

interface Host {
  name: string;
  /** What it is built into, and where in it what is for browsers and the server are. */
  output: string;
  client: string;
  server: string;
  environment: Record<string, string>;
}

const hosts: readonly Host[] = [
  { name: 'srvx', output: 'dist', client: 'client', server: 'server/serve.js', environment: {} },
  {
    name: 'Nitro',
    output: '.output',
    client: 'public',
    server: 'server/index.mjs',
    environment: { WITH_NITRO: '1' },
  },
];

async function build(project: Project, environment: Record<string, string>): Promise<void> {
  const args = ['node_modules/vite/bin/vite.js', 'build'];
  const { code, stdout, stderr } = await run(project.dir, args, { NODE_ENV: 'production', ...environment });
  if (code !== 0) throw new Error(stdout + stderr);
}

for (const { name, output, client, server, environment } of hosts) {
  describeApplication(
    `an application of TanStack Start behind ${name}`,
    {
      app: 'apps/tanstack-start',
      environment: async () => ({
        HOST: '127.0.0.1',
        PORT: String(await freePort()),
        NODE_ENV: 'production',
      }),
      async make(project) {
        await build(project, { ...environment, REPLAYSTACK_ABSENT: '1' });
        renameSync(project.path(output), project.path('absent'));
        await build(project, environment);
        if (name === 'srvx')
          for (const folder of [output, 'absent']) project.write(`${folder}/${server}`, SERVE);
        return { file: project.path(output, server), absent: project.path('absent', server) };
      },
      scenarios,
      pieces: { path: '/api/pieces', metadata: { framework: 'tanstack-start', route: '/api/pieces' } },
      concurrent: {
        path: (id) => `/api/prices/${id}`,
        check({ metadata, breadcrumbs }, id) {
          expect(metadata).toMatchObject({ trail: [{ arguments: { sku: id } }, {}, {}, {}] });
          expect(outline(breadcrumbs)).toContain('priceOf!');
        },
      },
    },
    (running) => {
      test('what is for browsers is as without, and has no maps', () => {
        const { project } = running();
        const files = readOutput(project.path(output, client));
        expect(files).toEqual(readOutput(project.path('absent', client)));
        expect(Object.keys(files).filter((file) => file.endsWith('.map'))).toEqual([]);
      });
    },
  );
}
