/** What webpack and Rspack have in common: targets, devtool, externals, and assets that can be changed before they are written. */
import type { Build } from '../build.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { addDebugId } from '../sourcemaps/debug-id.ts';
import { isEdge } from './edge.ts';
import { keepInsideWebpack } from './externals.ts';

/** The parts of a compiler that are used here, which webpack and Rspack both have. */
export interface WebpackLikeCompiler {
  context: string;
  options: {
    context?: string | undefined;
    target?: string | false | (string | false)[] | undefined;
    devtool?: unknown;
    externals?: unknown;
    resolve?: { conditionNames?: unknown } | undefined;
    externalsPresets?: { node?: boolean | undefined } | undefined;
    cache?: unknown;
    experiments?: { cache?: unknown } | undefined;
  };
  getInfrastructureLogger(name: string): { info(message: string): void; warn(message: string): void };
  hooks: {
    thisCompilation: Hook<[WebpackLikeCompilation]>;
  };
  webpack: {
    Compilation: { PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER: number };
    sources: { RawSource: new (text: string) => unknown };
  };
}

interface Hook<Arguments extends unknown[]> {
  tap(name: string, listener: (...args: Arguments) => void): void;
}

interface WebpackLikeCompilation {
  getAssets(): readonly { name: string; source: { source(): string | Uint8Array } }[];
  getAsset(name: string): { source: { source(): string | Uint8Array } } | undefined;
  updateAsset(name: string, source: unknown): void;
  hooks: {
    processAssets: {
      tapPromise(options: { name: string; stage: number }, listener: () => Promise<void>): void;
    };
  };
}

const NAME = 'unplugin-replaystack';

export function applyWebpackLike(build: Build, compiler: WebpackLikeCompiler): void {
  build.root = compiler.options.context ?? compiler.context;
  const logger = compiler.getInfrastructureLogger('replaystack');
  build.log = (message) => logger.info(message.replace(/^\[replaystack\] /, ''));
  build.warn = (message) => logger.warn(message.replace(/^\[replaystack\] /, ''));
  if (isEdge(compiler.options.resolve?.conditionNames)) build.flavour = 'edge';
  else if (isBrowser(compiler) && !build.options.client) {
    build.inactive = "nothing was instrumented: the target is a browser; set target: 'node', or client: true";
    return;
  }
  setDevtool(build, compiler);
  // Rspack 1 has its persistent cache among the experiments.
  for (const cache of [compiler.options.cache, compiler.options.experiments?.cache]) bindCache(build, cache);
  compiler.options.externals = keepInsideWebpack(compiler.options.externals);
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    // Hashes and maps are made by then, and nothing is compressed yet.
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER - 1;
    compilation.hooks.processAssets.tapPromise({ name: NAME, stage }, () =>
      finish(build, compilation, (text) => new compiler.webpack.sources.RawSource(text)),
    );
  });
}

interface LoaderContext {
  loaders?: readonly { path: string }[];
  /** Of the one that runs. */
  loaderIndex?: number;
}

/**
 * Whether a loader that comes after us takes maps from the code alone: esbuild-loader drops those that earlier loaders hand on.
 * Loaders run from the last to the first. Behind one that has run already nobody takes a map out of the code again.
 *
 * @param context what unplugin gives as the native build context
 */
export function readsInlineMapsOnly(context: unknown): boolean {
  const { loaderContext } = (context ?? {}) as { loaderContext?: LoaderContext };
  const { loaders = [], loaderIndex } = loaderContext ?? {};
  return loaders.slice(0, loaderIndex).some(({ path }) => /[\\/]esbuild-loader[\\/]/.test(path));
}

/** Webpack builds for the web unless it is told otherwise. */
function isBrowser({ options }: WebpackLikeCompiler): boolean {
  if (options.externalsPresets?.node === true) return false;
  const targets = [options.target ?? 'web'].flat();
  return targets.some(
    (target) => target !== false && /^(web|webworker|browserslist|electron-renderer)\b/.test(target),
  );
}

function setDevtool(build: Build, { options }: WebpackLikeCompiler): void {
  const wanted = build.options.sourcemap;
  const { devtool } = options;
  if (wanted === false) {
    if (devtool === undefined || devtool === false) build.warn(formatDiagnostic('RS1301', {}));
    return;
  }
  if (wanted !== undefined) {
    const prefix = { true: '', inline: 'inline-', hidden: 'hidden-' }[String(wanted)] ?? '';
    options.devtool = `${prefix}source-map-debugids`;
  } else if (devtool === undefined || (devtool === false && isFalseByDefault())) {
    options.devtool = 'hidden-source-map-debugids';
  } else if (typeof devtool === 'string' && devtool.includes('cheap')) {
    const better = devtool.replace(/cheap-(module-)?/, '');
    build.warn(formatDiagnostic('RS1302', { devtool, better }));
  }
}

/**
 * Rspack's command line and Nest's write `devtool: false` into a config that says nothing, and so hide whether it does. Who wants
 * no maps there has our own option.
 */
function isFalseByDefault(): boolean {
  const [, command = '', ...args] = process.argv;
  if (/[\\/](?:\.bin[\\/]nest|@nestjs[\\/]cli[\\/]bin[\\/]nest(?:\.js)?)$/.test(command)) return true;
  if (!/[\\/](?:\.bin[\\/]rspack|@rspack[\\/]cli[\\/]bin[\\/]rspack(?:\.js)?)$/.test(command)) return false;
  return !args.some((arg) => /^(?:-d|--devtool\b)/.test(arg));
}

/** What is kept on disk was instrumented with these options by this version, and is of no use to others. */
function bindCache(build: Build, cache: unknown): void {
  if (typeof cache !== 'object' || cache === null || !('type' in cache) || cache.type === 'memory') return;
  const kept = cache as { version?: string };
  kept.version = `${kept.version ?? ''}|${build.fingerprint}`;
}

/** Puts the release into the chunk that has room for it, and debug ids where the devtool gave none. */
async function finish(
  build: Build,
  compilation: WebpackLikeCompilation,
  toSource: (text: string) => unknown,
): Promise<void> {
  for (const { name, source } of compilation.getAssets()) {
    if (!/\.[cm]?js$/.test(name)) continue;
    const code = source.source().toString();
    let identified = code;
    const map = compilation.getAsset(`${name}.map`)?.source.source().toString();
    if (map !== undefined) {
      // Before the release comes in: the id is that of the code, whichever commit it is of.
      const { code: withId, map: mapWithId } = addDebugId(code, map);
      identified = withId;
      if (mapWithId !== map) compilation.updateAsset(`${name}.map`, toSource(mapWithId));
    }
    const finished = (await build.finishChunk(identified)) ?? identified;
    if (finished !== code) compilation.updateAsset(name, toSource(finished));
  }
}
