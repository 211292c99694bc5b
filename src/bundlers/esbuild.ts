/** What is esbuild's own: its platform, its maps, and its outputs, which are finished on disk or in memory when it ends. */
import { readFile, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { BuildOptions, BuildResult, Loader, OnEndResult, PluginBuild } from 'esbuild';
import type { Build } from '../build.ts';
import { buildModuleFile, OUR_MODULES } from '../build-module.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { addDebugId } from '../sourcemaps/debug-id.ts';
import { isEdge } from './edge.ts';

/** The hooks of the plugin object that only esbuild calls. */
export interface EsbuildHooks {
  onLoadFilter: RegExp;
  loader: (code: string, id: string) => Loader;
  config: (options: BuildOptions) => void;
  setup: (build: PluginBuild) => void;
}

const LOADERS: Readonly<Record<string, Loader>> = {
  '.cts': 'ts',
  '.mts': 'ts',
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

export function esbuildHooks(build: Build): EsbuildHooks {
  let loaders: BuildOptions['loader'];
  const warnings: { text: string }[] = [];
  return {
    onLoadFilter: /\.[cm]?[jt]sx?$/,
    loader: (_, id) => loaders?.[extname(id)] ?? LOADERS[extname(id)] ?? 'js',
    config(options) {
      loaders = options.loader;
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
    },
  };
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
    const code = await file.read();
    if (code === undefined) continue;
    let identified = code;
    const map = files.get(`${path}.map`);
    const mapText = await map?.read();
    if (map !== undefined && mapText !== undefined) {
      // Before the release comes in: the id is that of the code, whichever commit it is of.
      const { code: withId, map: mapWithId } = addDebugId(code, mapText);
      identified = withId;
      if (mapWithId !== mapText) await map.write(mapWithId);
    }
    const finished = (await build.finishChunk(identified)) ?? identified;
    if (finished !== code) await file.write(finished);
  }
}

interface OutputFile {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** What was built, by absolute path: in memory with `write: false`, else on disk. */
function outputs(options: BuildOptions, result: BuildResult): Map<string, OutputFile> {
  const files = new Map<string, OutputFile>();
  for (const output of result.outputFiles ?? []) {
    files.set(output.path, {
      read: () => Promise.resolve(output.text),
      write(text) {
        // `text` is a getter over `contents`.
        output.contents = new TextEncoder().encode(text);
        return Promise.resolve();
      },
    });
  }
  if (options.write === false) return files;
  const base = options.absWorkingDir ?? process.cwd();
  for (const name of Object.keys(result.metafile?.outputs ?? {})) {
    const path = resolve(base, name);
    files.set(path, {
      read: () => readFile(path, 'utf8').catch(() => undefined),
      write: (text) => writeFile(path, text),
    });
  }
  return files;
}
