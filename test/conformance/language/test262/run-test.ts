/** One test of test262, run in one way: what comes of it, in words that can be compared. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readMetadata } from './metadata.ts';
import type { RealmOptions } from './realm.ts';
import { createRealm, include } from './realm.ts';

export interface TestOptions extends Omit<RealmOptions, 'print'> {
  /** The directory of test262. */
  root: string;
  /** Runs the whole test, in a scope for one. */
  around<R>(body: () => R): R;
}

/** `pass`, or how it failed; and what happened beside it. */
export interface Verdict {
  verdict: string;
  /** Rejections that nobody handled, and errors that nobody caught. */
  beside: readonly string[];
}

/** Milliseconds after which a test that is not done will never be. */
const PATIENCE = 1_000;

export async function runTest(
  text: string,
  program: string,
  file: string,
  options: TestOptions,
): Promise<Verdict> {
  const { flags, includes, negative } = readMetadata(text);
  const printed: string[] = [];
  const beside: string[] = [];
  const note = (error: unknown): void => void beside.push(inWords(error));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  let verdict = 'pass';
  try {
    const realm = createRealm({ ...options, print: (line) => void printed.push(line) });
    const harness = flags.has('raw')
      ? []
      : ['assert.js', 'sta.js', ...(flags.has('async') ? ['doneprintHandle.js'] : []), ...includes];
    for (const name of harness) include(realm, join(options.root, 'harness', name));
    // What a script comes to may be a promise that never settles.
    await options.around(() =>
      flags.has('module') ? realm.runModule(program, file) : void realm.run(program, file),
    );
    if (negative !== undefined) verdict = `ended without a ${negative.type}`;
  } catch (error) {
    const words = inWords(error);
    verdict = negative !== undefined && words.startsWith(negative.type) ? `pass: ${words}` : words;
  }
  const isOver = (): boolean => !flags.has('async') || verdict !== 'pass' || printed.length > 0;
  for (const begun = Date.now(); !isOver() && Date.now() - begun < PATIENCE;) await nextTurn();
  await nextTurn();
  if (flags.has('async') && verdict === 'pass') verdict = asyncVerdict(printed);
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  return { verdict, beside };
}

function asyncVerdict(printed: readonly string[]): string {
  const lines = printed.join('\n');
  if (lines === '') return 'never done';
  return lines === 'Test262:AsyncTestComplete' ? 'pass' : lines;
}

/** Errors of other realms are none of ours. */
function inWords(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error);
    const { constructor, name, message } = error as Partial<Error>;
    return `${constructor?.name ?? name}: ${message}`;
  } catch {
    return 'something that cannot be put into words';
  }
}
