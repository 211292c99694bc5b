/** All that is checked of one file. */
import type { Analysis } from '../../../src/transform/analyse.ts';
import { analyseModule } from '../../../src/transform/analyse.ts';
import type { TransformResult } from '../../../src/transform/index.ts';
import { transformModule } from '../../../src/transform/index.ts';
import { isGenerated } from '../../../src/transform/prefilter.ts';
import { writeModule } from '../../../src/transform/write.ts';
import { exportsDifference } from './checks/exports.ts';
import { mapError } from './checks/map.ts';
import { heldBackInVain } from './checks/prefilter.ts';
import type { Reading } from './checks/reading.ts';
import { isPlain, read, readAs } from './checks/reading.ts';
import { changedStatement } from './checks/statements.ts';
import { syntaxError } from './checks/syntax.ts';
import { observeAll } from './every-function.ts';
import { everything, unfiltered } from './everything.ts';
import type { Tally } from './tally.ts';
import { count } from './tally.ts';

type Output = NonNullable<TransformResult['output']>;

/** A file, and where to put what is found out about it. */
export interface Subject {
  code: string;
  /** Its absolute path. */
  path: string;
  /** The same within its package, as if that were the project. */
  file: string;
  tally: Tally;
  /** Of its text; undefined if oxc does not read it. */
  read(): Reading | undefined;
}

export function createSubject(code: string, path: string, file: string, tally: Tally): Subject {
  let known: { reading: Reading | undefined } | undefined;
  return { code, path, file, tally, read: () => (known ??= { reading: read(code, file) }).reading };
}

/** What a build makes of it, and what it would if it looked into everything. */
export async function checkBuild(subject: Subject): Promise<void> {
  const { code, path, file, tally } = subject;
  const { result, analysis, milliseconds } = await build(subject);
  tally.files++;
  tally.characters += code.length;
  tally.milliseconds += milliseconds;
  tally.slowest.push({ path, characters: code.length, milliseconds });
  // A build does not look into generated code; what it would find there is rewritten, and what it would not, not asked for.
  const generated = isGenerated(code);
  if (result !== undefined && generated) count(tally.leftAlone, result.fileReason ?? '', path);
  const options = generated ? everything : unfiltered;
  const { mayRegister, mayRegisterJobs } = everything.prefilter;
  const isWhole = analysis !== undefined && mayRegister(code) && mayRegisterJobs(code);
  const isHeldBack = generated && result === undefined;
  const whole = isWhole ? analysis : isHeldBack ? undefined : analyseModule(code, file, options);
  const heldBack = generated ? undefined : heldBackInVain(code, file, result, whole);
  if (heldBack !== undefined) tally.failures.push({ check: 'prefilter', path, finding: heldBack });
  if (whole === undefined) return;
  note(subject, whole, generated);
  if (whole.insertions.length === 0) return;
  tally.rewritten++;
  const output = result?.output ?? writeModule(code, path, whole.insertions);
  await checkOutput(subject, output, whole);
}

/** The rewrite of each function, whether or not anybody would ask for it. */
export async function checkEveryFunction(subject: Subject): Promise<void> {
  const { code, path, file, tally } = subject;
  const all = observeAll(code, file);
  if (all === undefined) return;
  tally.functions += all.functions;
  await checkOutput(subject, writeModule(code, path, all.insertions));
}

async function build({ code, path, file }: Subject): Promise<{
  result: TransformResult | undefined;
  analysis: Analysis | undefined;
  milliseconds: number;
}> {
  let analysis: Analysis | undefined;
  const kept = {
    get: () => undefined,
    set: (_: string, __: string, fresh: Analysis | 'none') => {
      if (fresh !== 'none') analysis = fresh;
    },
  };
  // Time of the processor, of which others may have the rest.
  const began = process.cpuUsage();
  const result = await transformModule(code, path, file, everything, () => kept);
  const { user, system } = process.cpuUsage(began);
  return { result, analysis, milliseconds: (user + system) / 1000 };
}

function note(subject: Subject, whole: Analysis, generated: boolean): void {
  const { path, tally } = subject;
  if (whole.fileReason === 'it cannot be parsed') {
    const [problem] = whole.problems;
    const cause = problem && 'reason' in problem ? problem.reason : '';
    const others = subject.read() === undefined ? 'nor by oxc' : 'but by oxc';
    count(tally.unread, `${others}: ${cause.replaceAll(/['"`].*?['"`]/g, '…').slice(0, 100)}`, path);
  } else if (whole.fileReason !== undefined) count(tally.leftAlone, whole.fileReason, path);
  for (const { reason } of whole.skipped) count(tally.skipped, reason, path);
  for (const { kind } of whole.targets) count(tally.targets, kind, path);
  if (generated) tally.generated += whole.targets.length;
}

/** @param analysis of a build, which says where its targets are */
async function checkOutput(subject: Subject, output: Output, analysis?: Analysis): Promise<void> {
  const { code, path, file, tally } = subject;
  // Of all the functions of plain JavaScript the engine is judge enough, and quicker.
  const before = { code, reading: analysis || !isPlain(file) ? subject.read() : undefined };
  const reading = before.reading && readAs(output.code, file, before.reading.options);
  const after = { code: output.code, reading };
  if (reading === undefined && analysis) count(tally.unjudged, 'oxc does not read it', path);
  const findings = {
    syntax: syntaxError(code, output.code, file, reading),
    exports: exportsDifference(before, after, file),
    map: mapError(code, output.code, path, output.map),
    statements: reading && analysis && changedStatement(before, after, analysis.targets),
    'second run': (await transformModule(output.code, path, file, everything)) && 'finds something to do',
  };
  for (const [check, finding] of Object.entries(findings)) {
    if (finding !== undefined) tally.failures.push({ check, path, finding });
  }
}
