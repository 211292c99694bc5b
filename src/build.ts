/** One build, whichever bundler does it: the plugin's options, what the bundler told, and the hooks all bundlers share. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { createDebug } from 'obug';
import type { Release } from '../runtime/protocol.ts';
import type { Flavour } from './build-module.ts';
import { buildModule, buildModuleFile, resolveOurModule } from './build-module.ts';
import type { Cache } from './cache/index.ts';
import { openCache } from './cache/index.ts';
import { declaredPackages } from './dependencies.ts';
import type { DiagnosticCode, DiagnosticDetails } from './diagnostics.ts';
import { formatDiagnostic } from './diagnostics.ts';
import type { ResolvedPluginOptions } from './options/index.ts';
import { resolveRelease } from './release/index.ts';
import { fillSlots, hasSlot } from './release/slot.ts';
import type { ReportCollector } from './report.ts';
import { createReport, summarise, writeReport } from './report.ts';
import { siteOf } from './module-id.ts';
import { readOptions, selectTargets } from './selection.ts';
import type { Convention } from './transform/conventions/types.ts';
import type { TransformOptions, TransformResult } from './transform/index.ts';
import { transformModule } from './transform/index.ts';

declare const __REPLAYSTACK_VERSION__: string;

const debug = createDebug('replaystack:transform');

/** What a bundler's adapter finds out, and what it calls. */
export interface Build {
  readonly options: ResolvedPluginOptions;
  /** Of a module's text: one that matches none of these is left alone. */
  readonly patterns: (string | RegExp)[];
  /** Tells builds apart that would instrument the same module differently. */
  readonly fingerprint: string;
  /** The project's directory. File names in events and reports are relative to it. */
  root: string;
  flavour: Flavour;
  /** Nothing is instrumented, the reason being the bundle's platform; it is said in the summary. */
  inactive: string | undefined;
  /** Modules are served as they are, and chunks are never finished. */
  serving: boolean;
  /** Directory of what was built and is bundled once more: its modules are instrumented already. */
  built: string | undefined;
  /** Names of Vite's plugins: they tell the framework. */
  vitePlugins: readonly string[];
  /** Says something in the bundler's own log. */
  log(message: string): void;
  warn(message: string): void;
  /** @throws when a file that the options name is not there */
  start(): void;
  transform(code: string, id: string, warn: (message: string) => void): Promise<Output | undefined>;
  /** @param flavour of what imports it, if the build has several */
  resolve(id: string, flavour?: Flavour): string | undefined;
  load(id: string): Promise<string | undefined>;
  /** Fills the release into the text of a finished chunk, if that chunk carries it; undefined if it does not. */
  finishChunk(code: string): Promise<string | undefined>;
  /** Writes the summary and the report. */
  end(): Promise<void>;
}

type Output = NonNullable<TransformResult['output']>;

/**
 * @param input what the user wrote
 * @param conventions of frameworks that the project is known to be built with
 * @returns undefined if the plugin is switched off
 * @throws when there is something wrong with the options
 */
export function startBuild(input: unknown, conventions: readonly Convention[]): Build | undefined {
  const options = readOptions(input, conventions);
  return options.enabled ? createBuild(options, conventions) : undefined;
}

function createBuild(options: ResolvedPluginOptions, conventions: readonly Convention[]): Build {
  const report: ReportCollector = createReport();
  const { functions, guards } = options;
  const captureErrors = functions !== false && functions.captureErrors;
  let release: Promise<Release> | undefined;
  let said: string | undefined;
  let settled: TransformOptions | undefined;
  /** Not before Vite has told which plugins it has, and the bundler where the project is. */
  const settle = (): TransformOptions => {
    const isFollowed = ({ vitePlugin }: Convention): boolean =>
      vitePlugin === undefined || build.vitePlugins.includes(vitePlugin);
    return (settled ??= selectTargets(options, conventions.filter(isFollowed), declaredPackages(build.root)));
  };
  let cache: { results: Cache | undefined } | undefined;
  // Not before the bundler has told where the project is, and a module asks for it.
  const kept = (): Cache | undefined =>
    (cache ??= { results: openCache(options.cache, build.root, settle()) }).results;
  let saving: NodeJS.Timeout | undefined;
  /** A server that is stopped may not get to say so. */
  const saveSoon = (): void => {
    saving ??= setTimeout(() => {
      saving = undefined;
      cache?.results?.save();
    }, 1000).unref();
  };
  const releaseOnce = (): Promise<Release> =>
    (release ??= resolveRelease({
      root: build.root,
      env: process.env,
      options: options.release,
      warn: build.warn,
    }));

  const build: Build = {
    options,
    patterns: selectTargets(options, conventions).prefilter.patterns,
    fingerprint: fingerprintOf(options),
    root: process.cwd(),
    flavour: 'node',
    inactive: undefined,
    serving: false,
    built: undefined,
    vitePlugins: [],
    log: (message) => console.info(message),
    warn: (message) => console.warn(message),

    start() {
      const { runtime } = options;
      if (runtime === undefined || build.inactive !== undefined) return;
      const isFile = statSync(resolve(build.root, runtime), { throwIfNoEntry: false })?.isFile() ?? false;
      if (!isFile) throw new Error(formatDiagnostic('RS1010', { path: runtime, root: build.root }));
    },

    async transform(code, id, warn) {
      if (build.inactive !== undefined) return undefined;
      if (build.built !== undefined && id.startsWith(build.built)) return undefined;
      const file = relative(build.root, id).replaceAll('\\', '/');
      const began = performance.now();
      const result = await transformModule(code, id, siteOf(file), settle(), kept);
      if (build.serving) saveSoon();
      if (result === undefined) {
        report.remove(file);
        return undefined;
      }
      report.add(file, result, performance.now() - began);
      for (const problem of result.problems) warn(describe(problem.code, { file, ...problem }));
      debug('%s: %o', file, result.fileReason ?? { targets: result.targets, skipped: result.skipped });
      return result.output;
    },

    resolve: (id, flavour = build.flavour) => resolveOurModule(id, flavour),

    async load(id) {
      if (id !== buildModuleFile) return undefined;
      const { runtime } = options;
      const info = { release: await releaseOnce(), captureErrors, guards, early: guards };
      return buildModule(info, !build.serving, runtime && resolve(build.root, runtime));
    },

    async finishChunk(code) {
      return hasSlot(code) ? fillSlots(code, await releaseOnce()) : undefined;
    },

    async end() {
      cache?.results?.save();
      const result = report.report();
      const summary = build.inactive ?? summarise(result);
      // A build with several outputs ends several times.
      if (options.summary && summary !== said) build.log(`[replaystack] ${summary}`);
      said = summary;
      if (options.report !== undefined) await writeReport(result, options.report, build.root, build.warn);
    },
  };
  return build;
}

/** The options without what differs from commit to commit, and this package's version. */
function fingerprintOf({ release, ...options }: ResolvedPluginOptions): string {
  const { commitHash: _, appVersion: __, ...lasting } = release;
  const text = JSON.stringify({ ...options, release: lasting }, (_, value: unknown) =>
    value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  );
  return createHash('sha256').update(__REPLAYSTACK_VERSION__).update(text).digest('hex').slice(0, 16);
}

/** The problem's own type sees to it that the details fit the code. */
function describe(code: DiagnosticCode, details: object): string {
  return formatDiagnostic(code, details as DiagnosticDetails<DiagnosticCode>);
}
