/** Bundles for workers and edge functions: nothing of Node in them, and all that happens within `waitUntil`. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import type { BundlerName } from '../support/e2e-bundlers.ts';
import { build } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const KEY = 'rs_live_edge';
const CONDITIONS = ['workerd', 'worker', 'browser'];

/** What a developer sets for such a platform, in each bundler's words. */
const SETTINGS: [bundler: BundlerName, settings: (project: Project) => object][] = [
  ['vite', () => ({ environments: { ssr: { resolve: { conditions: CONDITIONS, noExternal: true } } } })],
  ['rolldown', () => ({ platform: 'browser', resolve: { conditionNames: [...CONDITIONS, 'import'] } })],
  ['webpack', webpackSettings],
  ['rspack', webpackSettings],
  ['esbuild', () => ({ platform: 'browser', conditions: CONDITIONS })],
];

function webpackSettings({ path }: Project): object {
  return {
    target: ['webworker', 'es2022'],
    output: { path: path('dist'), filename: '[name].mjs', module: true, library: { type: 'module' } },
    experiments: { outputModule: true },
    externals: {},
    resolve: { extensions: ['.ts', '.js'], conditionNames: [...CONDITIONS, 'import'] },
  };
}

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: KEY });
});

afterAll(() => receiver.close());

describe.each(SETTINGS)('a worker built by %s', (bundler, settings) => {
  test.each(['worker', 'by-hand'])(
    'needs nothing of Node, and delivers within waitUntil: %s',
    async (entry) => {
      const project = createProject('apps/worker');
      const config = settings(project);
      const { file, log } = await build(project, bundler, {
        entry: `src/${entry}.ts`,
        format: 'esm',
        external: [],
        config,
      });
      expect(log).toContain('functions in');
      const code = readFileSync(file, 'utf8');
      expect(code).not.toMatch(/(?:from|import|require)\s*\(?\s*["'`]node:|undici/);

      const trace = `${bundler}-${entry}`;
      const bindings = JSON.stringify({ REPLAYSTACK_API_KEY: KEY, REPLAYSTACK_ENDPOINT: receiver.url });
      const ended = await run(project.dir, ['run.mjs', file, bindings], { TRACE: trace });
      // A handler by hand lets its error out, to the platform.
      expect(ended.stdout).toMatch(/^201 {"saved":"second"}/);
      const success = await receiver.waitFor(({ traceId }) => traceId === `${trace}-ok`);
      expect(success).toMatchObject({
        requestUrl: 'https://notes.example.com/notes?token=[MASKED]',
        requestPayload: { text: 'second', password: '[MASKED]' },
        commitHash: project.commit,
        appVersion: '4.5.6',
      });
      const failure = await receiver.waitFor(({ traceId }) => traceId === `${trace}-failed`);
      expect(failure).toMatchObject({ errorMessage: 'There is no note none', status: 'failed' });
      expect(failure).toHaveProperty('metadata.trail.0.functionName', 'readNote');
      expect(failure).toHaveProperty('metadata.trail.0.arguments', { id: 'none' });
      const answer =
        entry === 'worker' ? '500 {"error":"There is no note none"}' : 'RangeError: There is no note none';
      expect(ended).toEqual({ code: 0, stdout: `201 {"saved":"second"}\n${answer}\n`, stderr: '' });
    },
  );
});

test('a build for browsers is none for the edge', async () => {
  const project = createProject('apps/worker');
  const { log } = await build(project, 'esbuild', {
    entry: 'src/worker.ts',
    external: [],
    config: { platform: 'browser', conditions: ['worker'] },
  });
  expect(log).toContain('nothing was instrumented');
});
