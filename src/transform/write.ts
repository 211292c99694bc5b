/** Writes a module with text inserted into it, and the map that goes with it. */
import type { SourceMap } from 'magic-string';
import MagicString from 'magic-string';
import type { Insertion } from './edits.ts';

/** @param id what the map names as its source */
export function writeModule(
  code: string,
  id: string,
  insertions: readonly Insertion[],
): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  for (const [position, added] of insertions) text.appendLeft(position, added);
  return {
    code: text.toString(),
    // A map with less than a boundary at each token is wrong for nearly every position in a line.
    map: text.generateMap({ hires: 'boundary', source: id, includeContent: true }),
  };
}
