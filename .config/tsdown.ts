import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'tsdown';
import { defineConfig } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

const shared: UserConfig = {
  cwd: root,
  format: 'esm',
  target: 'node20.19',
  fixedExtension: false,
  dts: true,
  clean: false,
  define: { __REPLAYSTACK_VERSION__: JSON.stringify(version) },
};

/** The runtime is one file for each kind of platform, so that a bundle takes what it uses of it and nothing else. */
function runtime(flavour: 'node' | 'edge'): UserConfig {
  return {
    ...shared,
    entry: { [`runtime/${flavour}`]: 'runtime/index.ts' },
    platform: flavour === 'node' ? 'node' : 'neutral',
    target: 'es2022',
    plugins: [
      {
        name: 'platform',
        // Ahead of the paths in tsconfig.json, which name the one for Node.
        resolveId: {
          order: 'pre',
          filter: { id: /^#platform$/ },
          handler: () => `${root}runtime/platform/${flavour}.ts`,
        },
      },
    ],
    deps: { neverBundle: ['unplugin-replaystack/runtime/build', 'undici'] },
  };
}

/**
 * Instrumented TypeScript that is compiled to CommonJS `require`s the runtime, which Node can do with an ES module. TypeScript
 * before its `nodenext` does not know that, and believes declarations only if they say they are CommonJS.
 */
function declareForCommonJs(): void {
  copyFileSync(`${root}dist/runtime/node.d.ts`, `${root}dist/runtime/node.d.cts`);
}

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', '*': 'plugins/*.ts', 'cli/replaystack': 'src/cli/index.ts' },
    platform: 'node',
  },
  { ...runtime('node'), hooks: { 'build:done': declareForCommonJs } },
  runtime('edge'),
  {
    ...shared,
    entry: { 'runtime/build': 'runtime/build.ts', types: 'runtime/types.ts' },
    platform: 'neutral',
  },
  {
    ...shared,
    entry: { 'runtime/*': 'runtime/{astro,next,nitro,nuxt}.ts' },
    platform: 'neutral',
    deps: { neverBundle: [/^next\//, 'unplugin-replaystack/runtime'] },
  },
  { ...shared, entry: { 'cli/demo': 'src/cli/demo/index.ts' }, platform: 'node', dts: false },
]);
