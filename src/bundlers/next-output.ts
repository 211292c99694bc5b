/** What Next.js has written, whichever bundler it used: the release goes in, and the maps are led on to the originals. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Build } from '../build.ts';
import { addDebugId } from '../sourcemaps/debug-id.ts';
import type { Original } from '../sourcemaps/originals.ts';
import { mapToOriginals } from '../sourcemaps/originals.ts';
import { createIdFilter } from './id-filter.ts';
import { traceMaps } from './next-traces.ts';

/**
 * Finishes the scripts below a directory, and with them the build: the modules of their maps are what the report is about.
 *
 * @param directory of the server's output
 */
export async function finishOutput(build: Build, directory: string): Promise<void> {
  const originalOf = createFinder(build);
  const traces: string[] = [];
  let hasMaps = false;
  // A script comes before its map, and is finished when both are given their id.
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const file = join(directory, name);
    if (/\.[cm]?js$/.test(name)) {
      const finished = await build.finishChunk(await readFile(file, 'utf8'));
      if (finished !== undefined) await writeFile(file, finished);
    } else if (/\.[cm]?js\.map$/.test(name)) {
      hasMaps = true;
      const given = await readFile(file, 'utf8');
      const map = await mapToOriginals(given, (source) =>
        originalOf(pathOf(source, dirname(file), build.root)),
      );
      await identify(file, given, map ?? given);
    } else if (name.endsWith('.js.nft.json')) traces.push(file);
  }
  for (const file of traces) {
    const trace = await traceMaps(file, directory);
    if (trace !== undefined) await writeFile(file, trace);
  }
  // Without maps nobody knows what went into them.
  if (hasMaps) await build.end();
}

/** Gives a map and its script an id. That is not left to Turbopack, which would give one to what is for browsers as well. */
async function identify(file: string, given: string, map: string): Promise<void> {
  const script = file.slice(0, -'.map'.length);
  const code = await readFile(script, 'utf8').catch(() => undefined);
  const identified = code === undefined ? { code, map } : addDebugId(code, map);
  if (identified.code !== code) await writeFile(script, String(identified.code));
  if (identified.map !== given) await writeFile(file, identified.map);
}

/** Rewrites modules of the project once more, each once. */
function createFinder(build: Build): (file: string) => Promise<Original | undefined> {
  const isWanted = createIdFilter(build.options);
  const found = new Map<string, Promise<Original | undefined>>();
  return (file) => {
    let original = found.get(file);
    if (original === undefined) found.set(file, (original = isWanted(file) ? find(build, file) : absent));
    return original;
  };
}

const absent = Promise.resolve(undefined);

async function find(build: Build, file: string): Promise<Original | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const output = text === undefined ? undefined : await build.transform(text, file, build.warn);
  return text === undefined || output === undefined ? undefined : { text, output };
}

/** `webpack://bookshop/./lib/orders.ts` from webpack, `../../../app/orders/%5Bid%5D/route.ts` from Turbopack. */
function pathOf(source: string, directory: string, root: string): string {
  const [, inProject] = /^webpack:\/\/[^/]*\/(.*)$/.exec(source) ?? [];
  if (inProject !== undefined) return resolve(root, inProject.replace(/\?.*$/s, ''));
  const path = decoded(source);
  const beside = resolve(directory, path);
  return existsSync(beside) ? beside : findAbove(root, path.replace(/^(?:\.\.\/)+/, ''));
}

/** Of what is for the edge, Turbopack counts a directory too few; the path is then from the project or from its workspace. */
function findAbove(root: string, path: string): string {
  for (let directory = root; dirname(directory) !== directory; directory = dirname(directory)) {
    const file = resolve(directory, path);
    if (existsSync(file)) return file;
  }
  return resolve(root, path);
}

function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}
