/** Next.js builds with webpack or with Turbopack, several bundles at a time, and its configuration is where it can be told how. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBuild } from '../build.ts';
import type { ReplayStackPluginOptions } from '../options/index.ts';
import { createPlugin } from '../plugin.ts';
import { next } from '../transform/conventions/next.ts';
import type { LoaderOptions } from './turbopack.ts';
import { finishOutput } from './next-output.ts';
import { toPlain } from './turbopack.ts';

/** The parts of Next's configuration that are extended. */
export interface NextConfig {
  webpack?: ((config: never, context: never) => unknown) | null | undefined;
  turbopack?: { rules?: Record<string, unknown> } | undefined;
  transpilePackages?: string[] | undefined;
  experimental?: { serverSourceMaps?: boolean } | undefined;
  compiler?: { runAfterProductionCompile?: AfterCompile } | undefined;
}

type AfterCompile = (metadata: { projectDir: string; distDir: string }) => Promise<void>;

interface WebpackConfig {
  plugins: unknown[];
}

interface WebpackContext {
  isServer: boolean;
}

const SCRIPTS = '*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}';
const LOADER = fileURLToPath(new URL('./next-loader.js', import.meta.url));

/**
 * The configuration with the plugin in all of the server's bundles.
 *
 * @param config what the user has
 * @throws when there is something wrong with the options
 */
export function extendNextConfig(
  config: NextConfig,
  options: ReplayStackPluginOptions,
  serving: boolean,
): NextConfig {
  const build = startBuild(options, [next]);
  if (build === undefined) return config;
  const plugin = createPlugin([next], { isMapped: serving });
  // There are several bundles, and one report.
  const { report: _, ...ofBundle } = { ...options, summary: false };
  const loading: LoaderOptions = { serving, plugin: toPlain(options), fingerprint: build.fingerprint };
  const loaders = [{ loader: LOADER, options: loading }];
  const afterCompile = config.compiler?.runAfterProductionCompile;
  return {
    ...config,
    // In the Pages Router packages are left to Node, and the release with them.
    transpilePackages: [...new Set([...(config.transpilePackages ?? []), 'unplugin-replaystack'])],
    experimental: { serverSourceMaps: options.sourcemap !== false, ...config.experimental },
    compiler: {
      ...config.compiler,
      async runAfterProductionCompile(metadata) {
        build.root = metadata.projectDir;
        await finishOutput(build, join(metadata.distDir, 'server'));
        await afterCompile?.(metadata);
      },
    },
    webpack(given: WebpackConfig, context: WebpackContext) {
      const own = (config.webpack?.(given as never, context as never) ?? given) as WebpackConfig;
      if (context.isServer) own.plugins = [...own.plugins, plugin.webpack(ofBundle)];
      return own;
    },
    turbopack: {
      ...config.turbopack,
      rules: withRules(config.turbopack?.rules, {
        [SCRIPTS]: { condition: { all: [{ not: 'browser' }, { not: 'foreign' }] }, loaders },
        'build.js': { condition: { path: /dist\/runtime\/build\.js$/ }, loaders },
      }),
    },
  };
}

/** The user's rules come first. */
function withRules(
  rules: Record<string, unknown> = {},
  added: Record<string, unknown>,
): Record<string, unknown> {
  const all = { ...rules };
  for (const [glob, rule] of Object.entries(added))
    all[glob] = glob in rules ? [rules[glob], rule].flat() : rule;
  return all;
}
