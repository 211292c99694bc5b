/** What a build request is in each bundler's own configuration. */
import type { Configuration } from 'webpack';
import type { BuildRequest, BundlerName } from './e2e-bundlers.ts';
import type { Project } from './e2e-project.ts';

/** A request with its defaults filled in. */
export interface Prepared extends Required<Pick<BuildRequest, 'minify' | 'platform' | 'hashes'>> {
  project: Project;
  entry: Record<string, string>;
  outDir: string;
  plugins: unknown[];
  maps: unknown;
  external: unknown;
  config: object;
  format: BuildRequest['format'];
  say: (line: string) => void;
}

type Bundle = (prepared: Prepared) => Promise<void>;

const EXTERNAL = [
  /^@apollo\//,
  '@as-integrations/express5',
  '@elysiajs/node',
  '@hapi/hapi',
  /^@trpc\//,
  'elysia',
  'express',
  'fastify',
  'graphql',
  'graphql-yoga',
  'hono',
  /^hono\//,
  '@hono/node-server',
  'koa',
  /^@koa\//,
  'polka',
  /^node:/,
];

/** Rollup speaks ES modules in JavaScript alone. */
async function rollupCompanions({ minify }: Prepared): Promise<unknown[]> {
  const { default: esbuild } = await import('rollup-plugin-esbuild');
  const { default: commonjs } = await import('@rollup/plugin-commonjs');
  const { default: nodeResolve } = await import('@rollup/plugin-node-resolve');
  return [
    nodeResolve({ preferBuiltins: true, extensions: ['.mjs', '.ts', '.js'] }),
    esbuild({ target: 'node20', minify }),
    commonjs(),
  ];
}

function rollupOutput({ outDir, hashes, maps, format = 'esm' }: Prepared): object {
  const hash = hashes ? '-[hash]' : '';
  const name = `[name]${hash}${format === 'esm' ? '.mjs' : '.cjs'}`;
  return {
    dir: outDir,
    format,
    entryFileNames: name,
    chunkFileNames: name,
    ...(maps !== undefined && { sourcemap: maps }),
  };
}

function webpackConfig(prepared: Prepared, rule: object): object {
  const { project, entry, outDir, plugins, minify, platform, hashes, maps, external, config, say } = prepared;
  const esm = prepared.format === 'esm';
  const name = `[name]${hashes ? '.[contenthash]' : ''}${esm ? '.mjs' : '.cjs'}`;
  const kind = esm ? 'module' : 'commonjs';
  return {
    mode: 'production',
    context: project.dir,
    target: platform === 'browser' ? 'web' : 'node20',
    entry: Object.fromEntries(Object.entries(entry).map(([name, source]) => [name, `./${source}`])),
    output: { path: outDir, filename: name, chunkFilename: name, module: esm },
    experiments: { outputModule: esm },
    externals: external ?? { express: `${kind} express`, '@hono/node-server': `${kind} @hono/node-server` },
    resolve: { extensions: ['.ts', '.js'] },
    module: { rules: [{ test: /\.ts$/, ...rule }] },
    optimization: { minimize: minify },
    infrastructureLogging: { console: { info: say, warn: say, error: say, log: say }, level: 'info' },
    plugins,
    ...(maps !== undefined && { devtool: maps }),
    ...config,
  };
}

interface Compiler {
  run(
    done: (error: Error | null, stats?: { hasErrors(): boolean; toString(options: object): string }) => void,
  ): void;
  close(done: () => void): void;
}

export function compile(compiler: Compiler, say: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) return reject(error);
        const printed = stats?.toString({ preset: 'errors-warnings', colors: false }) ?? '';
        say(printed);
        if (stats?.hasErrors() === true) reject(new Error(printed));
        else resolve();
      });
    });
  });
}

const TS_LOADER = {
  loader: 'ts-loader',
  options: { transpileOnly: true, compilerOptions: { noEmit: false } },
};
const SWC_LOADER = {
  loader: 'builtin:swc-loader',
  options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
  type: 'javascript/auto',
};

export const bundlers: Record<BundlerName, Bundle> = {
  async vite(prepared) {
    const { build, createLogger } = await import('vite');
    const { project, entry, outDir, plugins, minify, platform, hashes, maps, external, config, say } =
      prepared;
    const logger = createLogger('info');
    Object.assign(logger, { info: say, warn: say, warnOnce: say, error: say });
    await build({
      configFile: false,
      root: project.dir,
      customLogger: logger,
      // Its reporter would write past the logger.
      logLevel: 'warn',
      plugins: plugins as [],
      build: {
        ...(platform === 'server' && { ssr: true }),
        outDir,
        minify,
        ...(maps !== undefined && { sourcemap: maps as boolean }),
        rolldownOptions: {
          input: entry,
          output: rollupOutput({ ...prepared, maps: undefined }),
          ...(external !== undefined && { external: external as RegExp }),
        },
        ...(!hashes && { assetsDir: '' }),
      },
      ...config,
    });
  },
  async rollup(prepared) {
    const { rollup } = await import('rollup');
    const { entry, plugins, external = EXTERNAL, config, say } = prepared;
    const bundle = await rollup({
      input: entry,
      external: external as RegExp[],
      plugins: [...plugins, ...(await rollupCompanions(prepared))] as [],
      onLog: (level, { message }) => say(`${level} ${message}`),
      ...config,
    });
    await bundle.write(rollupOutput(prepared));
    await bundle.close();
  },
  async rolldown(prepared) {
    const { build } = await import('rolldown');
    const { entry, plugins, minify, external = EXTERNAL, config, say } = prepared;
    await build({
      input: entry,
      platform: 'node',
      external: external as RegExp[],
      plugins: plugins as [],
      onLog: (level, { message }) => say(`${level} ${message}`),
      output: { ...rollupOutput(prepared), minify },
      ...config,
    });
  },
  async webpack(prepared) {
    const { default: webpack } = await import('webpack');
    const config = webpackConfig(prepared, TS_LOADER) as Configuration;
    await compile(webpack(config), prepared.say);
  },
  async rspack(prepared) {
    const { rspack } = await import('@rspack/core');
    await compile(rspack(webpackConfig(prepared, SWC_LOADER)), prepared.say);
  },
  async esbuild(prepared) {
    const { build } = await import('esbuild');
    const { project, entry, outDir, plugins, minify, platform, hashes, maps, external, config, say } =
      prepared;
    const { format = 'esm' } = prepared;
    const { error } = console;
    // esbuild prints from another process; of what a plugin prints, all is here.
    console.error = say;
    try {
      const result = await build({
        // Its default is where the process was when esbuild was loaded.
        absWorkingDir: project.dir,
        entryPoints: entry,
        outdir: outDir,
        outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' },
        bundle: true,
        splitting: format === 'esm',
        format,
        platform: platform === 'browser' ? 'browser' : 'node',
        minify,
        external: (external as string[] | undefined) ?? ['express', 'fastify', 'hono', '@hono/node-server'],
        ...(hashes && { entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]' }),
        ...(maps !== undefined && { sourcemap: maps as boolean }),
        plugins: plugins as [],
        ...config,
      });
      for (const { text } of result.warnings) say(text);
    } finally {
      console.error = error;
    }
  },
};
