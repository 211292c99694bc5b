/** What was seen, as Markdown, beside what it is to be. */
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
import type { Delivered } from './aborted.ts';
import type { OpenMemory } from './open.ts';
import type { Record } from './run.ts';

export interface Row extends Record {
  /** Mebibytes in memory beyond the healthy run of the same variant, at the same time, over the second half. */
  memory: { min: number; median: number; max: number };
  /** By how many the median of its last quarter is above that of the third. */
  growth: number;
  /** Processor time for a request, as a multiple of the healthy run's. */
  cpuRatio: number;
}

/** Sets each record beside the healthy run of its variant. */
export function toRows(records: readonly Record[]): Row[] {
  return records.map((one) => {
    const healthy =
      records.find(({ variant, outage }) => variant === one.variant && outage === 'none') ?? one;
    const half = Math.floor(one.rss.length / 2);
    const beyond = one.rss
      .slice(half)
      .map((bytes, index) => (bytes - (healthy.rss[half + index] ?? bytes)) / 2 ** 20);
    const quarter = Math.floor(beyond.length / 2);
    return {
      ...one,
      memory: { min: Math.min(...beyond), median: median(beyond), max: Math.max(...beyond) },
      growth: (median(one.rss.slice(half + quarter)) - median(one.rss.slice(half, half + quarter))) / 2 ** 20,
      cpuRatio: one.cpu / healthy.cpu,
    };
  });
}

export function table(rows: readonly Row[]): string {
  return markdown([
    [
      '',
      'outage',
      'made in it',
      'kept (bar: 100, goal: all)',
      'the newest',
      'dropped',
      'unaccounted for',
      'twice',
      'errors',
      'sockets (bar: 2)',
      'seen by the receiver',
      'MiB beyond the healthy run (bar: 30, goal: 15): min',
      'median',
      'max',
      'growth, MiB',
      'CPU a request, × healthy',
    ],
    ...rows.map((row) => [
      row.variant,
      row.outage,
      `${row.during}`,
      row.outage === 'none' ? '–' : `${row.kept}`,
      row.outage === 'none' ? '–' : row.newest ? 'yes' : 'no',
      `${row.dropped ?? '–'}`,
      `${row.made - row.delivered - (row.dropped ?? 0) - (row.left ?? 0)}`,
      `${row.repeated}`,
      `${row.errors}`,
      `${row.sockets}`,
      `${row.receiverSockets}`,
      signed(row.memory.min),
      signed(row.memory.median),
      signed(row.memory.max),
      signed(row.growth),
      row.cpuRatio.toFixed(2),
    ]),
  ]);
}

export function abortedTable(rows: readonly Delivered[]): string {
  return markdown([
    ['their clients left', 'requests', 'delivered (bar: all)', 'twice'],
    ...rows.map(({ when, made, delivered, repeated }) => [when, `${made}`, `${delivered}`, `${repeated}`]),
  ]);
}

export function openTable(rows: readonly OpenMemory[]): string {
  const of = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const kinds = { heap: 'heap and external, collected', rss: 'resident set' } as const;
  return markdown([
    ['open requests', 'MiB', 'bare', 'beyond it (bar: 20)', 'bytes each'],
    ...rows.flatMap(({ requests, ours, bare }) =>
      (['heap', 'rss'] as const).map((what) => [
        `${requests}, ${kinds[what]}`,
        of(ours[what]),
        of(bare[what]),
        signed((ours[what] - bare[what]) / 2 ** 20),
        Math.round((ours[what] - bare[what]) / requests).toString(),
      ]),
    ),
  ]);
}

function signed(mebibytes: number): string {
  return `${mebibytes < 0 ? '−' : '+'}${Math.abs(mebibytes).toFixed(1)}`;
}
