/** Explanations for programs. */
import { candidatesOf } from './candidates.ts';
import { diffOf } from './diff.ts';
import type { Explanation } from './explanation.ts';

/** @param withDiff whether each file that is rewritten has its diff */
export function toJson(explanations: readonly Explanation[], withDiff: boolean): string {
  const files = explanations.map((explanation) => {
    const { file, reason, result } = explanation;
    return {
      file,
      rewritten: result?.output !== undefined,
      reason,
      candidates: candidatesOf(explanation),
      diff: withDiff && result?.output !== undefined ? diffOf(explanation) : undefined,
    };
  });
  return JSON.stringify({ files }, undefined, 2);
}
