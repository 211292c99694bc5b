/**
 * Whether a module is worth parsing. Most are not, and these tests on the text alone keep them cheap; bundlers that filter
 * natively run the first of them without calling us at all. They may let a module through in vain, never the other way.
 */
import type { Convention } from './conventions/types.ts';
import type { Recogniser } from './frameworks/types.ts';
import { createRegistrationFilter } from './registration-filter.ts';

const ASYNC = /\basync\b/;
const EXPORT = /\bexports?\b/;
const PRAGMA = /@replaystack-/;

/** Above this a module is generated or bundled code, which nobody wants to see observed. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LINE_AVERAGE = 500;

/** What is looked for. */
interface Known {
  recognisers: readonly Recogniser[];
  jobs: readonly Recogniser[];
  conventions: readonly Convention[];
}

/** What tells from the text of a module whether it can hold anything for us. */
export interface Prefilter {
  /** The hook filter: a text that matches none of these holds neither a target nor a pragma. */
  patterns: (string | RegExp)[];
  /** Whether it can hold a target of any kind. */
  mayHoldTargets(code: string, file: string): boolean;
  /** Whether it can make an app, or register handlers. */
  mayRegister(code: string): boolean;
  /** Whether it can register jobs. */
  mayRegisterJobs(code: string): boolean;
}

export function createPrefilter({ recognisers, jobs, conventions }: Known): Prefilter {
  const { mayRegister, patterns } = createRegistrationFilter(recognisers);
  const { mayRegister: mayRegisterJobs, patterns: ofJobs } = createRegistrationFilter(jobs);
  const hints = conventions.map(({ hint }) => hint);
  return {
    patterns: [...new Set([ASYNC, PRAGMA, ...patterns, ...hints, ...ofJobs])],
    mayHoldTargets: (code, file) =>
      PRAGMA.test(code) ||
      (ASYNC.test(code) && EXPORT.test(code)) ||
      mayRegister(code) ||
      mayRegisterJobs(code) ||
      conventions.some(
        ({ entries, calls, hint }) =>
          (calls !== undefined || entries.some(({ route }) => route(file) !== undefined)) && hint.test(code),
      ),
    mayRegister,
    mayRegisterJobs,
  };
}

/** Whether a module looks like the output of a bundler or a minifier. */
export function isGenerated(code: string): boolean {
  if (code.length > MAX_CHARACTERS) return true;
  if (code.length < 5_000) return false;
  let lines = 1;
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines++;
  return code.length / lines > MAX_LINE_AVERAGE;
}
