/** What is exact: the same program built without the plugin, and its frames looked up in that build's own map. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/**
 * Looks frames up in the map beside a bundle.
 *
 * @param raw lines of a stack; those of other files are left out
 * @returns file relative to `root`, line and column, from 1, of those frames whose source is the project's
 */
export async function originalFrames(
  bundle: string,
  root: string,
  raw: string[],
): Promise<[file: string, line: number, column: number][]> {
  const map = new TraceMap(await readFile(`${bundle}.map`, 'utf8'));
  return raw.flatMap((frame) => {
    const [, file = '', line, column] = /(?:file:\/\/)?(\/[^():]*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (file !== bundle) return [];
    const original = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    if (original.source === null) return [];
    const source = /^webpack:\/\/[^/]*\/(?:\.\/)?(.*)$/.exec(original.source)?.[1];
    const name = source ?? relative(root, resolve(dirname(bundle), original.source));
    if (!name.startsWith('src/')) return [];
    return [[name, original.line, original.column + 1]];
  });
}
