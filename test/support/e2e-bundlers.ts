/** Builds a project with any of the six bundlers: the same request for all of them. */
import type { ReplayStackPluginOptions } from '../../src/options/index.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlers } from './e2e-bundler-table.ts';
import { inProject, type Project } from './e2e-project.ts';

export const bundlerNames = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const;

export type BundlerName = (typeof bundlerNames)[number];

export interface BuildRequest {
  /** Source files by the name of their output; `src/server.ts` to `server` if it is only one. */
  entry: string | Record<string, string>;
  /** @default 'dist' */
  outDir?: string;
  /** Of the plugin; `'absent'` builds without it, `'twice'` has it registered two times. */
  plugin?: ReplayStackPluginOptions | 'absent' | 'twice';
  /** Plugins in the bundler's own form, behind ours. */
  behind?: unknown[];
  /** @default true */
  minify?: boolean;
  /** @default 'server' */
  platform?: 'server' | 'browser';
  /** Of what is built. @default 'cjs' with webpack and Rspack, 'esm' with the others */
  format?: 'esm' | 'cjs';
  /** Content hashes in all file names. */
  hashes?: boolean;
  /** The bundler's own setting for source maps, in its own words. Left out: its default. */
  maps?: unknown;
  /** In the bundler's own words. @default express and what else Node finds by itself */
  external?: unknown;
  /** Anything else, at the top level of the bundler's configuration. */
  config?: object;
  /** Variables of the build's environment. */
  environment?: Record<string, string>;
}

export interface BuildResult {
  /** Text by path within the output directory. */
  files: Record<string, string>;
  /** What the bundler printed through its own logger. */
  log: string;
  /** The absolute path of the entry's output. */
  file: string;
}

/** Our plugin for a bundler, loaded as a CommonJS config would. */
export function loadPlugin(
  project: Project,
  bundler: BundlerName,
): (options?: ReplayStackPluginOptions) => unknown {
  return project.require(`unplugin-replaystack/${bundler}`) as (
    options?: ReplayStackPluginOptions,
  ) => unknown;
}

/** Builds a project as its developer would, from within its directory. Rejects when the build fails. */
export async function build(
  project: Project,
  bundler: BundlerName,
  request: BuildRequest,
): Promise<BuildResult> {
  const {
    entry,
    outDir = 'dist',
    plugin,
    behind = [],
    minify = true,
    platform = 'server',
    hashes = false,
  } = request;
  const lines: string[] = [];
  const own = (): unknown => loadPlugin(project, bundler)(typeof plugin === 'object' ? plugin : undefined);
  const count = plugin === 'absent' ? 0 : plugin === 'twice' ? 2 : 1;
  const entries =
    typeof entry === 'string' ? { [/([^/]+)\.\w+$/.exec(entry)?.[1] ?? 'server']: entry } : entry;
  await inProject(
    project,
    () =>
      bundlers[bundler]({
        project,
        entry: entries,
        outDir: project.path(outDir),
        plugins: [...Array.from({ length: count }, own), ...behind],
        minify,
        platform,
        hashes,
        maps: request.maps,
        external: request.external,
        config: request.config ?? {},
        format: request.format,
        say: (line) => void lines.push(line),
      }),
    request.environment,
  );
  const files = readOutput(project.path(outDir));
  const first = Object.keys(entries)[0] ?? '';
  const output = Object.keys(files).find((name) => name.startsWith(first) && /\.[cm]?js$/.test(name)) ?? '';
  return { files, log: lines.join('\n'), file: project.path(outDir, output) };
}

/** Text by path within a folder. */
export function readOutput(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  );
}
