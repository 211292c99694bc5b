/** The unit tests, and the application of the demo, built and run, on every version of Node that is supported. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../support/e2e-service.ts';
import { nodes } from './platforms.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const HALF_AN_HOUR = 30 * 60_000;

describe.each(Object.entries(nodes))('%s', (name, node) => {
  test('is what it says', async () => {
    const { stdout } = await run(root, ['--version'], {}, node);
    expect(`Node ${/^v(\d+)\./.exec(stdout)?.[1]}`).toBe(name);
  });

  test(
    'passes the unit tests',
    async () => {
      const args = [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        '.config/vitest.ts',
        '--project',
        'unit*',
        '--project',
        'slow',
      ];
      const { code, stdout, stderr } = await run(root, [...args, '--reporter', 'dot'], { CI: '1' }, node);
      expect(code, stdout + stderr).toBe(0);
      console.info(/Tests .*/.exec(stdout)?.[0]);
    },
    HALF_AN_HOUR,
  );

  test.each(['vite', 'esbuild'])(
    'builds the demo by %s, runs it, and finds everything captured',
    async (bundler) => {
      const { code, stdout, stderr } = await run(root, ['dist/cli/demo.js', '--bundler', bundler], {}, node);
      expect(code, stdout + stderr).toBe(0);
    },
  );
});
