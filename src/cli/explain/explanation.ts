/** What a build would do with a file, found out by doing it. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { createIdFilter } from '../../bundlers/id-filter.ts';
import { declaredPackages } from '../../dependencies.ts';
import type { ResolvedPluginOptions } from '../../options/index.ts';
import { siteOf } from '../../module-id.ts';
import { selectTargets } from '../../selection.ts';
import type { PassedOver, Plan, TransformOptions, TransformResult } from '../../transform/index.ts';
import { transformModule } from '../../transform/index.ts';
import { isInstrumented } from '../../transform/names.ts';
import { Failure, reasonOf } from '../failure.ts';
import { conventionsOf } from './conventions.ts';

export interface Explanation {
  /** Relative to the project, with POSIX slashes. */
  file: string;
  code: string;
  /** Undefined for a file that holds nothing for us; why is in `reason`. */
  result: TransformResult | undefined;
  /** Why nothing in the file is instrumented. */
  reason: string | undefined;
  /** By target, why it is one. */
  evidence: Plan['evidence'];
  passedOver: readonly PassedOver[];
  /** What was looked for. */
  settings: TransformOptions;
}

/** Explains one file after the other, of the project in the working directory. */
export function createExplainer(options: ResolvedPluginOptions): (path: string) => Promise<Explanation> {
  const root = process.cwd();
  let plan: Plan | undefined;
  const settings: TransformOptions = {
    ...selectTargets(options, conventionsOf(root), declaredPackages(root)),
    inspect: (planned) => void (plan = planned),
  };
  return async (path) => {
    const file = relative(root, path).replaceAll('\\', '/');
    const code = await readSource(path, file);
    plan = undefined;
    const excluded = reasonOfOptions(path, options);
    const result =
      excluded === undefined ? await transformModule(code, path, siteOf(file), settings) : undefined;
    return {
      file,
      code,
      result,
      reason:
        excluded ?? (result === undefined ? reasonOfText(code, siteOf(file), settings) : result.fileReason),
      ...planOf(plan),
      settings,
    };
  };
}

function planOf(plan: Plan | undefined): Pick<Explanation, 'evidence' | 'passedOver'> {
  return { evidence: plan?.evidence ?? new Map(), passedOver: plan?.passedOver ?? [] };
}

async function readSource(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Why the build would not look at the file. */
function reasonOfOptions(
  path: string,
  { enabled, include, exclude }: ResolvedPluginOptions,
): string | undefined {
  if (!enabled) return 'the option `enabled` is false';
  const matches = (pattern: string | RegExp): boolean =>
    createIdFilter({ include: [pattern], exclude: [] })(path);
  const excluding = exclude.find(matches);
  if (excluding !== undefined) return `the option \`exclude\` has it in ${excluding}`;
  return include.some(matches) ? undefined : 'it is not among what the option `include` names';
}

/** Why there is nothing in it for us, in the order in which the build finds out. */
function reasonOfText(code: string, file: string, { prefilter }: TransformOptions): string {
  if (!prefilter.mayHoldTargets(code, file)) {
    return 'its text has no exported async function, no handler and no pragma, so that it is not even parsed';
  }
  if (isInstrumented(code)) return 'it is instrumented already';
  return 'there is nothing in it to instrument';
}
