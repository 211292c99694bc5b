/**
 * Runs the compiled modules of a directory, one after the other, and writes down what could be seen of each:
 *
 *     node runner.mjs <directory> <list of modules> <file for the logs>
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReplayStackClient } from '../../runtime/client.ts';
import type { Scenario } from './transform-scenario.ts';
import { runScenario } from './transform-scenario.ts';

/** What came of one module. */
export interface RunResult {
  log: string[];
  /** Names of the functions whose calls the runtime recorded, in order; `!` behind those that failed. */
  recorded: string[];
}

/** The part of the runtime's state that is read here: the client that a key in the environment brought about. */
interface RuntimeState {
  client?: Pick<ReplayStackClient, 'getBreadcrumbs' | 'clearBreadcrumbs'>;
}

const [directory = '', list = '', output = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const results: Record<string, RunResult> = {};

for (const name of JSON.parse(readFileSync(list, 'utf8')) as string[]) {
  const base = join(directory, name);
  let log: string[];
  try {
    const scenario = existsSync(join(base, 'run.mjs'))
      ? ((await import(pathToFileURL(join(base, 'run.mjs')).href)) as { default: Scenario }).default
      : undefined;
    const module = existsSync(join(base, 'input.cjs'))
      ? wrapCommonJs(require(join(base, 'input.cjs')))
      : ((await import(pathToFileURL(join(base, 'input.mjs')).href)) as Record<string, unknown>);
    log = await runScenario(module, scenario);
  } catch (error) {
    log = [`could not be run: ${String(error)}`];
  }
  results[name] = { log, recorded: takeRecords() };
}
writeFileSync(output, JSON.stringify(results));
process.exit();

/** Exports that are no plain object are called `exports`. */
function wrapCommonJs(exports: unknown): Record<string, unknown> {
  const isPlain =
    typeof exports === 'object' && exports !== null && Object.getPrototypeOf(exports) === Object.prototype;
  return isPlain ? (exports as Record<string, unknown>) : { exports };
}

function takeRecords(): string[] {
  const state = (globalThis as Record<symbol, unknown>)[Symbol.for('replaystack.runtime')];
  const { client } = (state ?? {}) as RuntimeState;
  const breadcrumbs = client?.getBreadcrumbs() ?? [];
  client?.clearBreadcrumbs();
  return breadcrumbs
    .filter(({ category }) => category === 'function')
    .map(({ message, level, metadata }) => {
      const calls = metadata['calls'] === undefined ? '' : ` ×${String(metadata['calls'])}`;
      return message + calls + (level === 'error' ? '!' : '') + (metadata['running'] ? '…' : '');
    });
}
