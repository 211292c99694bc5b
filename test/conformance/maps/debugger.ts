/** A program under a debugger, over the inspector protocol: what an editor does when it attaches. */
import { spawn } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import {
  allGeneratedPositionsFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import { type MessageEvent, WebSocket } from 'undici';
import { cleanEnvironment, type Project } from '../../support/e2e-project.ts';

/** `src/file.ts:12`, from 1. */
export type Line = string;

export interface Paused {
  reason: string;
  hitBreakpoints?: string[] | undefined;
  /** Of an error. */
  data?: { uncaught?: boolean } | undefined;
  /** Of the innermost frame, from 0. */
  url: string;
  lineNumber: number;
  columnNumber: number;
}

/** Of the protocol. */
interface PausedEvent {
  reason: string;
  hitBreakpoints?: string[];
  data?: { uncaught?: boolean };
  callFrames: { location: { scriptId: string; lineNumber: number; columnNumber: number } }[];
}

export type Send = (method: string, params?: object) => Promise<{ breakpointId?: string }>;

export interface Session {
  send: Send;
  /** Every pause until the program has ended; it goes on when it is told to. */
  pauses: AsyncIterable<Paused>;
}

/** Runs a program to its end, with what is to be done before its first statement and at every pause. */
export async function debug(
  project: Project,
  file: string,
  variables: Record<string, string>,
  task: (session: Session) => Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, ['--inspect-brk=127.0.0.1:0', file], {
    cwd: project.dir,
    env: cleanEnvironment({ NODE_ENV: 'production', ...variables }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  let url = '';
  for await (const line of createInterface(child.stderr)) {
    url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  child.stderr.resume();
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const ended = new AbortController();
  const answers = new Map<number, (result: object) => void>();
  const urls = new Map<string, string>();
  const pauses = new EventEmitter();
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    const { id, method, params, result, error } = JSON.parse(String(data));
    if (error !== undefined) throw new Error(error.message);
    if (id !== undefined) answers.get(id)?.(result);
    if (method === 'Debugger.scriptParsed') urls.set(params.scriptId, params.url);
    if (method === 'Debugger.paused') {
      const { callFrames, ...more } = params as PausedEvent;
      const { scriptId = '', lineNumber = 0, columnNumber = 0 } = callFrames[0]?.location ?? {};
      pauses.emit('pause', { ...more, url: urls.get(scriptId) ?? '', lineNumber, columnNumber });
    }
    if (method === 'Runtime.executionContextDestroyed') ended.abort();
  });
  let count = 0;
  const send: Send = (method, params = {}) =>
    new Promise((resolve) => {
      answers.set(++count, resolve);
      socket.send(JSON.stringify({ id: count, method, params }));
    });
  const events = on(pauses, 'pause', { signal: ended.signal }) as AsyncIterable<[Paused]>;
  await send('Runtime.enable');
  await send('Debugger.enable');
  await task({ send, pauses: until(ended.signal, events) });
  socket.close();
  await closed;
}

async function* until(signal: AbortSignal, events: AsyncIterable<[Paused]>): AsyncGenerator<Paused> {
  try {
    for await (const [paused] of events) yield paused;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What a debugger knows of a build: the maps beside its files. */
export interface Sources {
  /** Where to set a breakpoint on each line of the project's sources: where the first of what is on it came to be. */
  breakpoints: { line: Line; url: string; lineNumber: number; columnNumber: number }[];
  /** Whether the program has paused in what was built from them. */
  has(paused: Paused): boolean;
  /** The line that a debugger shows, of a source of the project or of another. */
  lineOf(paused: Paused): Line | undefined;
}

export function sourcesOf(directory: string): Sources {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const maps = new Map(
    files
      .filter((file) => file.endsWith('.map'))
      .map((file) => `${directory}/${file}`)
      .map((file) => [
        pathToFileURL(file.replace(/\.map$/, '')).href,
        new TraceMap(readFileSync(file, 'utf8')),
      ]),
  );
  const nameOf = (source: string | null): string | undefined =>
    /(?:^|\/)(src\/\w+\.ts)$/.exec(source ?? '')?.[1];
  const breakpoints = [...maps].flatMap(([url, map]) =>
    map.sources.flatMap((source, index) => {
      const name = nameOf(source);
      if (name === undefined || source === null) return [];
      const lines = (map.sourcesContent?.[index] ?? '').split('\n');
      return lines.flatMap((_, row) =>
        allGeneratedPositionsFor(map, { source, line: row + 1, column: 0, bias: LEAST_UPPER_BOUND })
          .slice(0, 1)
          .map(({ line, column }) => ({
            line: `${name}:${row + 1}`,
            url,
            lineNumber: (line ?? 1) - 1,
            columnNumber: column ?? 0,
          })),
      );
    }),
  );
  return {
    breakpoints,
    has: ({ url }) => maps.has(url),
    lineOf({ url, lineNumber, columnNumber }) {
      const map = maps.get(url);
      if (map === undefined) return undefined;
      const { source, line } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
      return source === null ? undefined : `${nameOf(source) ?? source}:${line}`;
    },
  };
}
