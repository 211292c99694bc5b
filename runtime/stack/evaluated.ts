/** Frames of modules that a dev server has evaluated: they are in no file, and the engine keeps the map that came with each. */
import type { StackFrame } from '../protocol.ts';
import { originalFile, projectRoot } from './original-file.ts';

/**
 * The frame by that map: Turbopack replaces a module of a chunk under the chunk's name, with a query behind it. Undefined for
 * frames of files, and unless the process has source maps enabled, as dev servers do.
 *
 * @param file that the name is, without the query
 */
export function mapEvaluated(frame: StackFrame, file: string): StackFrame | undefined {
  const url = process.sourceMapsEnabled && /(file:.*\?.*?):\d+:\d+\)?$/.exec(frame.raw)?.[1];
  const map = url && process.getBuiltinModule('node:module').findSourceMap(url);
  if (!map) return undefined;
  const line = (frame.lineNumber ?? 0) - 1;
  const entry = map.findEntry(line, (frame.columnNumber ?? 0) - 1);
  // Without an entry before it on its own line, a position is given the last one of a line above.
  if (!('originalSource' in entry) || entry.generatedLine !== line) return undefined;
  const fileName = originalFile(entry.originalSource, '', projectRoot(file));
  if (!fileName) return undefined;
  return { ...frame, fileName, lineNumber: entry.originalLine + 1, columnNumber: entry.originalColumn + 1 };
}
