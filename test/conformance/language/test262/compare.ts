/** Runs tests of test262 as they are and instrumented, and tells which of them came to another verdict. */
import type { Child } from '../children.ts';
import { buildChild, buildHooks, startChild } from '../children.ts';
import type { Run } from '../test262-child.ts';

export interface Comparison {
  /** Runs as they are: most tests run twice, as sloppy and as strict code. */
  runs: number;
  functions: number;
  /** Those that fail on this Node without us. */
  failing: number;
  /** How many functions were left alone, by the reason. */
  skipped: Map<string, number>;
  differences: string[];
}

const BATCH = 25;
/** Realms are not all given back. */
const LIFETIME = 2_000;

/** @param root the directory of test262; `files` are below it */
export async function compareTests(root: string, files: readonly string[]): Promise<Comparison> {
  const [file, hooks] = await Promise.all([buildChild('test262-child'), buildHooks()]);
  const start = (): Child => startChild(file, { TEST262: root, HOOKS: hooks });
  const total: Comparison = { runs: 0, functions: 0, failing: 0, skipped: new Map(), differences: [] };
  for (let first = 0; first < files.length; first += LIFETIME) {
    const children = [start(), start()] as const;
    const part = files.slice(first, first + LIFETIME);
    for (let at = 0; at < part.length; at += BATCH) {
      const batch = part.slice(at, at + BATCH);
      const [asleep, awake] = await Promise.all([
        children[0].ask<Run[]>({ files: batch, ways: ['before', 'dormant'] }),
        children[1].ask<Run[]>({ files: batch, ways: ['awake', 'scope'] }),
      ]);
      add(total, [...asleep, ...awake]);
    }
    for (const child of children) child.end();
  }
  return total;
}

function add(total: Comparison, runs: readonly Run[]): void {
  const before = new Map<string, Run>();
  for (const run of runs) if (run.way === 'before') before.set(keyOf(run), run);
  total.runs += before.size;
  for (const { verdict } of before.values()) if (!verdict.startsWith('pass')) total.failing++;
  for (const run of runs) {
    if (run.way === 'before') continue;
    if (run.way === 'dormant') {
      total.functions += run.hooked;
      for (const reason of run.skipped) total.skipped.set(reason, (total.skipped.get(reason) ?? 0) + 1);
    }
    const [expected, given] = [before.get(keyOf(run)), run].map((one) => wordsOf(one));
    if (given !== expected) total.differences.push(`${keyOf(run)}, ${run.way}: ${given}, not ${expected}`);
  }
}

const keyOf = ({ file, strict }: Run): string => file + (strict ? ', strict' : '');

const wordsOf = (run: Run | undefined): string => [run?.verdict, ...(run?.beside ?? [])].join('; ');
