/** The source around a stack frame of the sample application. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFrame } from '../../../runtime/protocol.ts';
import { excerpt } from '../excerpt.ts';
import { application, root } from './project.ts';

const LINES_AROUND = 2;

/** The file of a frame, if it is source of the application and not of a dependency or of Node. */
function findSource({ fileName }: StackFrame): string | undefined {
  if (fileName === null || fileName.startsWith('node:') || fileName.includes('node_modules/'))
    return undefined;
  return [application, root].map((folder) => join(folder, fileName)).find((file) => existsSync(file));
}

/** @returns nothing for a frame that is not the application's */
export function excerptOf(frame: StackFrame): string[] {
  const file = findSource(frame);
  const { lineNumber: line, columnNumber: column } = frame;
  if (file === undefined || line === null) return [];
  return excerpt({ source: readFileSync(file, 'utf8'), line, column, around: LINES_AROUND });
}
