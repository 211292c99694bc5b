/**
 * How the tests of packages in TypeScript are run, which import their own sources by the package's name: one file after the
 * other and in one process, since hundreds of processes take longer than all the tests.
 */
import type { ViteUserConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** By name. What is instrumented is larger, and would come in another order by its size. */
class ByName extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1)));
  }
}

const conditions = ['@zod/source', 'node'];

const config: ViteUserConfig = {
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['src/v3/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    sequence: { sequencer: ByName },
    maxWorkers: 1,
    isolate: false,
    watch: false,
  },
};

export default config;
