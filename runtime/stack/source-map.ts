/** Finds a bundle's source map and looks positions up in it, with Node's own `SourceMap`. */
import { toPath } from './parse.ts';
import { wait, type Work } from './steps.ts';

/** Line and column in generated code, both from 0. */
export type Position = readonly [line: number, column: number];

/** Where a generated position comes from; line and column from 0. */
export interface Origin {
  /** As the map has it, with its root. */
  source: string;
  line: number;
  column: number;
  /** The line of the original; empty where the map does not have it. */
  text: string;
  /** What the map itself says that is called there. */
  name: string | undefined;
  /** The map has an entry for just this position, not only for one before it. */
  exact: boolean;
}

type Answer = (Origin | undefined)[];

interface MapPart {
  sources: (string | null)[];
  sourcesContent?: (string | null)[];
  sourceRoot?: string;
  mappings: string;
}

interface Payload extends MapPart {
  debugId?: string;
  sections?: { map: MapPart }[];
}

/** The part of `node:module`'s class that is used; positions from 0. */
type SourceMapClass = new (payload: never) => {
  findEntry(
    line: number,
    column: number,
  ): {
    generatedLine?: number;
    generatedColumn?: number;
    originalSource?: string | null;
    originalLine?: number;
    originalColumn?: number;
    name?: string;
  };
};

/** A map of this many bytes takes some 10 ms of the event loop to look at; a larger one goes to a worker. */
const INLINE_BYTES = 300_000;
/** What is still looked at while the thread waits, which takes some 300 ms. */
const MAX_WAITING_BYTES = 10e6;
/** A map takes about ten times its size in memory while it is looked at. */
const MAX_BYTES = 64e6;
const WORKER_MS = 20_000;

/** What the last lines of a bundle say: ECMA-426 has tools look at five. */
export function readTail(code: string): { debugId?: string; sourceMappingURL?: string } {
  const tail: { debugId?: string; sourceMappingURL?: string } = {};
  let end = code.length;
  for (let lines = 0; lines < 6 && end > 0; lines++) {
    const start = code.lastIndexOf('\n', end - 1) + 1;
    const comment = /^\s*\/\/[#@] (debugId|sourceMappingURL)=(\S+)\s*$/.exec(code.slice(start, end));
    if (comment) tail[comment[1] as 'debugId'] ??= comment[2] as string;
    end = start - 1;
  }
  return tail;
}

/**
 * The bytes of a bundle's map: what its comment names, else the file `<bundle>.map`, for hidden maps have no comment.
 *
 * @returns with the directory that the map's sources are relative to; undefined where there is no map.
 */
export function* loadMap(file: string, url = ''): Work<{ bytes: Buffer; dir: string } | undefined> {
  const { dirname, resolve } = process.getBuiltinModule('node:path');
  const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)/.exec(url) ?? [];
  if (data)
    return {
      bytes: Buffer.from(base64 ? data : decodeURIComponent(data), base64 ? 'base64' : 'utf8'),
      dir: dirname(file),
    };
  for (const path of [
    url && resolve(dirname(file), toPath(url.includes('://') ? url : `file://${url}`)),
    `${file}.map`,
  ]) {
    try {
      if (path) return { bytes: yield* readBounded(path), dir: dirname(path) };
    } catch {
      // It is not here.
    }
  }
  return undefined;
}

/** Throws for files that do not exist, cannot be read or would take too much memory. */
export function* readBounded(file: string): Work<Buffer> {
  const { promises, readFileSync, statSync } = process.getBuiltinModule('node:fs');
  const { size } = yield* wait(
    () => promises.stat(file),
    () => statSync(file),
  );
  if (size > MAX_BYTES) throw new RangeError(`${file} is too large`);
  return yield* wait(
    () => promises.readFile(file),
    () => readFileSync(file),
  );
}

/**
 * Where positions come from, in the order of the question. Throws for a map that is broken, or that another build's
 * code goes with: both carry a debug id and they differ.
 */
export function* findOrigins(bytes: Uint8Array, at: Position[], debugId: string | undefined): Work<Answer> {
  const here = (): Answer => lookUp(process.getBuiltinModule('node:module').SourceMap, bytes, at, debugId);
  return yield* wait(
    async () => (bytes.length <= INLINE_BYTES ? here() : lookUpInWorker(bytes, at, debugId)),
    () => {
      if (bytes.length > MAX_WAITING_BYTES) throw new RangeError('The map is too large');
      return here();
    },
  );
}

async function lookUpInWorker(
  bytes: Uint8Array,
  at: Position[],
  debugId: string | undefined,
): Promise<Answer> {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const code = `const{parentPort:p,workerData:d}=require('worker_threads');p.postMessage((${lookUp})(require('module').SourceMap,...d))`;
  // Neither NODE_OPTIONS nor the command line's preloads: they would start the application's tools once more.
  const worker = new Worker(code, { eval: true, workerData: [bytes, at, debugId], execArgv: [], env: {} });
  // Not unref'd: a process that ends must not lose the event it ends with.
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(reject, WORKER_MS);
      worker.once('message', resolve).once('error', reject).once('exit', reject);
    });
  } finally {
    clearTimeout(timer);
    void worker.terminate();
  }
}

/**
 * Also runs in a worker, from its text: so it stands alone, and in a syntax that no build step needs a helper for. What a map
 * leads to may be a bundle itself, with a map within: then that one is followed.
 */
function lookUp(
  SourceMap: SourceMapClass,
  bytes: Uint8Array,
  at: Position[],
  debugId: string | undefined,
): Answer {
  const payload = JSON.parse(new TextDecoder().decode(bytes)) as Payload;
  if (debugId && payload.debugId && debugId !== payload.debugId) throw new Error("Another build's map");
  const parts = payload.sections ? payload.sections.map((section) => section.map) : [payload];
  for (const part of parts) {
    // Node reads on past the last segment of a map, unless something ends it.
    part.mappings += ';';
  }
  const map = new SourceMap(payload as never);
  return at.map((position) => {
    const entry = map.findEntry(position[0], position[1]);
    const part = parts.find((part) => part.sources.includes(entry.originalSource as string));
    // Without an entry before it on its own line, a position is given the last one of a line above.
    if (!entry.originalSource || !part || entry.generatedLine !== position[0]) return undefined;
    const text =
      (part.sourcesContent && part.sourcesContent[part.sources.indexOf(entry.originalSource)]) || '';
    const line = entry.originalLine as number;
    const column = entry.originalColumn as number;
    const source = (part.sourceRoot ? part.sourceRoot.replace(/\/*$/, '/') : '') + entry.originalSource;
    const exact = entry.generatedColumn === position[1];
    const inner = /^\/\/# sourceMappingURL=data:[^,]*;base64,(\S+)$/.exec(
      text.trimEnd().replace(/^[^]*\n/, ''),
    );
    if (inner) {
      const found = lookUp(
        SourceMap,
        Buffer.from(inner[1] as string, 'base64'),
        [[line, column]],
        undefined,
      )[0];
      if (found) {
        const isRelative = !/^(?:\/|[a-z][a-z\d+.-]*:)/i.test(found.source);
        return Object.assign(found, {
          source: (isRelative ? source.replace(/[^/]*$/, '') : '') + found.source,
          name: found.name || entry.name,
          exact: exact && found.exact,
        });
      }
    }
    return { source, line, column, text: text.split('\n', line + 1)[line] || '', name: entry.name, exact };
  });
}
