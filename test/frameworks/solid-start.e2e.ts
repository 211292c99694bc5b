/** SolidStart 1, built by Vinxi: pages, API routes, middleware and server functions, on Nitro's server. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { readOutput } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import type { Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/solid-start.ts';

async function build(project: Project, output: string, environment: Record<string, string>): Promise<string> {
  const args = ['node_modules/vinxi/bin/cli.mjs', 'build'];
  const { code, stdout, stderr } = await run(project.dir, args, environment);
  if (code !== 0) throw new Error(stdout + stderr);
  renameSync(project.path('.output'), project.path(output));
  return project.path(output, 'server/index.mjs');
}

describeApplication(
  'an application of SolidStart',
  {
    app: 'apps/solid-start',
    environment: { HOST: '127.0.0.1', NODE_ENV: 'production' },
    make: async (project) => ({
      absent: await build(project, 'dist-absent', { REPLAYSTACK_ABSENT: '1' }),
      file: await build(project, 'dist-default', {}),
    }),
    scenarios,
    pieces: { path: '/api/pieces', metadata: { framework: 'solid-start', route: '/api/pieces' } },
    concurrent: {
      path: (id) => `/api/prices/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { sku: id } }, {}] });
        expect(outline(breadcrumbs)).toContain('priceOf!');
      },
    },
  },
  (running) => {
    test('what is for browsers is as without, and has no maps', () => {
      const { project } = running();
      const files = readOutput(project.path('dist-default/public'));
      expect(files).toEqual(readOutput(project.path('dist-absent/public')));
      expect(Object.keys(files).filter((file) => file.endsWith('.map'))).toEqual([]);
    });
  },
);
