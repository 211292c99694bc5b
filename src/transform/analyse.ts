/** What is to be done with a module, as plain data that can be kept: what is inserted where, and what there is to say of it. */
import type { types as t } from '@babel/core';
import type { Insertion } from './edits.ts';
import { toInsertions } from './edits.ts';
import type { TransformOptions } from './options.ts';
import { importPosition, importStatement, moduleKind } from './module-kind.ts';
import type { ParseFailure } from './parse.ts';
import { parseModule } from './parse.ts';
import type { Skip, Target } from './planned.ts';
import { planModule } from './plan.ts';
import { findPragmas, isAboveFirstStatement, mentionsIgnoreFile } from './pragmas.ts';
import type { Problem } from './problems.ts';
import { pragmaProblems } from './problems.ts';

export interface Analysis {
  /** None when the module stays as it is. */
  insertions: readonly Insertion[];
  targets: Target[];
  skipped: Skip[];
  /** The whole file was left alone, and why. */
  fileReason: string | undefined;
  problems: Problem[];
}

const UNREADABLE = 'it cannot be parsed';

/** File-level directives that say nothing of where or how the module runs. */
const HARMLESS = /^use (strict|server|cache\b.*|(no )?(memo|forget))$/;

/** The reason to leave a module alone that one of its directives gives. */
function directiveReason(program: t.Program): string | undefined {
  for (const { value } of program.directives) {
    if (value.value === 'use client') return "'use client': it runs in the browser";
    // `'use workflow'`, `'worklet'`, `'use asm'`, or one that we do not know.
    if (!HARMLESS.test(value.value)) return `'${value.value}': it may run elsewhere, or in another way`;
  }
  return undefined;
}

/** Parses a module and decides what to do with it; undefined if it holds nothing for us. */
export function analyseModule(code: string, file: string, options: TransformOptions): Analysis | undefined {
  try {
    return analyseReadable(code, file, options);
  } catch (error) {
    // A module that is beyond us, by its depth for one, must not fail the build.
    return unreadable({ reason: String(error), line: 1, column: 1 });
  }
}

function analyseReadable(code: string, file: string, options: TransformOptions): Analysis | undefined {
  const module = parseModule(code, file);
  if ('reason' in module) {
    return mentionsIgnoreFile(code) ? untouched('ignored by a pragma') : unreadable(module);
  }
  const { program } = module;
  const pragmas = findPragmas(code, module);
  const ignoreFile = pragmas.find((pragma) => pragma.name === '@replaystack-ignore-file');
  if (ignoreFile !== undefined && isAboveFirstStatement(ignoreFile, program))
    return untouched('ignored by a pragma');
  const reason = directiveReason(program);
  if (reason !== undefined) return untouched(reason);
  const plan = planModule(code, file, module, pragmas, options);
  options.inspect?.(plan);
  const problems = pragmaProblems(pragmas);
  const { targets, skipped } = plan;
  if (targets.length + plan.edits.length === 0) {
    return skipped.length + problems.length > 0 ? { ...untouched(undefined), skipped, problems } : undefined;
  }
  // Routes whose app sees all there is to see, and nothing in them to observe.
  if (plan.edits.length === 0) return { ...untouched(undefined), targets, skipped, problems };
  const kind = moduleKind(module, file);
  if (kind === undefined) {
    problems.push({ code: 'RS1205', line: 1, column: 1 });
    return { ...untouched('neither an ES module nor CommonJS'), problems };
  }
  const imports = [...plan.hooks].map(([source, hooks]) => importStatement(kind, source, hooks));
  const statements = [...imports, ...plan.starts].join('');
  const start = importPosition(program, code, module.comments);
  const insertions = toInsertions([{ start, end: start, open: statements, close: '' }, ...plan.edits]);
  return { insertions, targets, skipped, fileReason: undefined, problems };
}

/** Whether a module could not be parsed, which may be another parser's merit tomorrow. */
export function isUnreadable(analysis: Analysis | 'none'): boolean {
  return analysis !== 'none' && analysis.fileReason === UNREADABLE;
}

function unreadable(failure: ParseFailure): Analysis {
  return { ...untouched(UNREADABLE), problems: [{ code: 'RS1201', ...failure }] };
}

function untouched(fileReason: string | undefined): Analysis {
  return { insertions: [], targets: [], skipped: [], fileReason, problems: [] };
}
