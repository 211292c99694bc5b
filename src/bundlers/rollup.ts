/** What Rollup, Rolldown and Vite have in common: output options, externals, and chunks that can be changed before they are written. */
import type { Build } from '../build.ts';
import { buildModuleFile } from '../build-module.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { isEdge } from './edge.ts';
import { keepInsideRollup } from './externals.ts';

/** The parts of Rollup's options and chunks that are used here; Rolldown's are the same. */
interface InputOptions {
  cwd?: string;
  /** Rolldown's. */
  resolve?: { conditionNames?: unknown } | undefined;
  external?: unknown;
}

interface OutputOptions {
  sourcemap?: boolean | 'inline' | 'hidden' | undefined;
  sourcemapDebugIds?: boolean | undefined;
}

interface OutputBundle {
  [fileName: string]: { type: string; code?: string };
}

/** Where a hook can say something. */
interface Context {
  info(message: string): void;
  warn(message: string): void;
}

export interface BundleHooks {
  options(input: InputOptions): InputOptions;
  onLog(level: unknown, log: { code?: string; ids?: readonly string[] }): false | undefined;
  outputOptions(output: OutputOptions): OutputOptions;
  generateBundle(output: unknown, bundle: OutputBundle): Promise<void>;
}

export interface RollupHooks extends BundleHooks {
  options(this: Context, input: InputOptions): InputOptions;
  writeBundle(this: Context): Promise<void>;
}

export function rollupHooks(build: Build): RollupHooks {
  const hooks = bundleHooks(build);
  const speakThrough = (context: Context): void => {
    build.log = (message) => context.info(message);
    build.warn = (message) => context.warn(message);
  };
  return {
    ...hooks,
    options(input) {
      speakThrough(this);
      return hooks.options(input);
    },
    writeBundle() {
      speakThrough(this);
      return build.end();
    },
  };
}

/** The hooks that are the same in Vite, which has a log of its own. */
export function bundleHooks(build: Build): BundleHooks {
  return {
    options(input) {
      if (input.cwd !== undefined) build.root = input.cwd;
      if (isEdge(input.resolve?.conditionNames)) build.flavour = 'edge';
      return input.external === undefined ? input : { ...input, external: keepInsideRollup(input.external) };
    },
    onLog(_, { code, ids }) {
      // The user's module of options imports the runtime, and the runtime that module: it is made to work.
      return code === 'CIRCULAR_DEPENDENCY' && ids?.includes(buildModuleFile) === true ? false : undefined;
    },
    outputOptions(output) {
      if (build.inactive !== undefined) return output;
      const sourcemap = chooseSourcemap(build, output.sourcemap);
      if (build.options.sourcemap === false && !sourcemap) build.warn(formatDiagnostic('RS1301', {}));
      // Rollup hashes the chunk for it, so that the id is the same whenever the chunk is.
      return sourcemap
        ? { ...output, sourcemap, sourcemapDebugIds: output.sourcemapDebugIds ?? true }
        : output;
    },
    async generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || chunk.code === undefined) continue;
        const finished = await build.finishChunk(chunk.code);
        if (finished !== undefined) chunk.code = finished;
      }
    },
  };
}

/** The plugin's option, then the build's, then hidden. */
export function chooseSourcemap(
  build: Build,
  current: OutputOptions['sourcemap'],
): OutputOptions['sourcemap'] {
  const wanted = build.options.sourcemap;
  return wanted === false ? current : (wanted ?? current ?? 'hidden');
}
