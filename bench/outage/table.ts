/** What was seen, as Markdown, beside what it is to be. */
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
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
    const healthy = records.find(({ variant, outage }) => variant === one.variant && outage === 'none') ?? one;
    const half = Math.floor(one.rss.length / 2);
    const beyond = one.rss.slice(half).map((bytes, index) => (bytes - (healthy.rss[half + index] ?? bytes)) / 2 ** 20);
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
      'variant',
      'outage',
      'made in it',
      'kept',
      'newest',
      'dropped, said',
      'unaccounted',
      'twice',
      'errors',
      'sockets',
      'at the receiver',
      'memory beyond the healthy run, MiB: min',
      'median',
      'max',
      'growth',
      'CPU per request, × healthy',
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

export function signed(mebibytes: number): string {
  return `${mebibytes < 0 ? '−' : '+'}${Math.abs(mebibytes).toFixed(1)}`;
}
