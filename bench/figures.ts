/** Order statistics. */

/** @param share in percent */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}
