// `npm test` runs the units and `e2e`. What takes longer has a script of its own: what waits or starts processes, every bundler in
// all its ways, most frameworks, servers, and other people's code.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

/** A project of tests against the package as it is published. */
function packed(name: string, include: string, ...setup: string[]) {
  const globalSetup = ['test/support/global-setup.ts', ...setup].map((file) => root + file);
  return { extends: true as const, test: { name, include: [include], globalSetup } };
}

export default defineConfig({
  root,
  resolve: {
    alias: {
      '#platform': `${root}runtime/platform/node.ts`,
      'unplugin-replaystack/runtime/build': `${root}runtime/build.ts`,
    },
  },
  define: { __REPLAYSTACK_VERSION__: JSON.stringify(version) },
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,src}/**', '**/node_modules/**'],
        },
      },
      // What runs at build time keeps nothing in the process, and so is loaded once.
      { extends: true, test: { name: 'unit-build', include: ['test/src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'slow', include: ['test/{runtime,src}/**/*.slow.ts'] } },
      packed('e2e', 'test/e2e/*.test.ts'),
      packed('bundlers', 'test/bundlers/*.e2e.ts'),
      packed('frameworks', 'test/frameworks/*.e2e.ts', 'test/frameworks/install.ts'),
      packed('services', 'test/services/*.e2e.ts', 'test/services/install.ts', 'test/services/servers.ts'),
      packed('conformance', 'test/conformance/*/*.e2e.ts'),
    ],
  },
});
