/** A tally for people. */
import type { Counts, Tally } from './tally.ts';
import { total } from './tally.ts';

export function toMarkdown(tally: Tally): string {
  const { files, characters, milliseconds, repeated, rewritten, targets, generated, functions, failures } =
    tally;
  const megabytes = characters / 1e6;
  const kinds = Object.entries(targets).map(([kind, { number }]) => `${number} ${kind}`);
  const rows = [
    ['files with a text of their own', files],
    ['files whose text was seen before', repeated],
    ['MB', megabytes.toFixed(0)],
    ['MB/s in one process, as a build has it', (megabytes / (milliseconds / 1000)).toFixed(1)],
    ['files rewritten', rewritten],
    ['targets', `${total(targets)}: ${kinds.join(', ')}`],
    ['of them in generated or minified code', generated],
    ['functions rewritten beyond what a build would', functions],
    ['outputs that oxc could not judge', total(tally.unjudged)],
    ['failures', failures.length],
  ];
  return [
    table(['', ''], rows),
    reasons('Files left alone', tally.leftAlone),
    reasons('Files that cannot be parsed', tally.unread),
    reasons('Functions left alone', tally.skipped),
    table(
      ['Slowest', 'kB', 'ms'],
      tally.slowest.map(({ path, characters: size, milliseconds: took }) => [
        short(path),
        (size / 1000).toFixed(0),
        took.toFixed(0),
      ]),
    ),
  ].join('\n\n');
}

function reasons(title: string, counts: Counts): string {
  const rows = Object.entries(counts)
    .sort(([, a], [, b]) => b.number - a.number)
    .map(([reason, { number, examples }]) => [reason, number, short(examples[0] ?? '')]);
  return table([title, '', 'for one'], rows);
}

/** From its package on. */
function short(path: string): string {
  return path.replace(/^.*?\/node_modules\//, '');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
