/** The ways to build a generated program: every bundler, alone, and with what speaks TypeScript before us or behind us. */
import rollupEsbuild from 'rollup-plugin-esbuild';
import { loadPlugin, type BuildRequest, type BundlerName } from '../../support/e2e-bundlers.ts';
import type { Project } from '../../support/e2e-project.ts';
import type { Language } from './program.ts';

export interface Way {
  bundler: BundlerName;
  title: string;
  language: Language;
  /** Of the bundler, with our plugin or without it. */
  request(project: Project, own: unknown[]): Partial<BuildRequest>;
}

const alone = (): Partial<BuildRequest> => ({});

/** Ours is what the build adds in front of everything, or what stands here. */
const plugins =
  (order: (own: unknown[], step: unknown) => unknown[], more: object = {}, companions: unknown[] = []) =>
  (_: Project, own: unknown[]): Partial<BuildRequest> => ({
    config: {
      ...more,
      plugins: [...order(own, rollupEsbuild({ target: 'node20', tsconfig: 'tsconfig.json' })), ...companions],
    },
  });

const before = (own: unknown[], step: unknown): unknown[] => [...own, step];
const behind = (own: unknown[], step: unknown): unknown[] => [
  { ...(step as object), enforce: 'pre' },
  ...own,
];

/** For webpack and Rspack; a rule that is `pre` comes before us as well. */
const loader =
  (use: object, tsx: object = use, more: object = {}) =>
  (): Partial<BuildRequest> => ({
    config: {
      module: {
        rules: [
          { test: /\.ts$/, ...use, ...more },
          { test: /\.tsx$/, ...tsx, ...more },
        ],
      },
      resolve: { extensions: ['.ts', '.tsx', '.js'] },
    },
  });

const tsLoader = {
  loader: 'ts-loader',
  options: { transpileOnly: true, compilerOptions: { noEmit: false } },
};
const esbuildLoader = { loader: 'esbuild-loader', options: { target: 'es2022' } };
const swc = (tsx: boolean): object => ({
  loader: 'builtin:swc-loader',
  options: {
    jsc: {
      parser: { syntax: 'typescript', tsx, decorators: true },
      transform: { legacyDecorator: true, react: { runtime: 'classic' } },
      target: 'es2022',
    },
  },
  type: 'javascript/auto',
});
const pre = { enforce: 'pre' };

export const ways: readonly Way[] = [
  { bundler: 'esbuild', title: 'JavaScript', language: 'javascript', request: alone },
  { bundler: 'esbuild', title: 'TypeScript', language: 'typescript', request: alone },

  { bundler: 'vite', title: 'JavaScript', language: 'javascript', request: alone },
  { bundler: 'vite', title: 'TypeScript', language: 'typescript', request: alone },
  {
    bundler: 'vite',
    title: 'esbuild behind us',
    language: 'typescript',
    request: plugins(before, { oxc: false }),
  },
  {
    bundler: 'vite',
    title: 'esbuild before us',
    language: 'typescript',
    request: plugins(behind, { oxc: false }),
  },

  { bundler: 'rollup', title: 'JavaScript', language: 'javascript', request: alone },
  { bundler: 'rollup', title: 'esbuild behind us', language: 'typescript', request: plugins(before) },
  { bundler: 'rollup', title: 'esbuild before us', language: 'typescript', request: plugins(behind) },

  { bundler: 'rolldown', title: 'JavaScript', language: 'javascript', request: alone },
  { bundler: 'rolldown', title: 'TypeScript', language: 'typescript', request: alone },
  { bundler: 'rolldown', title: 'esbuild behind us', language: 'typescript', request: plugins(before) },
  { bundler: 'rolldown', title: 'esbuild before us', language: 'typescript', request: plugins(behind) },

  { bundler: 'webpack', title: 'JavaScript', language: 'javascript', request: loader(tsLoader) },
  {
    bundler: 'webpack',
    title: 'types, ts-loader behind us',
    language: 'types',

    request: loader(tsLoader),
  },
  { bundler: 'webpack', title: 'ts-loader behind us', language: 'typescript', request: loader(tsLoader) },
  {
    bundler: 'webpack',
    title: 'ts-loader before us',
    language: 'typescript',
    request: loader(tsLoader, tsLoader, pre),
  },
  {
    bundler: 'webpack',
    title: 'esbuild-loader behind us',
    language: 'typescript',
    request: loader(esbuildLoader),
  },
  {
    bundler: 'webpack',
    title: 'esbuild-loader before us',
    language: 'typescript',
    request: loader(esbuildLoader, esbuildLoader, pre),
  },

  { bundler: 'rspack', title: 'JavaScript', language: 'javascript', request: loader(swc(false)) },
  {
    bundler: 'rspack',
    title: 'swc behind us',
    language: 'typescript',
    request: loader(swc(false), swc(true)),
  },
  {
    bundler: 'rspack',
    title: 'swc before us',
    language: 'typescript',
    request: loader(swc(false), swc(true), pre),
  },
  {
    bundler: 'rspack',
    title: 'esbuild-loader behind us',
    language: 'typescript',
    request: loader(esbuildLoader),
  },
];

/** @param plugin absent: the same build without us */
export function requestOf(way: Way, project: Project, minify: boolean, plugin?: 'absent'): BuildRequest {
  const extension = way.language === 'javascript' ? 'js' : 'ts';
  const own = plugin === 'absent' ? [] : [loadPlugin(project, way.bundler)({ cache: false })];
  const maps = way.bundler === 'webpack' || way.bundler === 'rspack' ? 'hidden-source-map' : 'hidden';
  return {
    entry: { main: `src/main.${extension}` },
    outDir: plugin === 'absent' ? 'absent' : 'dist',
    plugin: plugin ?? { cache: false },
    minify,
    maps: way.bundler === 'esbuild' ? 'external' : maps,
    ...way.request(project, own),
  };
}
