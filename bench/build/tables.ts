/** What was measured, for people. */
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
import type { Cost } from './child.ts';
import type { Scenario } from './scenarios.ts';
import type { TransformCost } from './transform.ts';
import type { Costs } from './workshop.ts';

/** A row for each variant but the first, as a multiple of it in the same round. */
export function rowsOf({ name, variants, bar = '', goal = '' }: Scenario, costs: Costs): string[][] {
  const [reference, ...others] = variants;
  const bare = (reference && costs[reference]) ?? [];
  return others.map((variant) => {
    const ratios = (of: keyof Cost): number[] =>
      (costs[variant] ?? []).map((cost, round) => cost[of] / (bare[round]?.[of] ?? NaN));
    const wall = ratios('wall');
    const isOurs = variant.startsWith('replaystack');
    return [
      name,
      variant,
      ...[Math.min(...wall), median(wall), Math.max(...wall)].map(twoDigits),
      isOurs ? bar : '',
      isOurs ? goal : '',
      twoDigits(median(ratios('cpu'))),
      twoDigits(median(ratios('memory'))),
      twoDigits(median(bare.map((cost) => cost.wall / 1000))),
    ];
  });
}

export function transformTable(costs: readonly TransformCost[]): string {
  return markdown([
    ['transform of 2 MB, every module with targets', 'CPU ms for a MB: min', 'median', 'max', 'bar', 'goal'],
    ...costs.map(({ name, perMegabyte }) => [name, ...spread(perMegabyte), '480', '300']),
  ]);
}

export function growthTable(costs: readonly TransformCost[]): string {
  return markdown([
    ['modules with targets', 'CPU ms for a MB: min', 'median', 'max'],
    ...costs.map(({ name, perMegabyte }) => [name, ...spread(perMegabyte)]),
  ]);
}

function spread(numbers: readonly number[]): string[] {
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)].map((number) => number.toFixed(0));
}

function twoDigits(number: number): string {
  return number.toFixed(2);
}
