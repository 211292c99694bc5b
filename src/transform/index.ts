/**
 * The transform: text of a module in, text and map out, or nothing if the module holds nothing for us.
 *
 *     prefilter ▶ parse ▶ pragmas ▶ targets, registrations ▶ plan ▶ edits ▶ code + map
 *
 * @module
 */
import type { types as t } from '@babel/core';
import MagicString from 'magic-string';
import type { SourceMap } from 'magic-string';
import type { Recogniser } from './frameworks/types.ts';
import { applyEdits } from './edits.ts';
import { importPosition, importStatement, moduleKind } from './module-kind.ts';
import type { ParsedModule, ParseFailure } from './parse.ts';
import { parseModule } from './parse.ts';
import type { Plan, Skip, Target } from './plan.ts';
import { planModule } from './plan.ts';
import { isInstrumented } from './names.ts';
import { findPragmas, isAboveFirstStatement, mentionsIgnoreFile } from './pragmas.ts';
import type { Problem } from './problems.ts';
import { pragmaProblems } from './problems.ts';
import { isGenerated, mayHoldTargets } from './prefilter.ts';

export type { Skip, Target } from './plan.ts';
export type { Problem } from './problems.ts';

/** What the transform is to do. */
export interface TransformOptions {
  recognisers: readonly Recogniser[];
  /** Observe exported async functions; `methods`, those of classes and objects too. */
  functions: false | { methods: boolean; captureArguments: boolean };
}

/** What became of a module that was looked at. */
export interface TransformResult {
  /** Undefined when the module stays as it is. */
  output: { code: string; map: SourceMap } | undefined;
  targets: Target[];
  skipped: Skip[];
  /** The whole file was left alone, and why. */
  fileReason: string | undefined;
  problems: Problem[];
}

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

/**
 * Instruments a module.
 *
 * @param code its text
 * @param id its absolute path, which the map names as its source
 * @param file the same relative to the project's root, with POSIX slashes: what events and reports call it
 * @returns undefined for a module without anything for us, which is most
 */
export async function transformModule(
  code: string,
  id: string,
  file: string,
  options: TransformOptions,
): Promise<TransformResult | undefined> {
  if (!mayHoldTargets(code, options.recognisers) || isInstrumented(code)) return undefined;
  try {
    return await transformCandidate(code, id, file, options);
  } catch (error) {
    // A module that is beyond us, by its depth for one, must not fail the build.
    return unreadable({ reason: String(error), line: 1, column: 1 });
  }
}

async function transformCandidate(
  code: string,
  id: string,
  file: string,
  options: TransformOptions,
): Promise<TransformResult | undefined> {
  if (isGenerated(code)) return untouched('generated or minified code');
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
  const plan = await planModule(code, file, module, pragmas, options);
  const problems = pragmaProblems(pragmas);
  const { targets, skipped } = plan;
  if (targets.length === 0) {
    return skipped.length + problems.length > 0 ? { ...untouched(undefined), skipped, problems } : undefined;
  }
  // Routes whose app sees all there is to see, and nothing in them to observe.
  if (plan.edits.length === 0) return { ...untouched(undefined), targets, skipped, problems };
  const kind = moduleKind(module, file);
  if (kind === undefined) {
    problems.push({ code: 'RS1205', line: 1, column: 1 });
    return { ...untouched('neither an ES module nor CommonJS'), problems };
  }
  return {
    output: write(code, id, module, plan, kind),
    targets,
    skipped,
    fileReason: undefined,
    problems,
  };
}

function unreadable(failure: ParseFailure): TransformResult {
  return { ...untouched('it cannot be parsed'), problems: [{ code: 'RS1201', ...failure }] };
}

function untouched(fileReason: string | undefined): TransformResult {
  return { output: undefined, targets: [], skipped: [], fileReason, problems: [] };
}

function write(
  code: string,
  id: string,
  module: ParsedModule,
  plan: Plan,
  kind: 'esm' | 'cjs',
): { code: string; map: SourceMap } {
  const text = new MagicString(code);
  const statements = [...plan.hooks].map(([source, hooks]) => importStatement(kind, source, hooks)).join('');
  text.appendLeft(importPosition(module.program, code, module.comments), statements);
  applyEdits(text, plan.edits);
  return {
    code: text.toString(),
    // A map with less than a boundary at each token is wrong for nearly every position in a line.
    map: text.generateMap({ hires: 'boundary', source: id, includeContent: true }),
  };
}
