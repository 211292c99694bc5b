/** An explanation for people. */
import { excerpt } from '../excerpt.ts';
import { paint } from '../paint.ts';
import type { Candidate } from './candidates.ts';
import { candidatesOf } from './candidates.ts';
import type { Explanation } from './explanation.ts';

export function describeFile(explanation: Explanation): string[] {
  const { file, reason, code } = explanation;
  const candidates = candidatesOf(explanation);
  const title = reason === undefined ? paint.bold(file) : `${paint.bold(file)}: left alone, ${reason}`;
  return [
    title,
    ...candidates.flatMap((candidate, index) => {
      const { line, column } = candidate;
      const next = candidates[index + 1];
      const isLastThere = next?.line !== line || next.column !== column;
      const source = isLastThere ? excerpt({ source: code, line, column, around: 1 }) : [];
      return [`  ${titleOf(candidate)}`, ...source.map((text) => `    ${text}`)];
    }),
  ];
}

function titleOf({ verdict, kind, name, line, column, why, effect }: Candidate): string {
  const what = `${paint.bold(kind === undefined ? name : `${kind} ${name}`)}, ${line}:${column}`;
  switch (verdict) {
    case 'instrumented':
      return `${paint.green('+')} ${what}: ${why} ${paint.dim('→')} ${effect}`;
    case 'left alone':
      return `${paint.yellow('-')} ${what}: ${why}`;
    case 'warning':
      // It says where by itself.
      return `${paint.red('!')} ${why}`;
  }
}
