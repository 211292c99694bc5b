/** What a build did, module by module: for the summary in the log, and for the JSON report. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatDiagnostic } from './diagnostics.ts';
import type { Skip, Target, TransformResult } from './transform/index.ts';

/** One module in the report. */
interface FileReport {
  file: string;
  targets: Target[];
  skipped: Skip[];
  /** Why the whole file was left alone. */
  reason?: string;
}

/** The JSON report. */
export interface Report {
  version: string;
  totals: {
    files: number;
    routes: number;
    jobs: number;
    functions: number;
    skipped: number;
    milliseconds: number;
  };
  /** How many candidates were left alone, by reason. */
  reasons: Record<string, number>;
  files: FileReport[];
}

/** Collects the results of one build; a module that is built again takes its former place. */
export interface ReportCollector {
  add(file: string, result: TransformResult, milliseconds: number): void;
  /** The module holds nothing for us any more. */
  remove(file: string): void;
  report(): Report;
}

declare const __REPLAYSTACK_VERSION__: string;

export function createReport(): ReportCollector {
  const files = new Map<string, FileReport & { milliseconds: number }>();
  return {
    add(file, { targets, skipped, fileReason }, milliseconds) {
      files.set(file, {
        file,
        targets,
        skipped,
        ...(fileReason !== undefined && { reason: fileReason }),
        milliseconds,
      });
    },
    remove: (file) => void files.delete(file),
    report() {
      const all = [...files.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
      const targets = all.flatMap((file) => file.targets);
      const reasons: Record<string, number> = {};
      for (const { skipped, reason } of all) {
        for (const why of reason === undefined ? skipped.map((skip) => skip.reason) : [reason]) {
          reasons[why] = (reasons[why] ?? 0) + 1;
        }
      }
      return {
        version: __REPLAYSTACK_VERSION__,
        totals: {
          files: all.filter((file) => file.targets.length > 0).length,
          routes: targets.filter(({ kind }) => kind === 'route').length,
          jobs: targets.filter(({ kind }) => kind === 'job').length,
          functions: targets.filter(({ kind }) => kind === 'function').length,
          skipped: Object.values(reasons).reduce((sum, count) => sum + count, 0),
          milliseconds: Math.round(all.reduce((sum, file) => sum + file.milliseconds, 0)),
        },
        reasons,
        files: all.map(({ milliseconds: _, ...file }) => file),
      };
    },
  };
}

/**
 * `12 routes and 31 functions in 9 files, 4 left alone (3 nothing in it to observe, 1 ignored by a pragma), 48 ms`, with
 * `12 routes, 2 jobs and 31 functions` where there are jobs.
 */
export function summarise({ totals, reasons }: Report): string {
  const left = Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
  const jobs = totals.jobs > 0 ? `, ${count(totals.jobs, 'job')}` : '';
  return [
    `${count(totals.routes, 'route')}${jobs} and ${count(totals.functions, 'function')} in ${count(totals.files, 'file')}`,
    ...(totals.skipped > 0 ? [`${totals.skipped} left alone (${left})`] : []),
    `${totals.milliseconds} ms`,
  ].join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Writes the report; a problem with that is a warning, and no reason to fail a build. */
export async function writeReport(
  report: Report,
  path: string,
  root: string,
  warn: (message: string) => void,
): Promise<void> {
  const file = resolve(root, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  } catch (error) {
    warn(formatDiagnostic('RS1501', { path, reason: (error as Error).message }));
  }
}
