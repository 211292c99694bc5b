/** The README's word for it: each set-up as it is written there, in a project of its own, followed to the first event. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Receiver } from '../../src/receiver/index.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import type { Project } from '../support/e2e-project.ts';
import { createProject } from '../support/e2e-project.ts';
import { run, startService } from '../support/e2e-service.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The first code block below a heading, and the file that its first line names. */
function snippet(heading: string): { file: string; text: string } {
  const section = readme.split(`\n### ${heading}\n`, 2)[1] ?? '';
  const text = /```\w+\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  return { file: /^\/\/ (\S+)/.exec(text)?.[1] ?? '', text };
}

/** What a user types to build, and where the server then is. */
const SETUPS = {
  Vite: { command: ['node_modules/vite/bin/vite.js', 'build'], server: 'dist/server.js', source: 'ts' },
  Rollup: { command: ['node_modules/rollup/dist/bin/rollup', '-c'], server: 'dist/server.js', source: 'js' },
  Rolldown: { command: ['node_modules/rolldown/bin/cli.mjs', '-c'], server: 'dist/server.js', source: 'ts' },
  webpack: { command: ['compile.cjs', 'webpack'], server: 'dist/main.js', source: 'js' },
  Rspack: { command: ['compile.cjs', '@rspack/core'], server: 'dist/main.js', source: 'js' },
  esbuild: { command: ['build.mjs'], server: 'dist/server.mjs', source: 'ts' },
} as const;

/** webpack and Rspack without their command lines, which are packages of their own. */
const COMPILE = `const [, , bundler] = process.argv;
const config = require(bundler === 'webpack' ? './webpack.config.cjs' : './rspack.config.cjs');
const output = { ...config.output, path: require('node:path').resolve('dist') };
const finish = (error, stats) => {
  if (error) throw error;
  console.log(stats.toString());
  if (stats.hasErrors()) process.exit(1);
};
require(bundler)({ mode: 'production', ...config, output }, finish);
`;

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: 'rs_live_readme' });
});

afterAll(() => receiver.close());

function setUp(bundler: keyof typeof SETUPS): Project {
  const { source } = SETUPS[bundler];
  const { file, text } = snippet(bundler);
  const commonJs = bundler === 'webpack' || bundler === 'Rspack';
  const project = createProject('apps/readme', { [file]: text, 'compile.cjs': COMPILE });
  if (commonJs) project.edit('package.json', '  "type": "module",\n', '');
  if (source === 'ts') {
    project.write('src/server.ts', project.read('src/server.js').replace('./greet.js', './greet.ts'));
    project.write('src/greet.ts', project.read('src/greet.js').replace('name)', 'name: string)'));
  }
  for (const name of ['vite', 'rollup', 'rolldown', 'unplugin-replaystack']) project.link(name, name);
  project.commitAll();
  return project;
}

describe.each(Object.keys(SETUPS) as (keyof typeof SETUPS)[])('the set-up for %s', (bundler) => {
  test('builds, runs, and sends a request and a failure', async () => {
    const project = setUp(bundler);
    const { command, server, source } = SETUPS[bundler];
    const built = await run(project.dir, [...command]);
    expect(built.code).toBe(0);
    expect(built.stdout + built.stderr).toContain('1 route and 2 functions in 2 files');

    await using service = await startService(project.dir, [server], {
      REPLAYSTACK_API_KEY: 'rs_live_readme',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
    const traceId = `readme-${bundler}`;
    await fetch(`${service.url}/greet/Ada`, { headers: { 'x-trace-id': traceId } });
    await fetch(`${service.url}/greet/nobody`, { headers: { 'x-trace-id': `${traceId}-failed` } });

    const event = await receiver.waitFor((event) => event.traceId === traceId);
    expect(event).toMatchObject({
      endpoint: '/greet/Ada',
      responsePayload: { text: 'Hello, Ada!' },
      statusCode: 200,
      serviceName: 'readme',
      appVersion: '1.2.3',
      commitHash: project.commit,
      metadata: { route: '/greet/:name', framework: 'express' },
    });
    const failure = await receiver.waitFor((event) => event.traceId === `${traceId}-failed`);
    expect(failure.errorMessage).toBe('There is nobody to greet');
    expect(failure.stackFrames?.[0]).toMatchObject({
      functionName: 'greet',
      fileName: `src/greet.${source}`,
      lineNumber: 2,
    });
    expect(await service.stop()).toBe(0);
  });
});
