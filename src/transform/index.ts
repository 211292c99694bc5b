/**
 * The transform: text of a module in, text and map out, or nothing if the module holds nothing for us.
 *
 *     prefilter ▶ kept result, or parse ▶ pragmas ▶ targets, registrations ▶ plan ▶ insertions ▶ code + map
 *
 * @module
 */
import type { SourceMap } from 'magic-string';
import type * as analyser from './analyse.ts';
import type * as writer from './write.ts';
import type { Analysis } from './analyse.ts';
import { isInstrumented } from './names.ts';
import type { TransformOptions } from './options.ts';
import { isGenerated } from './prefilter.ts';

export type { Analysis } from './analyse.ts';
export type { TransformOptions } from './options.ts';
export type { PassedOver, Plan, Skip, Target } from './planned.ts';

/** What became of a module that was looked at. */
export interface TransformResult extends Omit<Analysis, 'insertions'> {
  /** Undefined when the module stays as it is. */
  output: { code: string; map: SourceMap } | undefined;
}

/** Results of an earlier build. */
export interface Analyses {
  /** Undefined if there is none; `none` of a module that holds nothing for us. */
  get(code: string, file: string): Analysis | 'none' | undefined;
  set(code: string, file: string, analysis: Analysis | 'none'): void;
}

/** The parser is loaded for the first module that has to be parsed. */
let loaded: Promise<typeof analyser> | undefined;
/** What writes is loaded for the first that is rewritten. */
let writing: Promise<typeof writer> | undefined;

/**
 * Instruments a module.
 *
 * @param code its text
 * @param id its absolute path, which the map names as its source
 * @param file the same relative to the project's root, with POSIX slashes: what events and reports call it
 * @param kept gives results of earlier builds, if any are kept
 * @returns undefined for a module without anything for us, which is most
 */
export async function transformModule(
  code: string,
  id: string,
  file: string,
  options: TransformOptions,
  kept: () => Analyses | undefined = () => undefined,
): Promise<TransformResult | undefined> {
  if (!options.prefilter.mayHoldTargets(code, file) || isInstrumented(code)) return undefined;
  const analysis =
    isGenerated(code) && !isInternal(file, options)
      ? { insertions: [], targets: [], skipped: [], fileReason: 'generated or minified code', problems: [] }
      : (kept()?.get(code, file) ?? (await analyse()));
  if (analysis === 'none') return undefined;
  const { insertions, ...result } = analysis;
  if (insertions.length === 0) return { ...result, output: undefined };
  const { writeModule } = await (writing ??= import('./write.ts'));
  return { ...result, output: writeModule(code, id, insertions) };

  async function analyse(): Promise<Analysis | 'none'> {
    const { analyseModule, isUnreadable } = await (loaded ??= import('./analyse.ts'));
    const fresh = analyseModule(code, file, options) ?? 'none';
    // Another parser may read it tomorrow.
    if (!isUnreadable(fresh)) kept()?.set(code, file, fresh);
    return fresh;
  }
}

/** What a framework generates for itself is known. */
function isInternal(file: string, { conventions }: TransformOptions): boolean {
  return conventions.some(({ entries }) =>
    entries.some(({ internal, route }) => internal === true && route(file) !== undefined),
  );
}
