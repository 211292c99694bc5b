/** Writes a module with text inserted into it, and the map that goes with it. */
import type { SourceMap } from 'magic-string';
import MagicString, { SourceMap as EncodedMap } from 'magic-string';
import { writeMappings } from '../sourcemaps/mappings.ts';
import type { Insertion } from './edits.ts';

/** @param id what the map names as its source */
export function writeModule(
  code: string,
  id: string,
  insertions: readonly Insertion[],
): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  for (const [position, added] of insertions) text.appendLeft(position, added);
  const map = new EncodedMap({
    sources: [id],
    sourcesContent: [code],
    names: [],
    mappings: mappingsOf(code, insertions),
  } as ConstructorParameters<typeof EncodedMap>[0]);
  return { code: text.toString(), map };
}

/** Whether a character is part of a word, by its code: none beyond ASCII is. */
const IS_WORD: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  /\w/.test(String.fromCharCode(code)),
);

const NEWLINE = 10;

/**
 * A segment where each word is, and each other character, blanks included: with less, a map is wrong for nearly every position in
 * a line, and compilers that come next speak of ends and of what stands in front of a line as well. MagicString makes the same,
 * by way of arrays. Lines stay lines, since no newline is ever put in; where they end is said because in a chain that is written
 * on several, bundlers place what comes next at the end of what stands before it.
 */
function mappingsOf(code: string, insertions: readonly Insertion[]): string {
  const mappings = writeMappings();
  let line = 0;
  let start = 0;
  /** How many columns have been put into the line. */
  let added = 0;
  let inWord = false;
  let next = 0;
  for (let at = 0; at <= code.length; at++) {
    for (; insertions[next]?.[0] === at; next++) {
      added += insertions[next]?.[1].length ?? 0;
      inWord = false;
    }
    const column = at - start;
    if (at === code.length || code.charCodeAt(at) === NEWLINE) {
      if (!mappings.isEmpty()) mappings.add(column + added, line, column);
      if (at < code.length) mappings.endLine();
      line++;
      start = at + 1;
      added = 0;
      inWord = false;
    } else {
      const isWord = IS_WORD[code.charCodeAt(at)] === true;
      if (!isWord || !inWord) mappings.add(column + added, line, column);
      inWord = isWord;
    }
  }
  return mappings.end();
}
