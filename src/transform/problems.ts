/** What the developer should hear about a module. */
import { nearest } from '../nearest.ts';
import type { Pragma } from './pragmas.ts';
import { PRAGMAS } from './pragmas.ts';

/** A diagnostic with its position in the module and the values that its text takes. */
export type Problem = { line: number; column: number } & (
  | { code: 'RS1201'; reason: string }
  | { code: 'RS1202'; pragma: string; nearest: string }
  | { code: 'RS1203'; pragma: string; known: string }
  | { code: 'RS1204'; pragma: string }
  | { code: 'RS1205' }
);

const PREFIX = '@replaystack-';

/** Pragmas that we do not know, and those that came to nothing. */
export function pragmaProblems(pragmas: readonly Pragma[]): Problem[] {
  return pragmas.flatMap((pragma): Problem[] => {
    const { name, line, column } = pragma;
    if ((PRAGMAS as readonly string[]).includes(name)) {
      return pragma.applied ? [] : [{ code: 'RS1204', line, column, pragma: name }];
    }
    // The prefix is left out: with it, everything looks near.
    const known = PRAGMAS.map((pragma) => pragma.slice(PREFIX.length));
    const closest = nearest(name.slice(PREFIX.length), known);
    return closest === undefined
      ? [{ code: 'RS1203', line, column, pragma: name, known: PRAGMAS.join(', ') }]
      : [{ code: 'RS1202', line, column, pragma: name, nearest: PREFIX + closest }];
  });
}
