/** Where a position in a bundle comes from, followed through maps within what the bundle was made of. */
import { FlattenMap, originalPositionFor, sourceContentFor, type TraceMap } from '@jridgewell/trace-mapping';
import { readInlineMap } from './inline-map.ts';

/** Lines and columns from 1. */
export interface OriginalPosition {
  /** As the map has it, with its root. */
  source: string;
  /** The whole original, if the map has it. */
  text: string | null;
  line: number;
  column: number;
}

/** A map, or one that is made of sections. @throws for what is none */
export function readMap(parsed: unknown, url?: string): TraceMap {
  const { mappings, sections } = Object(parsed) as { mappings?: unknown; sections?: unknown };
  if (typeof mappings !== 'string' && !Array.isArray(sections)) throw new TypeError('it has no mappings');
  return new FlattenMap(parsed as never, url);
}

/** @returns undefined for what comes from nowhere */
export function originalPosition(map: TraceMap, line: number, column: number): OriginalPosition | undefined {
  const found = originalPositionFor(map, { line, column: column - 1 });
  if (found.source === null) return undefined;
  const text = sourceContentFor(map, found.source);
  const position = { source: found.source, text, line: found.line, column: found.column + 1 };
  try {
    const inner = text === null ? undefined : readInlineMap(text);
    if (inner === undefined) return position;
    return originalPosition(readMap(inner.map, found.source), position.line, position.column) ?? position;
  } catch {
    return position;
  }
}
