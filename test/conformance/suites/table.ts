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
  const totals = rows.map(numbersOf);
  const sums = HEAD.slice(2).map((_, column) => totals.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  const rule = HEAD.map((_, column) => (column < 2 ? '---' : '--:'));
  return [line(HEAD), line(rule), ...rows.map(lineOf), line(['together', '', ...sums])].join('\n');
}

/** Of one package. */
export function lineOf({ suite: { name, kind }, version, ...row }: Row): string {
  return line([`${name} ${version}`, kind, ...numbersOf(row)]);
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function numbersOf(row: Omit<Row, 'suite' | 'version'>): number[] {
  const { tests, failing, unsteady, changed, functions, routes, events } = row;
  return [tests, failing.length, unsteady.size, changed.size, functions, routes, events];
}
