/** The source around a stack frame, as a reader would look it up. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import type { StackFrame } from '../../../runtime/protocol.ts';
import { application, root } from './project.ts';

const LINES_AROUND = 2;

/** The file of a frame, if it is source of the application and not of a dependency or of Node. */
function findSource({ fileName }: StackFrame): string | undefined {
  if (fileName === null || fileName.startsWith('node:') || fileName.includes('node_modules/'))
    return undefined;
  return [application, root].map((folder) => join(folder, fileName)).find((file) => existsSync(file));
}

/**
 * A few lines of the original source with a caret under the column.
 *
 * @returns nothing for a frame that is not the application's
 */
export function excerpt(frame: StackFrame): string[] {
  const file = findSource(frame);
  const { lineNumber, columnNumber } = frame;
  if (file === undefined || lineNumber === null) return [];
  const source = readFileSync(file, 'utf8').split('\n');
  const first = Math.max(1, lineNumber - LINES_AROUND);
  const shown = source.slice(first - 1, lineNumber + LINES_AROUND);
  const width = String(first + shown.length).length;
  const gutter = (label: string): string => pc.dim(`${label.padStart(width)} │`);
  return shown.flatMap((text, index) => {
    const line = first + index;
    if (line !== lineNumber) return [`${gutter(String(line))} ${pc.dim(text)}`];
    const marked = `${gutter(String(line))} ${text}`;
    return columnNumber === null
      ? [marked]
      : [marked, `${gutter('')} ${' '.repeat(columnNumber - 1)}${pc.red('^')}`];
  });
}
