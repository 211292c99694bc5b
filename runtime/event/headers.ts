/** Headers as applications have them, and how they are written: cookies keep their names, and lose their values. */
import type { Masker } from '../masking/mask.ts';
import { MASKED } from '../masking/patterns.ts';
import type { HeaderRecord } from '../protocol.ts';
import { serialise } from '../masking/serialise.ts';

/** Headers, a Map or pairs, too. */
export type AnyHeaders = HeaderRecord | Iterable<readonly [string, string]>;

/** What may stand beside the value of a cookie that is set. A comma would begin another cookie. */
const ATTRIBUTE =
  /^(?:(?:path|domain|samesite|priority|max-age)=[^,=\s]*|expires=\w{3,9},[\w :+-]*|secure|httponly|partitioned)$/i;

/** The name of a cookie. What ends in `=` may be a value without a name, in base64. */
const NAME = /^([\w!#$%&'*+.^`|~-]+)=(?!=|$)/;

const COOKIE = /^(set-)?cookie$/i;

/** A record of headers from whatever carries them, names and values in turn included. What carries none stays as it is. */
export function toHeaderRecord(headers: unknown): HeaderRecord | undefined {
  try {
    if (typeof headers !== 'object' || headers === null || !(Symbol.iterator in headers)) {
      return headers as HeaderRecord;
    }
    const list = [...(headers as Iterable<unknown>)];
    const record = Object.create(null) as Record<string, string | string[]>;
    const add = (name: unknown, value: unknown): void => {
      const known = record[String(name)];
      record[String(name)] = (known === undefined ? value : [known, value].flat()) as string;
    };
    if (list.every((item) => Array.isArray(item)))
      list.forEach(([name, value]: unknown[]) => add(name, value));
    else for (let index = 0; index < list.length; index += 2) add(list[index], list[index + 1]);
    return record;
  } catch {
    return undefined;
  }
}

/** The value of a header, whatever the case of its name; values of a repeated one are joined with commas. */
export function readHeader(headers: HeaderRecord | Headers | undefined, name: string): string | undefined {
  try {
    const record = Object(headers) as HeaderRecord | Headers;
    if (typeof record.get === 'function') return (record as Headers).get(name) ?? undefined;
    const key = Object.keys(record).find((one) => one.toLowerCase() === name);
    const value = key === undefined ? undefined : (record as HeaderRecord)[key];
    return value ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON of headers, masked. */
export function headersJson(
  headers: HeaderRecord | undefined,
  masker: Masker,
  maxBytes: number,
): string | undefined {
  try {
    const cookies = headers && Object.keys(headers).filter((name) => COOKIE.test(name));
    if (headers === undefined || cookies === undefined || cookies.length === 0) {
      return serialise(headers, masker, maxBytes);
    }
    const shown: Record<string, unknown> = { ...headers };
    for (const name of cookies) shown[name] = withoutValues(shown[name], name.length > 'cookie'.length);
    const isSecret = (name: string): boolean => !COOKIE.test(name) && masker.isSecret(name);
    return serialise(shown, { ...masker, isSecret }, maxBytes);
  } catch {
    return serialise(headers, masker, maxBytes);
  }
}

function withoutValues(cookies: unknown, isSet: boolean): unknown {
  if (Array.isArray(cookies)) return cookies.map((one) => withoutValues(one, isSet));
  if (typeof cookies !== 'string') return MASKED;
  const parts = cookies.split(';').map((part) => part.trim());
  return parts
    .map((part, index) => {
      if (part === '' || (isSet && index > 0 && ATTRIBUTE.test(part))) return part;
      const [, name] = NAME.exec(part) ?? [];
      return name === undefined ? MASKED : `${name}=${MASKED}`;
    })
    .join('; ');
}
