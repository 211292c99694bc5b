/** What came of the packages, as the README has it. */
import type { Comparison } from './compare.ts';
import type { Instrumented } from './instrument.ts';
import type { Suite } from './suites.ts';

export interface Row extends Comparison, Instrumented {
  suite: Suite;
  version: string;
  /** That the receiver got. */
  events: number;
}

const HEAD = [
  'package',
  'what it is',
  'tests',
  'fail anyway',
  'unsteady',
  'changed',
  'functions',
  'routes',
  'events',
];

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ suite: { name, kind }, version, ...row }) => [
    `${name} ${version}`,
    kind,
    ...numbersOf(row),
  ]);
  const totals = rows.map(numbersOf);
  const sums = HEAD.slice(2).map((_, column) => totals.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return [HEAD, HEAD.map((_, column) => (column < 2 ? '---' : '--:')), ...lines, ['together', '', ...sums]]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function numbersOf(row: Omit<Row, 'suite' | 'version'>): number[] {
  const { tests, failing, unsteady, changed, functions, routes, events } = row;
  return [tests, failing.length, unsteady.size, changed.size, functions, routes, events];
}
