/** What is called, by kind. Each build has a longer module in its place, with many copies (copies.ts). */
import * as service from './service.ts';

export type Work = (id: number) => Promise<number>;

export const bare: Record<string, Work[]> = {
  'computes a value': [service.priceOrder],
  'awaits another': [service.describeOrder],
  'returns a promise': [service.countLines],
};

/** The same as the plugin rewrites them. */
export const observed: Record<string, Work[]> = { ...bare };
