/** The outcomes as Markdown. */
import { markdown } from '../markdown.ts';
import type { KillOutcome } from './kills.ts';
import type { Outcome } from './scenario.ts';

export function table(outcomes: readonly Outcome[]): string {
  return markdown([
    [
      'receiver',
      'errors (bare)',
      'p99, × bare',
      'made',
      'delivered',
      'dropped',
      'refused',
      'left',
      'queued at the end',
      'twice',
      'answer cut',
      'in order',
      'requests',
      'sockets',
      'RSS MiB (bare)',
    ],
    ...outcomes.map((one) => [
      one.name,
      `${one.errors} (${one.bareErrors})`,
      one.p99Ratio.toFixed(2),
      `${one.made}`,
      `${one.delivered}`,
      `${one.dropped}`,
      `${one.refused}`,
      `${one.left}`,
      `${one.queued}`,
      `${one.repeated}`,
      `${one.cut}`,
      one.inOrder === undefined ? '–' : one.inOrder ? 'yes' : 'no',
      `${one.requests}`,
      `${one.sockets}`,
      `${signed(one.growth)} (${signed(one.bareGrowth)})`,
    ]),
  ]);
}

export function killTable(outcomes: readonly KillOutcome[]): string {
  return markdown([
    ['', 'kills', 'accepted', 'delivered', 'lost', 'twice', 'said to be perhaps twice', 'files left'],
    ...outcomes.map(({ name, kills, accepted, delivered, lost, repeated, said, files }) => [
      name,
      ...[kills, accepted, delivered, lost, repeated, said, files].map(String),
    ]),
  ]);
}

function signed(mebibytes: number): string {
  return `${mebibytes < 0 ? '−' : '+'}${Math.abs(mebibytes).toFixed(1)}`;
}
