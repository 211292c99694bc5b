/**
 * The map of a module into which text was inserted, and nothing else done: lines stay lines, and between two insertions
 * columns differ by a constant. So the mappings can be written down in one pass over the source, without a list of segments.
 */
import type { Insertion } from '../transform/edits.ts';

/** A source map of one source. */
export interface ModuleMap {
  version: 3;
  sources: string[];
  sourcesContent: string[];
  names: string[];
  mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number in Base64 VLQ. */
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS.charAt(rest > 0 ? digit | 32 : digit);
  } while (rest > 0);
  return text;
}

/** A segment so many columns behind the former one in both texts, on the same line of the same source. */
const STEPS: readonly string[] = Array.from({ length: 256 }, (_, columns) => step(columns));

function step(columns: number): string {
  return `,${vlq(columns)}AA${vlq(columns)}`;
}

const SPACE = 0;
const WORD = 1;
const OTHER = 2;

/** By character code. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\w/.test(character)) return WORD;
  return /\s/.test(character) ? SPACE : OTHER;
});

/**
 * A map with a segment at the beginning of each line, of each word, and at each character that is neither of a word nor
 * white space: with less, it is wrong for nearly every position in a line.
 *
 * @param id what the map names as its source
 */
export function insertionMap(code: string, id: string, insertions: readonly Insertion[]): ModuleMap {
  let mappings = '';
  // Of the last segment.
  let [line, column, generatedColumn] = [0, 0, 0];
  // Of where we are.
  let [thisLine, lineStart, inserted] = [0, 0, 0];
  let isFirst = true;
  let isPlain = false;
  let former = SPACE;
  let next = 0;
  let [position, added] = insertions[0] ?? [Infinity, ''];
  for (let at = 0; at < code.length; at++) {
    if (at === position) {
      inserted += added.length;
      [position, added] = insertions[++next] ?? [Infinity, ''];
      isPlain = false;
    }
    const character = code.charCodeAt(at);
    if (character === 10) {
      mappings += ';';
      thisLine++;
      lineStart = at + 1;
      inserted = 0;
      generatedColumn = 0;
      isFirst = true;
      isPlain = false;
      continue;
    }
    const kind = character < 128 ? KINDS[character] : OTHER;
    if (isPlain) {
      if (kind === OTHER || (kind === WORD && former !== WORD)) {
        const columns = at - lineStart - column;
        mappings += STEPS[columns] ?? step(columns);
        column += columns;
        generatedColumn += columns;
      }
    } else {
      const thisColumn = at - lineStart;
      mappings += `${isFirst ? '' : ','}${vlq(thisColumn + inserted - generatedColumn)}A${vlq(thisLine - line)}${vlq(thisColumn - column)}`;
      [line, column, generatedColumn] = [thisLine, thisColumn, thisColumn + inserted];
      isFirst = false;
      isPlain = true;
    }
    former = kind ?? OTHER;
  }
  return { version: 3, sources: [id], sourcesContent: [code], names: [], mappings };
}
