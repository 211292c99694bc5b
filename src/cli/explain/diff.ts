/** The rewrite as a unified diff. Lines of both texts correspond, since no line break is ever put in: nothing is to be compared. */
import { paint } from '../paint.ts';
import type { Explanation } from './explanation.ts';

const AROUND = 3;

/** As `git apply` and `patch` take it; empty for a file that stays as it is. */
export function diffOf({ file, code, result }: Explanation): string {
  if (result?.output === undefined) return '';
  const before = linesOf(code);
  const after = linesOf(result.output.code);
  // Without it, readers take a name to end where it has a space.
  const end = file.includes(' ') ? '\t' : '';
  const hunks = rangesOf(before.flatMap((line, index) => (line === after[index] ? [] : [index])));
  return [
    `--- a/${file}${end}`,
    `+++ b/${file}${end}`,
    ...hunks.flatMap(([from, to]) => hunk(before, after, Math.max(0, from - AROUND), to + AROUND + 1)),
    '',
  ].join('\n');
}

/** A diff as a terminal shows it. */
export function paintDiff(diff: string): string {
  return diff.replaceAll(/^(?:(---|\+\+\+) |(@@)|([-+])).*/gm, (line, head?: string, range?: string) => {
    if (head !== undefined) return paint.bold(line);
    if (range !== undefined) return paint.cyan(line);
    return line.startsWith('+') ? paint.green(line) : paint.red(line);
  });
}

/** Line feeds alone divide lines here, and the last one need not end in one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines[lines.length - 1] += '\n\\ No newline at end of file';
  return lines;
}

/** First and last of lines that are so near each other that they go into one hunk. */
function rangesOf(changed: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const line of changed) {
    const last = ranges.at(-1);
    if (last !== undefined && line - last[1] <= 2 * AROUND) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}

function hunk(before: readonly string[], after: readonly string[], from: number, to: number): string[] {
  const old = before.slice(from, to);
  const lines = [`@@ -${from + 1},${old.length} +${from + 1},${old.length} @@`];
  let added: string[] = [];
  for (const [index, line] of old.entries()) {
    const written = after[from + index] ?? '';
    if (written === line) {
      lines.push(...added, ` ${line}`);
      added = [];
    } else {
      lines.push(`-${line}`);
      added.push(`+${written}`);
    }
  }
  return [...lines, ...added];
}
