import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

const config: ViteUserConfig = defineConfig({
  root,
  test: {
    include: ['test/frameworks/*.e2e.ts'],
    globalSetup: [`${root}test/frameworks/install.ts`, `${root}test/support/global-setup.ts`],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});

export default config;
