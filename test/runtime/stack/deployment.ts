/** A deployed application in a directory of its own, new for each test: bundles, maps, and the frames of errors in them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeEach, expect } from 'vitest';
import type { StackFrame } from '../../../runtime/protocol.ts';
import { mapStack } from '../../../runtime/stack/node-map.ts';
import { parseStackTrace } from '../../../runtime/stack/parse.ts';

export const ID = '85314830-023f-4cf1-a267-535f4e37bb17';
export const OTHER_ID = 'a7ab9b1c-1111-5222-8333-444455556666';

export const SOURCE = `export async function charge(amount: number): Promise<number> {
  if (amount < 0) throw new RangeError('negative');
  return amount;
}
`;

/** What {@link mapAt} gives for the error in {@link SOURCE}. */
export const MAPPED = { place: 'charge src/charge.ts:2:25', isRaw: false, debugIds: {} };

export interface Deployment {
  path(...segments: string[]): string;
  write(file: string, text: string): string;
}

/** Call it where tests are declared. */
export function useDeployment(): Deployment {
  const root = mkdtempSync(join(tmpdir(), 'replaystack-map-'));
  afterAll(() => rmSync(root, { recursive: true }));
  let dir = '';
  let count = 0;
  const deployment: Deployment = {
    path: (...segments) => join(dir, ...segments),
    write(file, text) {
      const path = join(dir, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
  beforeEach(() => {
    dir = join(root, `app-${count++}`);
    deployment.write('package.json', '{}');
  });
  return deployment;
}

export interface Compiled {
  code: string;
  map: {
    sources: (string | null)[];
    sourcesContent: string[];
    mappings: string;
    names: string[];
    [key: string]: unknown;
  };
}

/** Minified, so that there is a name to recover. */
export function compile(source: string = SOURCE, file = '../src/charge.ts'): Compiled {
  const { code, map } = transformSync(source, {
    loader: 'ts',
    minify: true,
    format: 'iife',
    globalName: 'x',
    sourcemap: true,
    sourcefile: file,
  });
  return { code, map: JSON.parse(map) as Compiled['map'] };
}

/** The frame of V8 at some text of a file. */
export function frameAt(file: string, text: string, name = 'charge'): StackFrame {
  const code = readFileSync(file, 'utf8');
  const before = code.slice(0, code.indexOf(text)).split('\n');
  const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
  const [frame] = parseStackTrace(`    at ${name} (${file}:${line}:${column})`);
  return frame as StackFrame;
}

/** Name of the function in the compiled code, as V8 would give it. */
export function nameIn(code: string): string {
  return /async function (\w+)/.exec(code)?.[1] ?? '';
}

/** The error of that text, by the place that its frame is mapped to. */
export async function mapAt(
  file: string,
  text = 'new RangeError',
  name: string = nameIn(readFileSync(file, 'utf8')),
): Promise<{ place: string; isRaw: boolean; debugIds: Record<string, string> }> {
  const raw = frameAt(file, text, name);
  const { frames, debugIds } = await mapStack([raw]);
  const { functionName, fileName, lineNumber, columnNumber } = frames[0] as StackFrame;
  expect(frames[0]?.raw).toBe(raw.raw);
  return {
    place: `${functionName} ${fileName}:${lineNumber}:${columnNumber}`,
    isRaw: JSON.stringify(frames[0]) === JSON.stringify(raw),
    debugIds,
  };
}
