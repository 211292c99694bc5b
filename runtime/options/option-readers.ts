/** How values of options are read, from code and from the environment alike; undefined means that a value does not fit. */

export type Reader = (value: unknown) => unknown;

const LEVELS = ['debug', 'info', 'warning', 'error'];

/** Timers take no more, and no count needs more. */
const MAX_COUNT = 2 ** 31 - 1;

export function text(value: unknown): string | undefined {
  return (typeof value === 'string' && value.trim()) || undefined;
}

/** An absolute URL without the slashes at its end. */
export function webUrl(value: unknown): string | undefined {
  const url = text(value)?.replace(/\/+$/, '') ?? '';
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

/** `0`, `false`, `no`, `off` and the empty text are false, all other texts are true. */
export function flag(value: unknown): boolean | undefined {
  if (typeof value === 'string') return !/^\s*(0|false|no|off|)\s*$/i.test(value);
  return typeof value === 'boolean' ? value : undefined;
}

/** @returns a reader of whole numbers from `min`; larger ones than `max` count as `max` */
export function count(min: number, max: number = MAX_COUNT): Reader {
  return (value) => {
    const number = toNumber(value);
    return number >= min ? Math.min(Math.floor(number), max) : undefined;
  };
}

export function ratio(value: unknown): number | undefined {
  const number = toNumber(value);
  return number >= 0 && number <= 1 ? number : undefined;
}

/** @returns NaN for what is no number */
function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number(text(value) ?? NaN);
}

/** Texts, in a list or separated by commas. */
export function list(value: unknown): string[] | undefined {
  const items: unknown = typeof value === 'string' ? value.split(',') : value;
  return Array.isArray(items) ? items.map(text).filter((item) => item !== undefined) : undefined;
}

/** Names and expressions, or a function that decides. */
export function hosts(value: unknown): unknown {
  const items: unknown = typeof value === 'string' ? list(value) : value;
  if (!Array.isArray(items)) return callback(value);
  const read = items.map((item: unknown) => (item instanceof RegExp ? item : hostName(item)));
  return read.includes(undefined) ? undefined : read;
}

/** A star stands for what is in front of a name, and an address is none. */
function hostName(value: unknown): string | undefined {
  const name = text(value)?.trim();
  return name !== undefined && /^\*?[^*/]*$/.test(name) ? name : undefined;
}

export function level(value: unknown): string | undefined {
  // As the console and the usual loggers call it.
  const given = text(value)
    ?.toLowerCase()
    .replace(/^warn$/, 'warning');
  return LEVELS.find((name) => name === given);
}

/** How serious a level is; unknown ones are the least. */
export function severity(name: string): number {
  return LEVELS.indexOf(name);
}

export function fieldRules(value: unknown): { fields: string[] } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return { fields: list((value as { fields?: unknown }).fields) ?? [] };
}

export function callback(value: unknown): unknown {
  return typeof value === 'function' ? value : undefined;
}
