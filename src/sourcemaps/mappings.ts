/**
 * Writes the `mappings` of a source map with one source and no names (ECMA-426, base64 VLQ). Libraries take segments as arrays, of
 * which a build makes millions: half of the time went to the garbage collector for them.
 */

export interface MappingsWriter {
  /** All of them from 0. Columns of a line come in order. */
  add(column: number, sourceLine: number, sourceColumn: number): void;
  /** Ends the line of the output. */
  endLine(): void;
  /** Whether the line of the output has none yet. */
  isEmpty(): boolean;
  /** What was written; the writer is not to be used again. */
  end(): string;
}

const DIGITS: Uint8Array = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const COMMA = 44;
const SEMICOLON = 59;

/** Four numbers of seven digits, and the sign before them. */
const MAX_SEGMENT = 29;

/** One that is used again: no two are open at a time. */
let buffer: Buffer = Buffer.allocUnsafe(64 * 1024);

export function writeMappings(): MappingsWriter {
  let length = 0;
  let isEmpty = true;
  let lastColumn = 0;
  let lastLine = 0;
  let lastSourceColumn = 0;

  function reserve(bytes: number): void {
    if (length + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(buffer.length * 2);
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }
  function number(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      buffer[length++] = DIGITS[rest > 0 ? digit | 32 : digit] as number;
    } while (rest > 0);
  }
  return {
    add(column, sourceLine, sourceColumn) {
      reserve(MAX_SEGMENT);
      if (!isEmpty) buffer[length++] = COMMA;
      number(column - lastColumn);
      number(0);
      number(sourceLine - lastLine);
      number(sourceColumn - lastSourceColumn);
      isEmpty = false;
      lastColumn = column;
      lastLine = sourceLine;
      lastSourceColumn = sourceColumn;
    },
    endLine() {
      reserve(1);
      buffer[length++] = SEMICOLON;
      isEmpty = true;
      lastColumn = 0;
    },
    isEmpty: () => isEmpty,
    end: () => buffer.toString('latin1', 0, length),
  };
}
