/** The maps of a directory, and which of them belongs to a file of the deployed application. */
import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { TraceMap } from '@jridgewell/trace-mapping';
import { glob } from 'tinyglobby';
import { readDebugId } from '../../sourcemaps/debug-id.ts';
import { readInlineMap } from '../../sourcemaps/inline-map.ts';
import { readMap } from '../../sourcemaps/original-position.ts';
import { Failure, reasonOf } from '../failure.ts';

export interface Maps {
  /**
   * @param file as a frame has it
   * @returns the map, or why there is none
   * @throws Failure for a map that is broken
   */
  find(file: string, debugId: string | undefined): TraceMap | string;
}

interface Candidate {
  map: TraceMap;
  debugId: string | undefined;
}

/** @throws Failure if it is not there, or holds no map */
export async function openMaps(directory: string): Promise<Maps> {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) throw new Failure(`There is no directory ${directory}.`);
  const paths = stats.isDirectory()
    ? await glob('**/*.{map,js,mjs,cjs}', {
        cwd: directory,
        absolute: true,
        dot: true,
        ignore: '**/node_modules/**',
      })
    : [resolve(directory)];
  if (paths.length === 0) throw new Failure(`There is no map in ${directory}.`);
  return mapsAmong(paths.sort(), directory);
}

function mapsAmong(paths: readonly string[], directory: string): Maps {
  const known = new Map<string, Candidate | undefined>();
  const read = (path: string): Candidate | undefined => {
    if (!known.has(path)) known.set(path, readCandidate(path));
    return known.get(path);
  };
  const maps = paths.filter((path) => !/\.[cm]?js$/.test(path));

  return {
    find(file, debugId) {
      const name = basename(file.replace(/[?#].*/s, '').replaceAll('\\', '/'));
      const named = paths.filter((path) => [name, `${name}.map`].includes(basename(path)));
      if (debugId !== undefined) {
        // Most have it in the file of that name; the others are not parsed for it.
        const holds = (path: string): boolean => readFileSync(path).includes(debugId);
        for (const path of [...named, ...maps.filter((path) => !named.includes(path) && holds(path))]) {
          const candidate = read(path);
          if (candidate?.debugId === debugId) return candidate.map;
        }
      }
      const possible = named.filter((path) => {
        const candidate = read(path);
        // With an id on both sides, it is of another build.
        return candidate !== undefined && (candidate.debugId === undefined || debugId === undefined);
      });
      const [best, next] = byLikeness(possible, file);
      const what = `${file}${debugId === undefined ? '' : ` (debug id ${debugId})`}`;
      if (best === undefined) return `No map in ${directory} belongs to ${what}.`;
      if (next !== undefined && likeness(best, file) === likeness(next, file)) {
        return `Several maps in ${directory} may belong to ${what}: ${best}, ${next}.`;
      }
      return (read(best) as Candidate).map;
    },
  };
}

/** Undefined for a script that brings no map along. */
function readCandidate(path: string): Candidate | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const isScript = /\.[cm]?js$/.test(path);
    // A prefix keeps browsers from taking the text for a script.
    const parsed: unknown = isScript
      ? readInlineMap(text)?.map
      : JSON.parse(text.replace(/^\)\]\}'?.*\n/, ''));
    if (isScript && parsed === undefined) return undefined;
    const { debugId, debug_id } = Object(parsed) as { debugId?: unknown; debug_id?: unknown };
    const id = debugId ?? debug_id ?? (isScript ? readDebugId(text) : undefined);
    return { map: readMap(parsed), debugId: typeof id === 'string' ? id : undefined };
  } catch (error) {
    throw new Failure(`${path} is no source map: ${reasonOf(error)}.`);
  }
}

/** How many of the last parts of the path are those of the file. */
function likeness(path: string, file: string): number {
  const [a, b] = [path.replace(/\.map$/, ''), file.replace(/[?#].*/s, '')].map((text) =>
    text.split(/[\\/]/).reverse(),
  ) as [string[], string[]];
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs < 0 ? a.length : differs;
}

function byLikeness(paths: readonly string[], file: string): string[] {
  return [...paths].sort((a, b) => likeness(b, file) - likeness(a, file));
}
