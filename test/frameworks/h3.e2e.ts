/** h3 without Nitro around it: version 2 with what is mounted and its own server, version 1 with routers on Node's. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { build, type BundlerName } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import { scenariosOf, type Version } from './scenarios/h3.ts';

const versions: { app: string; bundler: BundlerName; version: Version }[] = [
  {
    app: 'h3',
    bundler: 'vite',
    version: {
      errorName: 'HTTPError',
      made: 'new HTTPError',
      nowhere(origin) {
        const errorMessage = `Cannot find any route matching [GET] ${origin}/nowhere`;
        return { errorMessage, cause: errorMessage };
      },
    },
  },
  {
    app: 'h3-1',
    bundler: 'esbuild',
    version: {
      errorName: 'Error',
      made: 'createError({',
      nowhere() {
        const errorMessage = 'Cannot find any path matching /nowhere.';
        return { errorMessage, cause: { statusCode: 404, statusMessage: errorMessage } };
      },
    },
  },
];

for (const { app, bundler, version } of versions) {
  describeApplication(`an application of ${app}, built by ${bundler}`, {
    app: `apps/${app}`,
    async make(project) {
      if (app === 'h3-1') project.link('h3', 'h3-1');
      const entry = 'src/server.ts';
      const { file } = await build(project, bundler, { entry });
      const absent = await build(project, bundler, { entry, outDir: 'dist-absent', plugin: 'absent' });
      return { file, absent: absent.file };
    },
    columns: true,
    scenarios: scenariosOf(version),
    session: { path: '/session', metadata: { framework: 'h3', route: '/session' } },
    pieces: { path: '/quay/pieces', metadata: { framework: 'h3', route: '/quay/pieces' } },
    concurrent: {
      path: (id) => `/ships/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { id } }] });
        expect(outline(breadcrumbs)).toContain('find!');
      },
    },
  });
}
