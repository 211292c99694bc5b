/** Writes a module with text inserted into it, and the map that goes with it. */
import type { SourceMap } from 'magic-string';
import MagicString, { SourceMap as EncodedMap } from 'magic-string';
import type { Insertion } from './edits.ts';

type Mappings = ReturnType<MagicString['generateDecodedMap']>['mappings'];
type Segment = Mappings[number][number];

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
  boundLines(map.mappings, code, written);
  return { code: written, map: new EncodedMap(map) };
}

/**
 * Says where lines begin, for debuggers: what is put before the first character of one is shown as that character. And where
 * they end: in a chain that is written on several, bundlers place what comes next at the end of what stands before it. Lines
 * stay lines, since no newline is ever put in.
 */
function boundLines(mappings: Mappings, code: string, written: string): void {
  const before = code.split('\n');
  for (const [line, text] of written.split('\n').entries()) {
    const segments = mappings[line];
    if (segments === undefined) continue;
    const own = before[line] ?? '';
    beginLine(segments, line, own, text);
    const last = segments.at(-1)?.[0] ?? text.length;
    if (last < text.length) segments.push([text.length, 0, line, own.length]);
  }
}

/**
 * A breakpoint on the brace that ends a function goes to what comes from it. That has to be the last of the blocks which we end
 * it with, where the function always comes by: so all else, the brace itself included, is shown as the brace's end.
 */
function beginLine(segments: Mappings[number], line: number, before: string, text: string): void {
  const indent = before.length - before.trimStart().length;
  const first = segments.findIndex((segment) => segment.length > 1 && segment[3] === indent);
  const start = segments[first]?.[0] ?? indent;
  if (start === indent) return;
  const inserted = text.slice(indent, start);
  const isBrace = before[indent] === '}' && inserted.startsWith('}');
  const places: [at: number, column: number][] = isBrace
    ? [
        [indent, indent + 1],
        [indent + inserted.lastIndexOf('{') + 1, indent],
        [start, indent + 1],
      ]
    : [
        [indent, indent],
        [start, indent],
      ];
  segments.splice(0, first + 1, ...places.map(([at, column]): Segment => [at, 0, line, column]));
}
