/**
 * Turbopack, which takes no plugins, but loaders of webpack. They run in processes of its own, and what they return is kept from
 * one build to the next: so they are given nothing that differs from commit to commit, and the release is filled in behind them.
 */
import remapping from '@jridgewell/remapping';
import type { Build } from '../build.ts';
import { startBuild } from '../build.ts';
import { buildModuleFile } from '../build-module.ts';
import { next } from '../transform/conventions/next.ts';
import { createIdFilter } from './id-filter.ts';

/** What the loader is told, as JSON can say it. */
export interface LoaderOptions {
  /** Whether modules are served as they are. */
  serving: boolean;
  /** The plugin's options, written by {@link toPlain}. */
  plugin: unknown;
  /** Of the plugin's version and options: results of others are of no use. */
  fingerprint: string;
}

/** The part of a loader's context that is used here. */
export interface LoaderContext {
  resourcePath: string;
  /** The project's directory, wherever the command was called. */
  rootContext: string;
  getOptions(): LoaderOptions;
  async(): (error: unknown, code?: string, map?: unknown) => void;
  emitWarning?(warning: Error): void;
}

interface Loading {
  build: Build;
  isWanted(id: string): boolean;
}

/** By their options: a process loads many modules of a build. */
const builds = new Map<string, Loading | undefined>();

/** Loads a module for Turbopack. */
export function loadModule(context: LoaderContext, code: string, map: unknown): void {
  const done = context.async();
  load(context, code, map).then(
    (output) => done(null, output?.code ?? code, output ? output.map : map),
    done,
  );
}

async function load(
  context: LoaderContext,
  code: string,
  given: unknown,
): Promise<{ code: string; map?: unknown } | undefined> {
  const { resourcePath, rootContext } = context;
  const options = context.getOptions();
  const { serving } = options;
  const loading = loadingOf(options, rootContext);
  if (loading === undefined) return undefined;
  const { build, isWanted } = loading;
  if (resourcePath.endsWith('build.js')) {
    const filled = resourcePath === buildModuleFile ? await build.load(resourcePath) : undefined;
    if (filled !== undefined) return { code: filled };
  }
  if (!isWanted(resourcePath)) return undefined;
  // At the end of a build it is looked at once more, and warned of.
  const output = await build.transform(code, resourcePath, (message) => {
    if (serving) context.emitWarning?.(new Error(message));
  });
  if (output === undefined) return undefined;
  // Left out where what is made of it is led on to the originals.
  if (!serving && !given) return { code: output.code };
  return { code: output.code, map: given ? remapping([output.map, given] as never, () => null) : output.map };
}

function loadingOf(options: LoaderOptions, root: string): Loading | undefined {
  const key = JSON.stringify([root, options]);
  if (!builds.has(key)) {
    const build = startBuild(fromPlain(options.plugin), [next]);
    if (build !== undefined) {
      build.root = root;
      build.serving = options.serving;
      // The end of the build says it, once.
      if (!options.serving) build.warn = () => {};
    }
    builds.set(key, build && { build, isWanted: createIdFilter(build.options) });
  }
  return builds.get(key);
}

/** The plugin's options in a form that JSON has: regular expressions as objects. */
export function toPlain(value: unknown): unknown {
  if (value instanceof RegExp) return { $regexp: [value.source, value.flags] };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, toPlain(item)]])),
  );
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$regexp' in value) {
    const [source, flags] = value.$regexp as [string, string];
    return new RegExp(source, flags);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}
