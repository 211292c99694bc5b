/** Builds a project once with one of the bundlers, as its users would: maps are on, nothing is minified. */
import { join } from 'node:path';
import type { PluginOf } from './variants.ts';

export type Bundler = 'esbuild' | 'vite' | 'webpack';

export interface Request {
  bundler: Bundler;
  /** The project. */
  folder: string;
  /** Absolute path. */
  entry: string;
  outDir: string;
}

/** @param plugin gives what the build is done with */
export async function bundle({ bundler, ...request }: Request, plugin: PluginOf): Promise<void> {
  process.chdir(request.folder);
  await bundlers[bundler](request, await plugin(bundler));
}

type Build = (request: Omit<Request, 'bundler'>, plugins: readonly unknown[]) => Promise<unknown>;

const bundlers: Record<Bundler, Build> = {
  async esbuild({ entry, outDir }, plugins) {
    const { build } = await import('esbuild');
    await build({
      entryPoints: [entry],
      outfile: join(outDir, 'server.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      // Of openai, which keeps them beside what it has compiled.
      external: ['#*'],
      sourcemap: 'external',
      logLevel: 'error',
      plugins: plugins as [],
    });
  },

  async vite({ folder, entry, outDir }, plugins) {
    const { build } = await import('vite');
    await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      plugins: plugins as [],
      build: {
        ssr: entry,
        outDir,
        emptyOutDir: true,
        sourcemap: 'hidden',
        minify: false,
        reportCompressedSize: false,
        rolldownOptions: { external: ['express'] },
      },
    });
  },

  async webpack({ folder, entry, outDir }, plugins) {
    const { default: webpack } = await import('webpack');
    const compiler = webpack({
      mode: 'production',
      context: folder,
      entry,
      target: 'node20',
      output: { path: outDir, filename: 'server.js' },
      devtool: 'hidden-source-map',
      externals: { express: 'commonjs express' },
      optimization: { minimize: false },
      resolve: { extensions: ['.ts', '.js'] },
      resolveLoader: { modules: [join(import.meta.dirname, '../../../../node_modules')] },
      module: {
        rules: [
          {
            test: /\.ts$/,
            loader: 'ts-loader',
            options: { transpileOnly: true, onlyCompileBundledFiles: true },
          },
        ],
      },
      plugins: plugins as [],
    });
    await new Promise<void>((resolve, reject) => {
      compiler.run((error, stats) => {
        const problem =
          error ?? (stats?.hasErrors() === true ? new Error(stats.toString('errors-only')) : undefined);
        if (problem) reject(problem);
        else compiler.close((error) => (error ? reject(error) : resolve()));
      });
    });
  },
};
