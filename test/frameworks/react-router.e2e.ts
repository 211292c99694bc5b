/** React Router in framework mode, on its own server and on one of the application's: loaders, actions, resource routes and streams. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeApplication, type FrameworkCase } from '../support/e2e-application.ts';
import { readOutput } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import type { Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';
import { scenarios } from './scenarios/react-router.ts';

/** Its own command serves on a port that it is given, or on 3000 if that is free. */
const SERVE = `import { createServer } from 'node:net';

const probe = createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    process.env.PORT = String(port);
    process.argv[2] = new URL('index.js', import.meta.url).pathname;
    import(new URL('../../node_modules/@react-router/serve/bin.js', import.meta.url));
  });
});
`;

async function build(project: Project, variables: Record<string, string> = {}): Promise<void> {
  const args = ['node_modules/@react-router/dev/bin.js', 'build'];
  const { code, stdout, stderr } = await run(project.dir, args, { NODE_ENV: 'production', ...variables });
  if (code !== 0) throw new Error(stdout + stderr);
  project.write('build/server/serve.js', SERVE);
}

async function make(project: Project): Promise<{ file: string; absent: string }> {
  await build(project, { REPLAYSTACK_ABSENT: '1' });
  renameSync(project.path('build'), project.path('absent'));
  await build(project);
  return { file: project.path('build/server/serve.js'), absent: project.path('absent/server/serve.js') };
}

async function makeForOwnServer(project: Project): Promise<{ file: string; absent: string }> {
  await build(project, { REPLAYSTACK_ABSENT: '1', OWN_SERVER: '1' });
  renameSync(project.path('build'), project.path('absent'));
  await build(project, { OWN_SERVER: '1' });
  return { file: project.path('build'), absent: project.path('absent') };
}

const given: Omit<FrameworkCase, 'make'> = {
  app: 'apps/react-router',
  environment: { HOST: '127.0.0.1', NODE_ENV: 'production' },
  scenarios,
  session: { path: '/api/session', metadata: { framework: 'react-router', route: '/api/session' } },
  pieces: { path: '/api/pieces', metadata: { framework: 'react-router', route: '/api/pieces' } },
  concurrent: {
    path: (id) => `/api/prices/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ trail: [{ arguments: { sku: id } }, {}] });
      expect(outline(breadcrumbs).slice(1, 3)).toEqual(['loader!', 'priceOf!']);
    },
  },
};

describeApplication('an application of React Router', { ...given, make }, (running) => {
  test('what is for browsers is as without, and has no maps', () => {
    const { project } = running();
    const files = readOutput(project.path('build/client'));
    expect(files).toEqual(readOutput(project.path('absent/client')));
    expect(Object.keys(files).filter((name) => name.endsWith('.map'))).toEqual([]);
  });
});

describeApplication('an application of React Router on a server of its own', {
  ...given,
  make: makeForOwnServer,
  args: (build) => ['server.js', build],
  // What is no matter of React Router's is answered by Express.
  scenarios: scenarios.filter(({ event }) => event !== undefined),
});
