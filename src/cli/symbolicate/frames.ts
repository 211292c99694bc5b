/** The frames of an event, by the maps of the bundles that they are in: what the runtime would have sent, had it had the maps. */
import { dirname } from 'node:path';
import type { TraceMap } from '@jridgewell/trace-mapping';
import type { ReplayStackEvent, StackFrame } from '../../../runtime/protocol.ts';
import { originalFile } from '../../../runtime/stack/original-file.ts';
import { originalPosition } from '../../sourcemaps/original-position.ts';
import { functionAt } from './function-at.ts';
import type { Maps } from './maps.ts';

export interface Resolved {
  event: ReplayStackEvent;
  /** By frame that was resolved, the whole text of its file, if the map has it. */
  sources: ReadonlyMap<StackFrame, string | null>;
}

/** An error as metadata has it; the application may have put something else there. */
interface Brought {
  stackFrames?: unknown;
  cause?: unknown;
  errors?: unknown;
}

export interface Resolver {
  resolve(event: ReplayStackEvent): Resolved;
  /** How many frames were resolved. */
  total(): number;
  /** Why others were not, each once. */
  notes(): string[];
}

export function createResolver(maps: Maps): Resolver {
  const found = new Map<string, TraceMap | string>();
  const notes = new Set<string>();
  let total = 0;

  function mapOf(file: string, debugId: string | undefined): TraceMap | string {
    const key = `${debugId ?? ''} ${file}`;
    let map = found.get(key);
    if (map === undefined) found.set(key, (map = maps.find(file, debugId)));
    return map;
  }

  return {
    resolve(event) {
      const { stackFrames, metadata } = event;
      const debugIds = { ...(metadata?.['debugIds'] as Record<string, string> | undefined) };
      const sources = new Map<StackFrame, string | null>();
      const left = new Set<string>();
      const resolveFrame = (frame: StackFrame): StackFrame => {
        const { fileName } = frame;
        if (fileName === null || !isOfBundle(frame)) return frame;
        const map = mapOf(fileName, debugIds[fileName]);
        const original = typeof map === 'string' ? undefined : originalFrame(frame, map);
        if (original === undefined) {
          left.add(fileName);
          if (typeof map === 'string') notes.add(map);
          return frame;
        }
        total++;
        sources.set(original.frame, original.text);
        return original.frame;
      };
      const resolved: ReplayStackEvent = {
        ...event,
        ...(Array.isArray(stackFrames) && { stackFrames: stackFrames.map(resolveFrame) }),
        ...(metadata && { metadata: withFrames(metadata, resolveFrame) }),
      };
      // It says which files have yet to be resolved.
      for (const file of Object.keys(debugIds)) if (!left.has(file)) delete debugIds[file];
      return { event: { ...resolved, ...withDebugIds(resolved, debugIds) }, sources };
    },
    total: () => total,
    notes: () => [...notes],
  };
}

/** Of the errors that an error brought along, in `cause` and `errors`, at any depth. */
function withFrames<T extends Brought>(error: T, resolveFrame: (frame: StackFrame) => StackFrame): T {
  const inner = (one: unknown): unknown => {
    const { stackFrames, cause, errors } = Object(one) as Brought;
    if (![stackFrames, errors].some(Array.isArray) && cause === undefined) return one;
    const resolved = withFrames(one as Brought, resolveFrame);
    return Array.isArray(stackFrames)
      ? { ...resolved, stackFrames: (stackFrames as StackFrame[]).map(resolveFrame) }
      : resolved;
  };
  return {
    ...error,
    ...(error.cause !== undefined && { cause: inner(error.cause) }),
    ...(Array.isArray(error.errors) && { errors: error.errors.map(inner) }),
  };
}

/** Neither of Node or a library, nor of a source that something has resolved before. */
function isOfBundle({ fileName, lineNumber, columnNumber }: StackFrame): boolean {
  if (fileName === null || !lineNumber || !columnNumber) return false;
  return !/^(?:node|webpack|wasm):|[\\/]node_modules[\\/]|\.(?:[cm]?tsx?|jsx|vue|svelte|astro)$/.test(
    fileName,
  );
}

function originalFrame(
  frame: StackFrame,
  map: TraceMap,
): { frame: StackFrame; text: string | null } | undefined {
  const { lineNumber, columnNumber, functionName, raw } = frame;
  const position = originalPosition(map, lineNumber ?? 0, columnNumber ?? 0);
  if (position === undefined) return undefined;
  const { source, text, line, column } = position;
  // Where the project was is not known, so that what leads up to it from the bundle is left out.
  const directory = dirname(frame.fileName ?? '');
  const fileName = originalFile(source, directory, directory);
  if (fileName === undefined) return undefined;
  // What was evaluated has names of its own.
  const name =
    text === null || raw.includes('(eval at ') ? undefined : functionAt(text, fileName, line, column);
  return {
    frame: {
      functionName: name === undefined ? functionName : name,
      fileName,
      lineNumber: line,
      columnNumber: column,
      raw,
    },
    text,
  };
}

function withDebugIds({ metadata }: ReplayStackEvent, debugIds: Record<string, string>): object {
  if (metadata?.['debugIds'] === undefined) return {};
  const { debugIds: _, ...rest } = metadata;
  return { metadata: Object.keys(debugIds).length > 0 ? { ...rest, debugIds } : rest };
}
