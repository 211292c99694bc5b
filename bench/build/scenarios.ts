/** What is built with what: the rows of the table, each with its bar and its goal. */
import type { Bundler } from './bundle.ts';
import type { Variant } from './variants.ts';

export interface Scenario {
  name: string;
  bundler: Bundler;
  /** A generated project, by the share of its modules with targets; or the sources of a package. */
  project: 'a third' | 'every' | 'none' | 'mongodb' | 'openai' | '@trpc/server';
  /** The first of them is what the others are compared with. */
  variants: readonly Variant[];
  bar?: string;
  goal?: string;
}

const WARM: readonly Variant[] = ['bare', 'replaystack', 'replaystack, warm'];

export const scenarios: readonly Scenario[] = [
  {
    name: 'esbuild, a third with targets',
    bundler: 'esbuild',
    project: 'a third',
    variants: [...WARM, 'empty onLoad', 'sentry', 'naive'],
    bar: '1.7 cold, 1.2 warm',
    goal: '1.35 cold, 1.1 warm',
  },
  {
    name: 'esbuild, every module with targets',
    bundler: 'esbuild',
    project: 'every',
    variants: [...WARM, 'naive', 'istanbul'],
    bar: '2.8 cold, 1.2 warm',
    goal: '2.0 cold, 1.1 warm',
  },
  {
    name: 'esbuild, nothing to do',
    bundler: 'esbuild',
    project: 'none',
    variants: ['bare', 'replaystack', 'empty onLoad'],
    bar: '1.1',
    goal: '1.05',
  },
  {
    name: 'Vite SSR, a third with targets',
    bundler: 'vite',
    project: 'a third',
    variants: [...WARM, 'sentry', 'naive'],
    bar: '1.6 cold, 1.2 warm',
    goal: '1.25 cold, 1.1 warm',
  },
  {
    name: 'Vite SSR, every module with targets',
    bundler: 'vite',
    project: 'every',
    variants: [...WARM, 'naive', 'istanbul'],
    bar: '2.4 cold, 1.2 warm',
    goal: '1.8 cold, 1.1 warm',
  },
  {
    name: 'Vite SSR, nothing to do',
    bundler: 'vite',
    project: 'none',
    variants: ['bare', 'replaystack'],
    bar: '1.1',
    goal: '1.05',
  },
  {
    name: 'webpack and ts-loader, a third with targets',
    bundler: 'webpack',
    project: 'a third',
    variants: WARM,
    bar: '1.15 cold, 1.2 warm',
    goal: '1.05 cold, 1.1 warm',
  },
  { name: 'mongodb, by esbuild', bundler: 'esbuild', project: 'mongodb', variants: WARM },
  { name: 'openai, by esbuild', bundler: 'esbuild', project: 'openai', variants: WARM },
  { name: '@trpc/server, by esbuild', bundler: 'esbuild', project: '@trpc/server', variants: WARM },
];
