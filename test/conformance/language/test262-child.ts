/** Runs tests of test262 that its parent names, each in its two modes, as it is and instrumented. */
import { readFile, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ReplayStackClient, runWithReplayStackContext } from '../../../runtime/index.ts';
import { runtime } from '../../../runtime/state.ts';
import { hookEverything } from './hook-everything.ts';
import { readMetadata } from './test262/metadata.ts';
import type { Verdict } from './test262/run-test.ts';
import { runTest } from './test262/run-test.ts';

/** How programs are run: without us; instrumented, without a client; with one; and inside a scope. */
export type Way = 'before' | 'dormant' | 'awake' | 'scope';

export interface Run extends Verdict {
  file: string;
  strict: boolean;
  way: Way;
  /** Functions that were instrumented, and why others were not. */
  hooked: number;
  skipped: readonly string[];
}

const { TEST262 = '', HOOKS = '' } = process.env;
const hooks = readFileSync(HOOKS, 'utf8');
const load = promisify(readFile);

// What a test leaves behind, and comes when it is over.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);

process.on('message', ({ files, ways }: { files: string[]; ways: Way[] }) => {
  void runAll(files, ways).then(
    (runs) => process.send?.(runs),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

let client: ReplayStackClient | undefined;

/** The client is there once it is asked for: on Node, storage that follows promises slows those that came before. */
function stateFor(way: Way): unknown {
  if (way === 'before' || way === 'dormant') return undefined;
  client ??= new ReplayStackClient({
    apiKey: 'test',
    endpoint: 'http://127.0.0.1:9',
    transport: async () => ({ status: 202, headers: {}, body: '' }) as never,
  });
  return runtime();
}

async function runAll(files: string[], ways: Way[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const file of files) {
    const text = await load(`${TEST262}/${file}`, 'utf8');
    const { flags } = readMetadata(text);
    for (const strict of [false, true]) {
      if (strict && ['module', 'noStrict', 'raw'].some((flag) => flags.has(flag))) continue;
      if (!strict && flags.has('onlyStrict')) continue;
      const original = strict ? `"use strict";\n${text}` : text;
      const isModule = flags.has('module');
      const extension = isModule ? '.mjs' : '.cjs';
      const result = ways.every((way) => way === 'before')
        ? undefined
        : await hookEverything(original, file.replace(/\.js$/, extension));
      for (const way of ways) {
        const program = way === 'before' ? original : (result?.output?.code ?? original);
        const verdict = await runTest(text, program, `${TEST262}/${file}`, {
          root: TEST262,
          hooks,
          state: stateFor(way),
          load: (path) => loadModule(path, way),
          around: way === 'scope' ? runWithReplayStackContext : (body) => body(),
        });
        runs.push({
          file,
          strict,
          way,
          ...verdict,
          hooked: result?.targets.filter(({ kind }) => kind === 'function').length ?? 0,
          skipped: (result?.skipped ?? []).map(({ reason }) => reason),
        });
      }
    }
  }
  return runs;
}

async function loadModule(path: string, way: Way): Promise<string> {
  const text = await load(path, 'utf8');
  if (way === 'before' || !path.endsWith('.js')) return text;
  const result = await hookEverything(text, path.replace(/\.js$/, '.mjs'));
  return result?.output?.code ?? text;
}
