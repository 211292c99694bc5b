/**
 * What is esbuild's own: its platform, how it loads modules and takes maps, and its outputs, which are finished on disk or in
 * memory when it ends.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { BuildOptions, BuildResult, Loader, OnEndResult, OnLoadResult, PluginBuild } from 'esbuild';
import type { Build } from '../build.ts';
import { buildModuleFile, isOurModule, OUR_MODULES } from '../build-module.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { addDebugId, addDebugIdOnDisk } from '../sourcemaps/debug-id.ts';
import type { MappedCode } from '../sourcemaps/inline-map.ts';
import { composeWithInlineMap } from '../sourcemaps/inline-map.ts';
import { isEdge } from './edge.ts';
import type { IdPatterns } from './id-filter.ts';
import { createIdFilter } from './id-filter.ts';

/** The hooks of the plugin object that only esbuild calls. */
export interface EsbuildHooks {
  config: (options: BuildOptions) => void;
  setup: (build: PluginBuild) => void;
}

const SCRIPT = /\.[cm]?[jt]sx?$/;

const LOADERS: Readonly<Record<string, Loader>> = {
  '.cts': 'ts',
  '.mts': 'ts',
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

export function esbuildHooks(build: Build, ids: IdPatterns): EsbuildHooks {
  const warnings: { text: string }[] = [];
  return {
    config(options) {
      build.root = options.absWorkingDir ?? process.cwd();
      // esbuild's own log is on stderr, and says nothing of builds that went well unless it is told to.
      const quiet =
        options.logLevel === 'silent' || options.logLevel === 'error' || options.logLevel === 'warning';
      build.log = (message) => quiet || console.error(message);
      // A file that is left to other plugins has no result to put a warning into; the end of the build has.
      build.warn = (message) => void warnings.push({ text: message.replace(/^\[replaystack\] /, '') });
      const platform = options.platform ?? (options.bundle === true ? 'browser' : 'node');
      const edge = isEdge(options.conditions);
      if (platform === 'browser' && !edge && !build.options.client) {
        build.inactive = 'nothing was instrumented: this is a build for the browser';
        if (options.platform === undefined) build.warn(formatDiagnostic('RS1401', {}));
        return;
      }
      build.flavour = platform === 'node' && !edge ? 'node' : 'edge';
      setSourcemap(build, options);
      // Without it a plugin is not told which files were written.
      options.metafile = true;
    },
    setup(esbuild) {
      esbuild.onEnd(async (result): Promise<OnEndResult> => {
        if (build.inactive === undefined) await finish(build, esbuild.initialOptions, result);
        return { warnings: warnings.splice(0) };
      });
      if (build.inactive !== undefined) return;
      esbuild.onResolve({ filter: OUR_MODULES }, ({ path }) => {
        const file = build.resolve(path);
        return file === undefined ? undefined : { path: file, sideEffects: false };
      });
      esbuild.onLoad({ filter: /[\\/]runtime[\\/]build\.js$/ }, async ({ path }) => {
        if (path !== buildModuleFile) return undefined;
        return { contents: (await build.load(path)) ?? '', loader: 'js' };
      });
      const isWanted = createIdFilter(ids);
      const { loader } = esbuild.initialOptions;
      // What is in no file was made by a plugin, and is in a namespace of that.
      esbuild.onLoad({ filter: SCRIPT, namespace: 'file' }, ({ path, suffix }) =>
        isWanted(path + suffix) ? load(build, path, loader) : undefined,
      );
    },
  };
}

/** Undefined leaves a file to esbuild, or to the plugins behind us: each file has one plugin that loads it. */
async function load(
  build: Build,
  path: string,
  loaders: BuildOptions['loader'],
): Promise<OnLoadResult | undefined> {
  if (isOurModule(path)) return undefined;
  let code: string;
  try {
    // esbuild asks for many files at a time; four trips to the thread pool for each would cost more than they save.
    code = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const output = await build.transform(code, path, build.warn);
  if (output === undefined) return undefined;
  const extension = extname(path);
  return {
    contents: withMap(composeWithInlineMap(code, output), path),
    loader: loaders?.[extension] ?? LOADERS[extension] ?? 'js',
    resolveDir: dirname(path),
  };
}

/** esbuild takes a map from the code alone. Of a file it has the text, and need not be sent it once more. */
function withMap({ code, map }: MappedCode, path: string): string {
  const { mappings, sourcesContent, ...rest } = map;
  const isOfFile = map.sources.length === 1 && map.sources[0] === path;
  const json = JSON.stringify(isOfFile ? rest : { ...rest, sourcesContent });
  // There is nothing to escape in mappings, which are most of it.
  const url = `${json.slice(0, -1).replaceAll(/[%\s]/g, encodeURIComponent)},"mappings":"${mappings}"}`;
  return `${code}\n//# sourceMappingURL=data:application/json,${url}`;
}

function setSourcemap(build: Build, options: BuildOptions): void {
  const { sourcemap } = build.options;
  if (sourcemap === false) {
    if (!options.sourcemap) build.warn(formatDiagnostic('RS1301', {}));
    return;
  }
  if (sourcemap !== undefined) options.sourcemap = sourcemap === 'hidden' ? 'external' : sourcemap;
  // esbuild refuses them where it writes to no file, as a build in memory may.
  else if (options.outdir !== undefined || options.outfile !== undefined) options.sourcemap ??= 'external';
}

/** Puts the release and debug ids into what was built. */
async function finish(build: Build, options: BuildOptions, result: BuildResult): Promise<void> {
  const files = outputs(options, result);
  for (const [path, file] of files) {
    // What has no extension was named by `outfile`, or is in memory and called `<stdout>`.
    if (!/^$|\.[cm]?js$/.test(extname(path))) continue;
    const code = file.read();
    if (code === undefined) continue;
    // Before the release comes in: the id is that of the code, whichever commit it is of.
    const identified = files.get(`${path}.map`)?.identify(code) ?? code;
    const finished = (await build.finishChunk(identified)) ?? identified;
    if (finished !== code) file.write(finished);
  }
}

interface OutputFile {
  read(): string | undefined;
  write(text: string): void;
  /** Of a map: gives it and the code the same debug id, and returns the code. */
  identify(code: string): string;
}

/** What was built, by absolute path: in memory with `write: false`, else on disk. */
function outputs(options: BuildOptions, result: BuildResult): Map<string, OutputFile> {
  const files = new Map<string, OutputFile>();
  for (const output of result.outputFiles ?? []) {
    // `text` is a getter over `contents`.
    const write = (text: string): void => void (output.contents = new TextEncoder().encode(text));
    files.set(output.path, {
      read: () => output.text,
      write,
      identify(code) {
        const identified = addDebugId(code, output.text);
        write(identified.map);
        return identified.code;
      },
    });
  }
  if (options.write === false) return files;
  const base = options.absWorkingDir ?? process.cwd();
  for (const name of Object.keys(result.metafile?.outputs ?? {})) {
    const path = resolve(base, name);
    const read = (): string | undefined => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    };
    files.set(path, {
      read,
      write: (text) => writeFileSync(path, text),
      identify: (code) => (existsSync(path) ? addDebugIdOnDisk(code, path) : code),
    });
  }
  return files;
}
