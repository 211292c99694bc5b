/** What a build is done with: nothing, our plugin, or that of a peer. */
import { readFile } from 'node:fs/promises';
import { Buffer } from 'node:buffer';
import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Bundler } from './bundle.ts';

/** The bundler's plugins. */
export type PluginOf = (bundler: Bundler) => Promise<readonly unknown[]>;

const SCRIPT = /\.ts$/;

/** Packages by bundler, loaded as a configuration would. */
async function ours(bundler: Bundler, options: object): Promise<readonly unknown[]> {
  const loaded = {
    esbuild: () => import('unplugin-replaystack/esbuild'),
    vite: () => import('unplugin-replaystack/vite'),
    webpack: () => import('unplugin-replaystack/webpack'),
  };
  const { default: plugin } = (await loaded[bundler]()) as { default: (options: object) => unknown };
  return [plugin({ summary: false, ...options })];
}

/** A transform of text, as a plugin of each bundler. */
function transforming(name: string, transform: (code: string, file: string) => Mapped | undefined): PluginOf {
  return (bundler) => {
    if (bundler === 'webpack') throw new Error('not with webpack');
    const esbuild: EsbuildPlugin = {
      name,
      setup(build) {
        build.onLoad({ filter: SCRIPT }, async ({ path }) => {
          const output = transform(await readFile(path, 'utf8'), path);
          if (output === undefined) return undefined;
          const url = `data:application/json;base64,${Buffer.from(output.map).toString('base64')}`;
          return { contents: `${output.code}\n//# sourceMappingURL=${url}`, loader: 'ts' };
        });
      },
    };
    const vite = {
      name,
      enforce: 'pre',
      transform: { filter: { id: SCRIPT }, handler: (code: string, id: string) => transform(code, id) },
    };
    return Promise.resolve([bundler === 'esbuild' ? esbuild : vite]);
  };
}

interface Mapped {
  code: string;
  map: string;
}

export type Variant =
  | 'bare'
  | 'replaystack'
  | 'replaystack, warm'
  | 'empty onLoad'
  | 'sentry'
  | 'naive'
  | 'istanbul';

export const variants: Record<Variant, PluginOf> = {
  bare: () => Promise.resolve([]),

  replaystack: (bundler) => ours(bundler, { cache: false }),

  'replaystack, warm': (bundler) => ours(bundler, {}),

  /** A plugin that is asked of every file, reads it, and does nothing with it. */
  'empty onLoad': transforming('empty', () => undefined),

  /** Debug ids in chunks and maps, and nothing sent anywhere. */
  async sentry(bundler) {
    const { [`sentry${bundler[0]?.toUpperCase()}${bundler.slice(1)}Plugin`]: plugin } = (await import(
      `@sentry/bundler-plugins/${bundler}`
    )) as Record<string, (options: object) => unknown>;
    const made = plugin?.({
      telemetry: false,
      silent: true,
      release: { create: false },
      sourcemaps: { disable: 'disable-upload' },
    });
    return [made].flat();
  },

  /** Babel's parser, an edit in each exported async function, and a map: nothing else that we do. */
  async naive(bundler) {
    const { parse } = await import('@babel/parser');
    const { default: MagicString } = await import('magic-string');
    return transforming('naive', (code, file) => {
      if (!/\basync\b/.test(code)) return undefined;
      const { program } = parse(code, {
        sourceType: 'module',
        plugins: ['typescript'],
        sourceFilename: file,
      });
      const text = new MagicString(code);
      const stack: unknown[] = [program];
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        const { async, body } = node as { async?: boolean; body?: { type?: string; start?: number } };
        if (async === true && body?.type === 'BlockStatement')
          text.appendLeft((body.start ?? 0) + 1, 'enter();');
        for (const child of Object.values(node as object)) {
          if (typeof child === 'object' && child !== null) stack.push(child);
        }
      }
      const map = text.generateMap({ hires: true, source: file, includeContent: true });
      return { code: text.toString(), map: map.toString() };
    })(bundler);
  },

  /** What test coverage does to the same modules. */
  async istanbul(bundler) {
    const { transformSync } = await import('@babel/core');
    const name = 'babel-plugin-istanbul';
    const { default: plugin } = (await import(name)) as { default: unknown };
    return transforming('istanbul', (code, file) => {
      const output = transformSync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        compact: false,
        parserOpts: { plugins: ['typescript'] },
        plugins: [[plugin, { cwd: process.cwd(), extension: ['.ts'] }] as never],
      });
      return output?.code ? { code: output.code, map: JSON.stringify(output.map) } : undefined;
    })(bundler);
  },
};
