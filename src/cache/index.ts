/** Results of the transform that are kept between builds: what to insert where in which text, and nothing of the text itself. */
import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Analyses, Analysis, TransformOptions } from '../transform/index.ts';
import type { Pack } from './pack.ts';
import { openPack } from './pack.ts';

export interface Cache extends Analyses {
  /** At the end of a build. */
  save(): void;
}

/** What a result depends on. */
type ResultOptions = Pick<
  TransformOptions,
  'functions' | 'recognisers' | 'jobs' | 'conventions' | 'packages'
>;

/**
 * @param option the plugin's option: a directory, relative to the root, or whether there is to be one at all
 * @param root the project's directory
 * @returns undefined where nothing can be kept
 */
export function openCache(option: boolean | string, root: string, options: ResultOptions): Cache | undefined {
  const directory =
    typeof option === 'string' ? resolve(root, option) : option ? findDirectory(root) : undefined;
  const maker = directory === undefined ? undefined : fingerprint(options);
  return directory === undefined || maker === undefined
    ? undefined
    : keepIn(openPack(join(directory, `${maker}.pack`)));
}

function keepIn(pack: Pack): Cache {
  return {
    get(code, file) {
      const text = pack.get(keyOf(code, file));
      return text === undefined ? undefined : (JSON.parse(text) as Analysis | 'none');
    },
    set: (code, file, analysis) => pack.set(keyOf(code, file), JSON.stringify(analysis)),
    save: () => pack.save(),
  };
}

/** The path is part of what is inserted, its extension says what the text is. */
function keyOf(code: string, file: string): string {
  return hash('sha256', `${file}\0${code}`, 'base64url');
}

/** Of the nearest node_modules, which is in no repository and in no package; where there is none, none is made. */
function findDirectory(root: string): string | undefined {
  for (let directory = resolve(root); ; directory = dirname(directory)) {
    const modules = join(directory, 'node_modules');
    if (statSync(modules, { throwIfNoEntry: false })?.isDirectory() === true) {
      return join(modules, '.cache', 'replaystack');
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/**
 * Of all that a result depends on besides the module: the options, the names of the project's packages, and our own code, which
 * names that of its other files.
 */
function fingerprint(options: ResultOptions): string | undefined {
  const { functions, recognisers, jobs, conventions, packages } = options;
  const names = packages && [...packages].sort();
  const text = JSON.stringify(
    { functions, recognisers, jobs, conventions: conventions.map(({ name }) => name), names },
    (_, value: unknown) => (value instanceof RegExp ? String(value) : value),
  );
  try {
    return hash('sha256', readFileSync(fileURLToPath(import.meta.url), 'utf8') + text, 'hex').slice(0, 16);
  } catch {
    return undefined;
  }
}
