/** Small checks that combine into the shape of a JSON value, and name every place where a value departs from it. */

/** Appends to `problems` what is wrong with the value at `path`. */
export type Check = (value: unknown, path: string, problems: string[]) => void;

type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const shown = JSON.stringify(value) ?? typeof value;
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

/** The check for one kind of value: `expected` completes the sentence "… must be". */
export function is(expected: string, holds: (value: unknown) => boolean): Check {
  return (value, path, problems) => {
    if (!holds(value)) problems.push(`${path} must be ${expected}, not ${describe(value)}`);
  };
}

export const anything: Check = () => {};

export const string: Check = is('a string', (value) => typeof value === 'string');

export const text: Check = is(
  'a string that is not empty',
  (value) => typeof value === 'string' && value !== '',
);

export const boolean: Check = is('true or false', (value) => typeof value === 'boolean');

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Check {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  return is(
    `a whole number ${range}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  );
}

/** The form that Date.prototype.toISOString writes, so that neither the zone nor the calendar is left to the reader. */
export const isoTimestamp: Check = is('an ISO 8601 time in UTC', (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value.slice(0, 19));
});

export function oneOf(...values: readonly string[]): Check {
  return is(`one of ${values.join(', ')}`, (value) => typeof value === 'string' && values.includes(value));
}

export function orNull(check: Check): Check {
  return (value, path, problems) => {
    if (value !== null) check(value, path, problems);
  };
}

export function arrayOf(check: Check): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return is('an array', () => false)(value, path, problems);
    for (const [index, entry] of value.entries()) check(entry, `${path}[${index}]`, problems);
  };
}

/** An object with any keys, each of whose values passes the check. */
export function recordOf(check: Check): Check {
  return (value, path, problems) => {
    if (!isRecord(value)) return is('an object', () => false)(value, path, problems);
    for (const [key, entry] of Object.entries(value)) check(entry, `${path}.${key}`, problems);
  };
}

interface Shape {
  required?: Record<string, Check>;
  optional?: Record<string, Check>;
  /** Further keys are fine. */
  open?: boolean;
}

export function shape({ required = {}, optional = {}, open = false }: Shape): Check {
  const known = new Map(Object.entries({ ...required, ...optional }));
  return (value, path, problems) => {
    if (!isRecord(value)) return is('an object', () => false)(value, path, problems);
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(value, key)) problems.push(`${at(key)} is missing`);
    }
    for (const [key, entry] of Object.entries(value)) {
      const check = known.get(key);
      if (check !== undefined) check(entry, at(key), problems);
      else if (!open) problems.push(`${at(key)} is not a key of the contract`);
    }
  };
}
