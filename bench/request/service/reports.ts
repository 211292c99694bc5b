/** Fails, three calls deep. */

export async function createReport(year: number): Promise<unknown> {
  return { year, turnover: await turnoverOf(year) };
}

export async function turnoverOf(year: number): Promise<number> {
  const months = await loadMonths(year);
  return months.reduce((sum, month) => sum + month, 0);
}

export async function loadMonths(year: number): Promise<number[]> {
  await Promise.resolve();
  throw new TypeError(`There are no figures of ${year}`);
}
