import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

const config: ViteUserConfig = defineConfig({
  root,
  test: {
    include: ['test/matrix/*.smoke.ts'],
    globalSetup: [`${root}test/matrix/install.ts`, `${root}test/support/global-setup.ts`],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});

export default config;
