// What takes too long for `npm test`: every bundler in all its ways, frameworks that bring hundreds of packages, and servers.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const packed = `${root}test/support/global-setup.ts`;

export default defineConfig({
  root,
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'bundlers', include: ['test/bundlers/*.e2e.ts'], globalSetup: packed },
      },
      {
        extends: true,
        test: {
          name: 'frameworks',
          include: ['test/frameworks/*.e2e.ts'],
          globalSetup: [`${root}test/frameworks/install.ts`, packed],
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['test/services/*.e2e.ts'],
          globalSetup: [`${root}test/services/install.ts`, packed, `${root}test/services/servers.ts`],
        },
      },
    ],
  },
});
