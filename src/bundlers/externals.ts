/**
 * Servers are commonly built with all of node_modules external, by a pattern or a function. The runtime must come along all
 * the same: the build fills in the release, and the plugin may not be there where the bundle runs.
 */
import { isOurModule } from '../build-module.ts';

type RollupTest = (source: string, importer: string | undefined, isResolved: boolean) => unknown;

/** The option `external` of Rollup, Rolldown and Vite, with our modules taken out of it. */
export function keepInsideRollup(external: unknown): RollupTest {
  return (source, importer, isResolved) =>
    isOurModule(source) ? false : matches(external, source, importer, isResolved);
}

function matches(
  external: unknown,
  source: string,
  importer: string | undefined,
  isResolved: boolean,
): unknown {
  if (typeof external === 'function') return (external as RollupTest)(source, importer, isResolved);
  if (external instanceof RegExp) return external.test(source);
  if (Array.isArray(external)) return external.some((item) => matches(item, source, importer, isResolved));
  return external === source;
}

type WebpackCallback = (error?: Error | null, result?: unknown) => void;

type WebpackTest = (data: { request?: string }, callback: WebpackCallback) => unknown;

/** In use before webpack 5. */
type FormerWebpackTest = (context: string, request: string, callback: WebpackCallback) => unknown;

/** The option `externals` of webpack and Rspack, with our modules taken out of it. Names and objects match exactly, and stay. */
export function keepInsideWebpack(externals: unknown): unknown {
  if (Array.isArray(externals)) return externals.map(keepInsideWebpack);
  if (externals instanceof RegExp) {
    const test: WebpackTest = ({ request = '' }, callback) =>
      !isOurModule(request) && externals.test(request) ? callback(null, request) : callback();
    return test;
  }
  if (typeof externals !== 'function') return externals;
  if (externals.length === 3) {
    const former = externals as FormerWebpackTest;
    const test: FormerWebpackTest = (context, request, callback) =>
      isOurModule(request) ? callback() : former(context, request, callback);
    return test;
  }
  const current = externals as WebpackTest;
  const test: WebpackTest = (data, callback) =>
    isOurModule(data.request ?? '') ? callback() : current(data, callback);
  return test;
}
