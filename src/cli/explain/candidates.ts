/** Everything in a file that there is something to say of, in the order of the source. */
import type { DiagnosticCode, DiagnosticDetails } from '../../diagnostics.ts';
import { formatDiagnostic } from '../../diagnostics.ts';
import type { Target, TransformOptions } from '../../transform/index.ts';
import type { Explanation } from './explanation.ts';

export interface Candidate {
  verdict: 'instrumented' | 'left alone' | 'warning';
  /** Of what is instrumented. */
  kind?: Target['kind'];
  frameworks?: string[];
  name: string;
  line: number;
  column: number;
  why: string;
  /** What comes of it. */
  effect?: string;
}

export function candidatesOf(explanation: Explanation): Candidate[] {
  const { file, result, evidence, passedOver, settings } = explanation;
  const { targets = [], skipped = [], problems = [] } = result ?? {};
  const candidates: Candidate[] = [
    ...targets.map((target): Candidate => ({
      verdict: 'instrumented',
      ...target,
      why: evidence.get(target) ?? '',
      effect: effectOf(target, settings),
    })),
    ...skipped.map(({ reason, ...place }): Candidate => ({ verdict: 'left alone', ...place, why: reason })),
    ...passedOver.map((candidate): Candidate => ({ verdict: 'left alone', ...candidate })),
    ...problems.map(({ code, line, column, ...details }): Candidate => {
      const why = formatDiagnostic(code, {
        file,
        line,
        column,
        ...details,
      } as DiagnosticDetails<DiagnosticCode>);
      return { verdict: 'warning', name: code, line, column, why };
    }),
  ];
  return candidates.sort((a, b) => a.line - b.line || a.column - b.column);
}

function effectOf({ kind, frameworks = [] }: Target, settings: TransformOptions): string {
  const { recognisers, conventions } = settings;
  if (kind === 'function') return 'a breadcrumb for each call';
  if (kind === 'app') return 'an event for each request';
  if (conventions.some(({ name }) => frameworks.includes(name))) return 'its calls are requests';
  if (kind === 'job') return 'an event for each run';
  if (kind === 'middleware') return 'its errors are those of the request';
  const { hooks } = recognisers.find(({ name }) => frameworks.includes(name)) ?? {};
  const isWritten = hooks?.handler !== undefined || hooks?.owner !== undefined;
  return isWritten ? 'its requests have this route' : 'nothing is written here: the app tells of its routes';
}
