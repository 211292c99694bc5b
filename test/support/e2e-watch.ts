/** The six bundlers in watch mode: each tells of every build that it has finished. */
import type { BundlerName } from './e2e-bundlers.ts';
import { loadPlugin } from './e2e-bundlers.ts';
import type { Project } from './e2e-project.ts';

export interface Watching {
  close(): Promise<unknown>;
}

/** Watches `src/main.js` of a project and builds it into `dist`, without minifying. */
type Watch = (project: Project, plugin: unknown, built: (error?: unknown) => void) => Promise<Watching>;

interface BundleEvent {
  code: string;
  error?: unknown;
  result?: { close(): Promise<void> } | null;
}

interface BundleWatcher extends Watching {
  on(name: 'event', listener: (event: BundleEvent) => void): unknown;
}

/** Rollup's events, which Rolldown and Vite have taken over. */
function follow(watcher: BundleWatcher, built: (error?: unknown) => void): Watching {
  watcher.on('event', ({ code, error, result }) => {
    if (code === 'BUNDLE_END' || code === 'ERROR') void result?.close();
    if (code === 'ERROR') built(error);
    if (code === 'END') built();
  });
  return watcher;
}

interface Compiler {
  watch(
    options: object,
    done: (error: unknown, stats?: { toJson(options: object): { errors?: unknown[] } }) => void,
  ): {
    close(done: () => void): void;
  };
  close(done: () => void): void;
}

function followCompiler(compiler: Compiler, built: (error?: unknown) => void): Watching {
  const watching = compiler.watch({ aggregateTimeout: 20 }, (error, stats) => {
    built(error ?? stats?.toJson({ all: false, errors: true }).errors?.[0]);
  });
  return {
    close: async () => {
      await new Promise<void>((resolve) => watching.close(resolve));
      await new Promise<void>((resolve) => compiler.close(resolve));
    },
  };
}

function webpackConfig({ dir }: Project, plugin: unknown): object {
  return {
    mode: 'development',
    context: dir,
    target: 'node20',
    entry: './src/main.js',
    output: { path: `${dir}/dist`, filename: 'main.cjs' },
    infrastructureLogging: { level: 'none' },
    plugins: [plugin],
  };
}

const watches: Record<BundlerName, Watch> = {
  async vite(project, plugin, built) {
    const { build } = await import('vite');
    const watcher = await build({
      configFile: false,
      root: project.dir,
      logLevel: 'silent',
      plugins: [plugin as never],
      build: { ssr: 'src/main.js', minify: false, watch: {} },
    });
    return follow(watcher as unknown as BundleWatcher, built);
  },
  async rollup(_, plugin, built) {
    const { watch } = await import('rollup');
    const output = { dir: 'dist', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };
    const watcher = watch({ input: 'src/main.js', plugins: [plugin as never], output, onLog: () => {} });
    return follow(watcher, built);
  },
  async rolldown(_, plugin, built) {
    const { watch } = await import('rolldown');
    const output = { dir: 'dist', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };
    const watcher = watch({
      input: 'src/main.js',
      platform: 'node',
      plugins: [plugin as never],
      output,
      onLog: () => {},
    });
    return follow(watcher, built);
  },
  async webpack(project, plugin, built) {
    const { default: webpack } = await import('webpack');
    return followCompiler(webpack(webpackConfig(project, plugin)) as unknown as Compiler, built);
  },
  async rspack(project, plugin, built) {
    const { rspack } = await import('@rspack/core');
    return followCompiler(rspack(webpackConfig(project, plugin)), built);
  },
  async esbuild(project, plugin, built) {
    const { context } = await import('esbuild');
    const tell = {
      name: 'tell',
      setup(build: { onEnd(end: (result: { errors: unknown[] }) => void): void }) {
        build.onEnd(({ errors }) => built(errors[0]));
      },
    };
    const watched = await context({
      absWorkingDir: project.dir,
      entryPoints: ['src/main.js'],
      outdir: 'dist',
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      logLevel: 'silent',
      plugins: [plugin as never, tell],
    });
    await watched.watch();
    return { close: () => watched.dispose() };
  },
};

/** Starts watching, with a report of what was instrumented in `dist/report.json`. */
export function watch(
  project: Project,
  bundler: BundlerName,
  built: (error?: unknown) => void,
): Promise<Watching> {
  return watches[bundler](project, loadPlugin(project, bundler)({ report: 'dist/report.json' }), built);
}
