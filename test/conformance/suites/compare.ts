/** What runs of the same tests have in common, and what not. */
import type { Verdicts } from './run.ts';

export interface Comparison {
  tests: number;
  /** What fails without us, too. */
  failing: string[];
  /** What comes out in one way and another, with or without us, and what it was then. */
  unsteady: Map<string, string>;
  /** What came of it instead, by name. */
  changed: Map<string, string>;
}

/**
 * @param before runs without us; those behind the first may be of some of the tests only
 * @param after runs with us, likewise
 */
export function compare(before: readonly Verdicts[], after: readonly Verdicts[]): Comparison {
  const names = new Set([...before, ...after].flatMap((verdicts) => [...verdicts.keys()]));
  const failing: string[] = [];
  const unsteady = new Map<string, string>();
  const changed = new Map<string, string>();
  for (const name of names) {
    const without = outcomes(before, name);
    const within = outcomes(after, name);
    if (without[0]?.startsWith('fail') === true) failing.push(name);
    if (without.length > 1 || within.length > 1) {
      unsteady.set(name, `${without.join(' or ')} without us, ${within.join(' or ')} with us`);
    } else if (without[0] !== within[0]) {
      changed.set(name, `${without[0]} became ${after[0]?.get(name) ?? 'nothing'}`);
    }
  }
  return { tests: before[0]?.size ?? 0, failing, unsteady, changed };
}

/** All that came of a test, the first run's first. */
function outcomes([first, ...others]: readonly Verdicts[], name: string): string[] {
  const again = others.flatMap((verdicts) => verdicts.get(name) ?? []);
  return [...new Set([first?.get(name) ?? 'nothing', ...again].map(shortened))];
}

/** Positions and paths in what went wrong are no part of the verdict. */
function shortened(verdict: string): string {
  return (verdict.split('\n', 1)[0] ?? '').replaceAll(/(?:\/[\w.-]+)+/g, '/…');
}
