/** One prefilter for several kinds of registrations, each with its own names: those of one say nothing of another's. */
import type { Prefilter } from '../prefilter.ts';

/** Lets through what any of them does. */
export function anyOf(...prefilters: readonly Prefilter[]): Prefilter {
  return {
    patterns: [...new Set(prefilters.flatMap(({ patterns }) => patterns))],
    mayHoldTargets: (code, file) => prefilters.some((prefilter) => prefilter.mayHoldTargets(code, file)),
    mayRegister: (code) => prefilters.some((prefilter) => prefilter.mayRegister(code)),
  };
}
