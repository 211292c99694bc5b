/**
 * The programs of fixtures/stack, built by every bundler as an application would be, run by plain Node. Each line of
 * theirs that a stack goes through says in a comment which function it is in, so file, line and name of each frame can
 * be told; its column is what another reader of the same map says.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AnyMap, decodedMappings, type TraceMap } from '@jridgewell/trace-mapping';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StackFrame } from '../../runtime/protocol.ts';
import { mapStack } from '../../runtime/stack/node-map.ts';
import { parseStackTrace } from '../../runtime/stack/parse.ts';
import { bundlers } from '../support/stack-bundlers.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = readdirSync(join(root, 'fixtures/stack')).filter((name) =>
  existsSync(join(root, 'fixtures/stack', name, 'main.ts')),
);
const entries = Object.fromEntries(
  programs.map((name) => [name, join(root, 'fixtures/stack', name, 'main.ts')]),
);

/** What comments like `@frame charge` say, by file and line: the name, and the one that a minified bundle allows. */
function readMarkers(minified: boolean): Map<string, string> {
  const markers = new Map<string, string>();
  for (const file of readdirSync(join(root, 'fixtures/stack'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const path = join(root, 'fixtures/stack', file);
    for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      const names = /\/\* @frame (.*) \*\//.exec(line)?.[1]?.split(', minified ');
      const name = minified ? names?.at(-1) : names?.[0];
      if (name) markers.set(`${relative(root, path).replaceAll('\\', '/')}:${i + 1}`, name);
    }
  }
  return markers;
}

/** Code outside of any function, of a module or of the bundler's own that loads it. */
function isTopLevel(frame: StackFrame): boolean {
  return /^(?:Object\.<anonymous>|__webpack_require__|\d+)?$/.test(frame.functionName ?? '');
}

/** Where a position comes from, as ECMA-426 has it: whatever segments there are at the nearest column before it. */
function originsOf(map: TraceMap, line: number, column: number): unknown[] {
  const before = (decodedMappings(map)[line - 1] ?? []).filter(([generated]) => generated < column);
  return before
    .filter(([generated]) => generated === before.at(-1)?.[0])
    .map(([, source = -1, line = -1, column = -1]) => [
      basename(map.sources[source] ?? ''),
      line + 1,
      column + 1,
    ]);
}

describe.each(Object.keys(bundlers))('%s', (bundler) => {
  describe.each([
    { minify: false, hidden: false },
    { minify: true, hidden: true },
  ])('minify: $minify, hidden map: $hidden', ({ minify, hidden }) => {
    const markers = readMarkers(minify);
    const reached = new Set<string>();
    let outDir = '';

    beforeAll(async () => {
      outDir = await mkdtemp(join(tmpdir(), 'replaystack-stack-'));
      await bundlers[bundler]?.({ entries, outDir, minify, hidden });
    });
    afterAll(() => rm(outDir, { recursive: true, force: true }));

    it.each(programs)('%s', async (program) => {
      const file = readdirSync(outDir).find((name) => /\.[cm]?js$/.test(name) && name.startsWith(program));
      const { stdout } = await run(process.execPath, [join(outDir, file ?? '')]);
      const stacks = JSON.parse(stdout) as string[];
      expect(stacks.length).toBeGreaterThan(0);
      for (const stack of stacks) {
        const raw = parseStackTrace(stack);
        const { frames, debugIds } = await mapStack(raw);
        expect(debugIds).toEqual({});
        for (const [i, frame] of frames.entries()) checkFrame(raw[i] as StackFrame, frame);
      }
    });

    it('takes every way that the programs mark', () => {
      const missed = [...markers].filter(([place, name]) => name !== '*' && !reached.has(place));
      expect(missed).toEqual([]);
    });

    function checkFrame(raw: StackFrame, frame: StackFrame): void {
      if (!raw.fileName?.startsWith(outDir) || frame.fileName === raw.fileName) {
        expect(frame).toEqual(raw);
        if (raw.fileName?.startsWith(outDir)) expect(frame).toSatisfy(isTopLevel);
        return;
      }
      const place = `${frame.fileName}:${frame.lineNumber}`;
      const marker = markers.get(place);
      reached.add(place);
      if (marker === undefined) expect(frame, place).toSatisfy(isTopLevel);
      else if (marker !== '*') expect(`${place} ${frame.functionName}`).toBe(`${place} ${marker}`);

      const map = AnyMap(JSON.parse(readFileSync(`${raw.fileName}.map`, 'utf8')));
      const position = [basename(frame.fileName ?? ''), frame.lineNumber, frame.columnNumber];
      expect(originsOf(map, raw.lineNumber ?? 0, raw.columnNumber ?? 0)).toContainEqual(position);
    }
  });
});
