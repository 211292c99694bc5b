/** Writes a module with text inserted into it, and the map that goes with it. */
import type { SourceMap } from 'magic-string';
import MagicString, { SourceMap as EncodedMap } from 'magic-string';
import type { Insertion } from './edits.ts';

type Mappings = ReturnType<MagicString['generateDecodedMap']>['mappings'];

/** @param id what the map names as its source */
export function writeModule(
  code: string,
  id: string,
  insertions: readonly Insertion[],
): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  for (const [position, added] of insertions) text.appendLeft(position, added);
  const written = text.toString();
  // A map with less than a boundary at each token is wrong for nearly every position in a line.
  const map = text.generateDecodedMap({ hires: 'boundary', source: id, includeContent: true });
  endLines(map.mappings, code, written);
  return { code: written, map: new EncodedMap(map) };
}

/**
 * Says where lines end: in a chain that is written on several, bundlers place what comes next at the end of what stands before
 * it. Lines stay lines, since no newline is ever put in.
 */
function endLines(mappings: Mappings, code: string, written: string): void {
  const before = code.split('\n');
  for (const [line, text] of written.split('\n').entries()) {
    const segments = mappings[line];
    const last = segments?.at(-1)?.[0] ?? text.length;
    if (last < text.length) segments?.push([text.length, 0, line, before[line]?.length ?? 0]);
  }
}
