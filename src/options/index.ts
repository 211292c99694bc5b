/** The options of the plugin: what a user may write, and what the rest of the build gets to see. */
import { checkOptions, type KnownNames } from './check.ts';
import type { ReleaseOptions } from '../release/index.ts';
import type { Recogniser } from '../transform/frameworks/types.ts';

/** A glob pattern or regular expression for module ids, or several of them. */
export type FilterPattern = string | RegExp | readonly (string | RegExp)[];

/** Which exported async functions are observed, and what of them. */
export interface FunctionOptions {
  /**
   * Methods of exported classes and objects too.
   * @default true
   */
  methods?: boolean | undefined;
  /**
   * An error that leaves the last observed function outside a request becomes an event.
   * @default true
   */
  captureErrors?: boolean | undefined;
  /**
   * The arguments of each call that an error passed through go with the event, masked.
   * @default true
   */
  captureArguments?: boolean | undefined;
}

/**
 * The options of the plugin. All may be left out: `replaystack()` is the normal use. Options of the client (API key, masking,
 * sampling, …) belong to the running application and are not set here.
 */
export interface ReplayStackPluginOptions {
  /**
   * `false`: the plugin does nothing at all.
   * @default true
   */
  enabled?: boolean | undefined;
  /**
   * Modules to look at.
   * @default /\.[cm]?[jt]sx?$/
   * @example ['src/server/**']
   */
  include?: FilterPattern | undefined;
  /**
   * Modules to leave alone. Takes the place of the default, so name `node_modules` again.
   * @default node_modules, tests (`*.test.*`, `*.spec.*`, `__tests__`) and type declarations
   */
  exclude?: FilterPattern | undefined;
  /**
   * Instrument browser builds too.
   * @default false
   */
  client?: boolean | undefined;
  /**
   * Capture requests at route handlers: of every framework and platform we know, of none, or of those named.
   * @default true
   * @example ['express', 'trpc']
   */
  routes?: boolean | readonly string[] | undefined;
  /**
   * Capture runs of queue and cron handlers: of every library we know, of none, or of those named.
   * @default true
   * @example ['amqplib', 'bee-queue', 'bullmq', 'cron', 'croner', 'kafkajs', 'nestjs', 'node-cron', 'node-schedule', 'pg-boss', 'setInterval', 'sqs-consumer']
   */
  jobs?: boolean | readonly string[] | undefined;
  /**
   * Observe exported async functions.
   * @default true
   * @example { captureArguments: false }
   */
  functions?: boolean | FunctionOptions | undefined;
  /**
   * Recognisers of your own, for frameworks that we do not know. They are asked before ours.
   * @default []
   */
  recognisers?: readonly Recogniser[] | undefined;
  /**
   * What to say of the release, where the build should not find it out by itself. Each value has its own default and
   * environment variable.
   * @default from git and package.json
   * @example { serviceName: 'orders' }
   */
  release?: ReleaseOptions | undefined;
  /**
   * Path of a module with `export default defineReplayStackConfig({ … })`. It is bundled into the application, so that it
   * may hold functions.
   * @default none
   * @example './src/replaystack.ts'
   */
  runtime?: string | undefined;
  /**
   * Send what is still queued when the process of an instrumented application ends or crashes.
   * @default true
   */
  guards?: boolean | undefined;
  /**
   * `true` writes maps and refers to them from the bundle, `'hidden'` writes them only, `'inline'` puts them into the bundle,
   * `false` leaves the build's own setting alone even where that is none: stack frames then stay those of the bundle.
   * @default what the build has, else 'hidden'
   */
  sourcemap?: boolean | 'inline' | 'hidden' | undefined;
  /**
   * File to write a JSON report to: what was instrumented, what was not, and why.
   * @default none
   * @example 'replaystack-report.json'
   */
  report?: string | undefined;
  /**
   * A line in the bundler's log that says how much was instrumented.
   * @default true
   */
  summary?: boolean | undefined;
  /**
   * Keep what was found in modules between builds: in `node_modules/.cache/replaystack`, not at all, or in the directory named,
   * relative to the project. The source itself is not kept.
   * @default true
   */
  cache?: boolean | string | undefined;
}

/** {@link ReplayStackPluginOptions} with the defaults filled in. What is still optional has a default that only the build knows. */
export interface ResolvedPluginOptions {
  enabled: boolean;
  include: (string | RegExp)[];
  exclude: (string | RegExp)[];
  client: boolean;
  /** `true` is all of them. */
  routes: true | readonly string[];
  /** `true` is all of them. */
  jobs: true | readonly string[];
  functions: false | { methods: boolean; captureErrors: boolean; captureArguments: boolean };
  recognisers: readonly Recogniser[];
  release: ReleaseOptions;
  runtime: string | undefined;
  guards: boolean;
  /** `undefined`: what the build has, else hidden. */
  sourcemap: boolean | 'inline' | 'hidden' | undefined;
  report: string | undefined;
  summary: boolean;
  cache: boolean | string;
}

/** A module that holds the functions of another, and goes by its name, is one as well. */
export const INCLUDE: RegExp = /\.[cm]?[jt]sx?(?:\?tss-serverfn-split)?$/;

/**
 * What frameworks bring along, and is bundled with an application: the server of TanStack Start, and what makes pages of React Router,
 * where there is no other, and what TanStack Start and SolidStart make server functions with.
 */
const BROUGHT_ALONG = [
  String.raw`@react-router/dev/dist/config/defaults/entry\.server\.node\.tsx`,
  String.raw`@tanstack/\w+-start/dist/.*default-entry/.*server\.[jt]s`,
  String.raw`@tanstack/start-server-core/dist/esm/createServerRpc\.js`,
  String.raw`@solidjs/start/dist/runtime/server-fns-runtime\.js`,
]
  .join('|')
  .replaceAll('/', String.raw`[\\/]`);

/** The default of `exclude`. */
export const EXCLUDE: readonly (string | RegExp)[] = [
  new RegExp(String.raw`[\\/]node_modules[\\/](?!(?:.*[\\/])?(?:${BROUGHT_ALONG})$)`),
  /[\\/]__tests__[\\/]/,
  /\.(?:test|spec)\.[cm]?[jt]sx?$/,
  /\.d\.[cm]?ts$/,
];

/**
 * Checks what the user wrote and fills in the defaults.
 *
 * @param names Names of the recognisers that the package has, which `routes` and `jobs` may list.
 * @throws One error with a coded line for each problem, so that all can be mended in one go.
 */
export function resolveOptions(input: unknown, names: KnownNames): ResolvedPluginOptions {
  const problems = checkOptions(input, names);
  if (problems.length > 0) throw new Error(problems.join('\n'));

  const options = (input ?? {}) as ReplayStackPluginOptions;
  return {
    enabled: options.enabled ?? true,
    include: [options.include ?? INCLUDE].flat(),
    exclude: [options.exclude ?? EXCLUDE].flat(),
    client: options.client ?? false,
    routes: allOrNamed(options.routes),
    jobs: allOrNamed(options.jobs),
    functions: resolveFunctions(options.functions),
    recognisers: options.recognisers ?? [],
    release: options.release ?? {},
    runtime: options.runtime,
    guards: options.guards ?? true,
    sourcemap: options.sourcemap,
    report: options.report,
    summary: options.summary ?? true,
    cache: options.cache ?? true,
  };
}

function allOrNamed(option: boolean | readonly string[] = true): true | readonly string[] {
  return option === false ? [] : option;
}

function resolveFunctions(option: boolean | FunctionOptions = true): ResolvedPluginOptions['functions'] {
  if (option === false) return false;
  const { methods = true, captureErrors = true, captureArguments = true } = option === true ? {} : option;
  return { methods, captureErrors, captureArguments };
}
