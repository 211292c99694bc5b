/** Builds the programs of fixtures/stack with each bundler, the way an application's build would: one output per entry, with maps. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rspack, type RspackOptions } from '@rspack/core';
import { build as esbuild, transform } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack, { type Configuration } from 'webpack';

export interface BuildRequest {
  /** Absolute path of an entry, by the name of its output. */
  entries: Record<string, string>;
  outDir: string;
  minify: boolean;
  /** Maps lie beside the outputs, and no comment names them. */
  hidden: boolean;
}

export type Bundler = (request: BuildRequest) => Promise<void>;

const root = dirname(fileURLToPath(new URL('../../package.json', import.meta.url)));

/** For rollup, which speaks neither TypeScript nor minifies. */
function esbuildForRollup(minify: boolean) {
  return {
    name: 'esbuild',
    transform: (code: string, id: string) =>
      transform(code, { loader: 'ts', target: 'es2022', sourcemap: true, sourcefile: id }),
    renderChunk: (code: string) =>
      minify ? transform(code, { minify: true, format: 'esm', sourcemap: true }) : null,
  };
}

/** What webpack and rspack have in common. */
function webpackLike({ entries, outDir, minify, hidden }: BuildRequest, rule: object) {
  return {
    mode: minify ? ('production' as const) : ('none' as const),
    context: root,
    target: 'node' as const,
    devtool: hidden ? ('hidden-source-map' as const) : ('source-map' as const),
    entry: entries,
    output: { path: outDir, filename: '[name].cjs' },
    module: { rules: [{ test: /\.ts$/, ...rule }] },
  };
}

interface Compiler {
  run(done: (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void): void;
  close(done: () => void): void;
}

function compile(compiler: Compiler): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) reject(error);
        else if (stats?.hasErrors()) reject(new Error(stats.toString()));
        else resolve();
      });
    });
  });
}

const chunks = { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };

export const bundlers: Record<string, Bundler> = {
  async esbuild({ entries, outDir, minify, hidden }) {
    await esbuild({
      entryPoints: entries,
      outdir: outDir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      minify,
      sourcemap: hidden ? 'external' : true,
    });
  },
  async rollup({ entries, outDir, minify, hidden }) {
    const bundle = await rollup({ input: entries, plugins: [esbuildForRollup(minify)] });
    await bundle.write({ dir: outDir, sourcemap: hidden ? 'hidden' : true, ...chunks });
    await bundle.close();
  },
  async rolldown({ entries, outDir, minify, hidden }) {
    const bundle = await rolldown({ input: entries, platform: 'node' });
    await bundle.write({ dir: outDir, minify, sourcemap: hidden ? 'hidden' : true, ...chunks });
    await bundle.close();
  },
  async vite({ entries, outDir, minify, hidden }) {
    await vite({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        ssr: true,
        outDir,
        emptyOutDir: false,
        minify,
        sourcemap: hidden ? 'hidden' : true,
        rolldownOptions: { input: entries, output: chunks },
      },
    });
  },
  webpack: (request) =>
    compile(
      webpack(
        webpackLike(request, {
          loader: 'ts-loader',
          options: { transpileOnly: true, configFile: join(root, 'fixtures/stack/tsconfig.json') },
        }) as Configuration,
      ) as Compiler,
    ),
  rspack: (request) =>
    compile(
      rspack(
        webpackLike(request, {
          loader: 'builtin:swc-loader',
          options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
        }) as RspackOptions,
      ) as Compiler,
    ),
};
