/** Maps the frames of an error from the bundle to the original source. Node only. */
import type { MappedStack } from '../platform/types.ts';
import type { StackFrame } from '../protocol.ts';
import { bundleAt, type Bundle } from './bundle.ts';
import { mapEvaluated } from './evaluated.ts';
import { declaredName, functionName } from './function-name.ts';
import { originalFile, projectRoot } from './original-file.ts';
import { runLater, runNow, type Work } from './steps.ts';
import { findOrigins, loadMap, readBounded, readTail, type Position } from './source-map.ts';

const MAX_KNOWN = 500;
/** Stacks that are mapped together, so that the event loop is not held up for long. */
const MAX_TOGETHER = 20;

/** A stack that is to be mapped. */
interface Waiting {
  frames: StackFrame[];
  resolve(mapped: MappedStack): void;
}

let waiting: Waiting[] | undefined;

/**
 * Replaces positions in bundles by those in the original source, with the file's path from the project's root and the
 * function's own name. Libraries, frames without a map and whatever cannot be told for certain come back as they were;
 * frames that something else has mapped already only lose the path that leads to the project. Never rejects. What comes
 * while stacks are mapped is mapped together after them, so that a storm of errors does
 * not read each map for every one.
 */
export function mapStack(frames: StackFrame[]): Promise<MappedStack> {
  return new Promise((resolve) => {
    if (waiting) waiting.push({ frames, resolve });
    else void mapInTurn([{ frames, resolve }]);
  });
}

async function mapInTurn(turn: Waiting[]): Promise<void> {
  const rest: Waiting[] = (waiting = []);
  for (; turn.length > 0; turn = rest.splice(0, MAX_TOGETHER)) {
    const all = turn.flatMap(({ frames }) => frames);
    const mapped = await runLater(mapFrames(all)).catch(() => ({ frames: all, debugIds: {} }));
    for (const { frames, resolve } of turn) {
      const files = new Set(frames.map(({ fileName }) => fileName));
      const ids = Object.entries(mapped.debugIds).filter(([file]) => files.has(file));
      resolve({ frames: mapped.frames.splice(0, frames.length), debugIds: Object.fromEntries(ids) });
    }
  }
  waiting = undefined;
}

/** The same while the thread waits, for an error that ends the process. Never throws. */
export function mapStackSync(frames: StackFrame[]): MappedStack {
  try {
    return runNow(mapFrames(frames));
  } catch {
    return { frames, debugIds: {} };
  }
}

function* mapFrames(frames: StackFrame[]): Work<MappedStack> {
  const debugIds: Record<string, string> = {};
  const mapped = new Map<StackFrame, StackFrame | undefined>();
  for (const file of new Set(frames.map(({ fileName }) => fileName))) {
    if (!file || !isApplication(file)) continue;
    const all = frames.filter((frame) => frame.fileName === file && frame.lineNumber && frame.columnNumber);
    try {
      for (const frame of all) mapped.set(frame, mapEvaluated(frame, file));
      const group = all.filter((frame) => !mapped.get(frame));
      if (group.length === 0) continue;
      if (isSource(file)) {
        const fileName = originalFile(file, '', projectRoot(file)) ?? file;
        for (const frame of group) mapped.set(frame, { ...frame, fileName });
      } else {
        const bundle = yield* bundleAt(file);
        yield* learn(bundle, file, group);
        for (const frame of group) mapped.set(frame, bundle.known.get(frame.raw));
        if (bundle.debugId) debugIds[file] = bundle.debugId;
      }
    } catch {
      // The file is not there or cannot be read: its frames stay as they are.
    }
  }
  return { frames: frames.map((frame) => ({ ...(mapped.get(frame) ?? frame) })), debugIds };
}

function isApplication(file: string): boolean {
  if (/[\\/]node_modules[\\/]/.test(file)) return false;
  return file.startsWith('webpack://') || process.getBuiltinModule('node:path').isAbsolute(file);
}

/** No engine runs these: a loader, Vite's module runner or `--enable-source-maps` has mapped the frame. */
function isSource(file: string): boolean {
  return /^webpack:|\.(?:[cm]?tsx?|jsx|vue|svelte|astro)$/.test(file);
}

/** Maps those frames that the bundle does not know yet. */
function* learn(bundle: Bundle, file: string, frames: StackFrame[]): Work<void> {
  const { known } = bundle;
  if (known.size > MAX_KNOWN) known.clear();
  const fresh = new Map(frames.filter(({ raw }) => !known.has(raw)).map((frame) => [frame.raw, frame]));
  if (fresh.size === 0) return;
  const code = (yield* readBounded(file)).toString();
  const { debugId, sourceMappingURL } = readTail(code);
  const map = yield* loadMap(file, sourceMappingURL);
  const root = projectRoot(file);
  let mapped: Map<StackFrame, StackFrame> | undefined;
  try {
    mapped = map && (yield* mapPositions([...fresh.values()], code, debugId, map, root));
  } catch {
    // The map does not go with the file.
  }
  bundle.debugId = mapped ? undefined : debugId;
  // With Node's own mapping on, a script that has no map is most likely the original that another one's map named.
  const isOriginal = !mapped && !debugId && process.sourceMapsEnabled;
  const asIs = isOriginal ? { fileName: originalFile(file, '', root) ?? file } : {};
  for (const [raw, frame] of fresh) known.set(raw, mapped?.get(frame) ?? { ...frame, ...asIs });
}

/** Without the frames that the map does not cover. Throws where it does not fit. */
function* mapPositions(
  frames: StackFrame[],
  code: string,
  debugId: string | undefined,
  map: { bytes: Uint8Array; dir: string },
  root: string,
): Work<Map<StackFrame, StackFrame>> {
  const lines = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines.push(at + 1);
  lines.push(code.length + 1);
  const asked = new Map<number, Position>();
  const plans = frames.flatMap((frame) => {
    const line = (frame.lineNumber ?? 0) - 1;
    const column = (frame.columnNumber ?? 0) - 1;
    const offset = (lines[line] ?? NaN) + column;
    // A frame that is not within the file is of another version of it.
    if (!(offset < (lines[line + 1] ?? 0))) return [];
    asked.set(offset, [line, column]);
    // The name of a function in evaluated code is none of the bundle's.
    const evaluated = frame.raw.includes('(eval at ');
    const name = evaluated ? () => frame.functionName : functionName(frame.functionName, code, offset);
    name((at) => void asked.set(at, positionOf(lines, at)));
    return [{ frame, offset, name }];
  });

  const found = yield* findOrigins(map.bytes, [...asked.values()], debugId);
  const origins = new Map([...asked.keys()].map((offset, i) => [offset, found[i]]));

  const mapped = new Map<StackFrame, StackFrame>();
  for (const { frame, offset, name } of plans) {
    const origin = origins.get(offset);
    const fileName = origin && originalFile(origin.source, map.dir, root);
    if (!fileName) continue;
    const functionName = name((at, named) => {
      const place = origins.get(at);
      if (!place?.exact || place.source !== origin.source) return undefined;
      return place.text ? declaredName(place.text, place.column, named) : named ? place.name : undefined;
    });
    const [lineNumber, columnNumber] = [origin.line + 1, origin.column + 1];
    mapped.set(frame, { ...frame, functionName, fileName, lineNumber, columnNumber });
  }
  return mapped;
}

/** Line and column of an offset. */
function positionOf(lines: number[], offset: number): Position {
  let low = 0;
  for (let high = lines.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) > offset) high = middle;
    else low = middle;
  }
  return [low, offset - (lines[low] ?? 0)];
}
