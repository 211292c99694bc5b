/** Edits as plain data: text around a span of the source. Nothing is ever taken away, and no newline is ever put in. */
import type MagicString from 'magic-string';

/** Text before `start` and after `end`. */
export interface Edit {
  start: number;
  end: number;
  open: string;
  close: string;
}

/**
 * Applies edits that nest or lie apart. Where several meet at one place, the outer one opens first and closes last.
 */
export function applyEdits(text: MagicString, edits: readonly Edit[]): void {
  const outermostFirst = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, open, close } of outermostFirst) {
    if (open !== '') text.appendLeft(start, open);
    if (close !== '') text.prependLeft(end, close);
  }
}
