/** Functions of Vercel and Netlify, on Node, and edge functions of Netlify's on Deno, as these platforms call them. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/index.ts';
import { describeApplication } from '../support/e2e-application.ts';
import { build } from '../support/e2e-bundlers.ts';
import { send } from '../support/e2e-http.ts';
import { createProject } from '../support/e2e-project.ts';
import { startService } from '../support/e2e-service.ts';
import { binaries, checkConcurrent, describeWith } from './platforms.ts';
import { scenariosOn } from './scenarios/platforms.ts';

const launcher = fileURLToPath(new URL('../../fixtures/apps/functions/launch.mjs', import.meta.url));
const launch = (file: string): string[] => [launcher, file];

const vercel = { framework: 'vercel', route: '/api/[...path]' };

describeApplication('a function of Vercel', {
  app: 'apps/platforms',
  args: launch,
  environment: { NODE_ENV: 'production', VERCEL: '1' },
  bundlers: ['esbuild'],
  request: { entry: { function: 'api/[...path].ts' } },
  scenarios: scenariosOn({ ...vercel, sourceIp: undefined, mapped: true }),
  pieces: { path: '/pieces', metadata: vercel, left: {} },
  concurrent: checkConcurrent,
});

describeApplication('a function of Netlify', {
  app: 'apps/platforms',
  args: launch,
  bundlers: ['esbuild'],
  request: { entry: { function: 'netlify/functions/all.mts' } },
  scenarios: scenariosOn({ framework: 'netlify', sourceIp: '192.0.2.7', mapped: true }),
  pieces: { path: '/pieces', metadata: { framework: 'netlify' }, left: {} },
  concurrent: checkConcurrent,
});

describeWith('deno', () => {
  describeApplication('an edge function of Netlify', {
    app: 'apps/platforms',
    command: binaries.deno,
    args: (file) => ['run', '--allow-all', 'serve-edge.mjs', file],
    // A busy machine may take its time: here each event is sent by itself.
    environment: { NODE_ENV: 'production', REPLAYSTACK_TIMEOUT_MS: '30000' },
    bundlers: ['esbuild'],
    request: {
      entry: { function: 'netlify/edge-functions/all.ts' },
      external: [],
      config: { platform: 'neutral', conditions: ['netlify', 'deno'] },
    },
    scenarios: scenariosOn({
      framework: 'netlify',
      handler: { name: 'default', place: ['netlify/edge-functions/all.ts', 'async (request'] },
      sourceIp: '192.0.2.7',
      mapped: false,
    }),
    pieces: { path: '/pieces', metadata: { framework: 'netlify' }, left: {} },
    concurrent: checkConcurrent,
  });
});

test.each([
  ['Vercel', 'api/[...path].ts', { VERCEL: '1' }],
  ['Netlify', 'netlify/functions/all.mts', {}],
])('%s is given the event to wait for', async (_, entry, environment) => {
  const project = createProject('apps/platforms');
  const { file } = await build(project, 'esbuild', { entry: { function: entry } });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const receiver = await startReceiver({ intercept: () => released.then(() => undefined) });
  const service = await startService(project.dir, launch(file), {
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
    REPLAYSTACK_TIMEOUT_MS: '20000',
    ...environment,
  });
  await send(service.url, { path: '/notes/1' });
  const stopped = service.stop();
  // Had it nothing to wait for, it would have ended by now.
  expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).toBe(
    'waits',
  );
  release();
  expect(await stopped).toBe('SIGKILL');
  expect(receiver.events.map(({ endpoint }) => endpoint)).toEqual(['/notes/1']);
  await receiver.close();
});
