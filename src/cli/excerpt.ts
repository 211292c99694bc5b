/** The source around a place in it, as a reader would look it up. */
import { paint } from './paint.ts';

/** What stands there, and where, from 1. */
export interface Excerpt {
  source: string;
  line: number;
  column: number | null;
  /** How many lines before and after. */
  around: number;
}

/** Numbered lines, with a caret under the column. */
export function excerpt({ source, line, column, around }: Excerpt): string[] {
  const first = Math.max(1, line - around);
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  // What a line break at the end begins is no line, unless it is asked for.
  const count = lines.at(-1) === '' ? Math.max(lines.length - 1, line) : lines.length;
  const shown = lines.slice(first - 1, Math.min(line + around, count));
  const width = String(first + shown.length).length;
  const gutter = (label: string): string => paint.dim(`${label.padStart(width)} │`);
  return shown.flatMap((text, index) => {
    const number = first + index;
    if (number !== line) return [`${gutter(String(number))} ${paint.dim(text)}`.trimEnd()];
    const marked = `${gutter(String(number))} ${text}`.trimEnd();
    if (column === null) return [marked];
    // What is a tab above is a tab below.
    const indent = text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
    return [marked, `${gutter('')} ${indent}${paint.red('^')}`];
  });
}
