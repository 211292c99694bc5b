/** Headers as applications have them, and how they are written: cookies keep their names, and lose their values. */
import type { Masker } from '../masking/mask.ts';
import { MASKED } from '../masking/patterns.ts';
import { bounded, serialise } from '../masking/serialise.ts';
import type { HeaderRecord } from '../protocol.ts';
import { createMemo } from './memo.ts';
import { plainText } from './text.ts';

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
    const plain = record as HeaderRecord;
    // Node's are in lower case.
    if (Object.hasOwn(plain, name)) return plain[name] ? String(plain[name]) : undefined;
    for (const key in plain) {
      if (key.length !== name.length || key.toLowerCase() !== name) continue;
      return plain[key] ? String(plain[key]) : undefined;
    }
    return undefined;
  } catch {
    return undefined;
  }
}

/** What is known of a header for its name. */
interface Known {
  /** The name as a member's, up to its value. */
  json: string;
  isSecret: boolean;
  cookies: 'none' | 'sent' | 'set';
  /** The JSON of a value of it, if nothing is to be masked in that. */
  plain: (value: string) => string | undefined;
}

/** How many headers are known, and how many values of each. */
const MAX_NAMES = 500;
const MAX_VALUES = 20;

/** Makes the JSON of headers, masked. */
export function createHeaderWriter(
  masker: Masker,
  maxBytes: number,
): (headers: HeaderRecord | undefined) => string | undefined {
  const names = new Map<string, Known>();

  function describe(name: string): Known {
    let known = names.get(name);
    if (known === undefined) {
      const isCookie = COOKIE.test(name);
      known = {
        json: `${JSON.stringify(masker.text(name))}:`,
        isSecret: !isCookie && masker.isSecret(name),
        plain: createMemo((value) => plainText(value, masker), MAX_VALUES),
        cookies: !isCookie ? 'none' : name.length > 'cookie'.length ? 'set' : 'sent',
      };
      if (names.size >= MAX_NAMES) names.clear();
      if (name.length < 100) names.set(name, known);
    }
    return known;
  }
  function valueJson(value: unknown, { plain }: Known): string | undefined {
    if (typeof value === 'string') return plain(value) ?? serialise(value, masker, maxBytes);
    // Applications may set a header to a number, or to `true`.
    if (isPlain(value)) return `"${String(value)}"`;
    const texts = Array.isArray(value)
      ? value.map((one: unknown) => (isPlain(one) ? String(one) : one))
      : value;
    return serialise(texts, masker, maxBytes);
  }

  return (headers) => {
    if (headers === undefined || typeof headers !== 'object') return serialise(headers, masker, maxBytes);
    let json = '';
    try {
      for (const name of Object.keys(headers)) {
        const known = describe(name);
        const { json: before, isSecret, cookies } = known;
        const value = headers[name];
        if (value === undefined) continue;
        const shown = cookies === 'none' ? value : withoutValues(value, cookies === 'set');
        json += `${json === '' ? '{' : ','}${before}${isSecret ? `"${MASKED}"` : valueJson(shown, known)}`;
      }
    } catch {
      return serialise(headers, masker, maxBytes);
    }
    return bounded(json === '' ? '{}' : `${json}}`, maxBytes);
  };
}

/** What is no text, but on its way becomes one in which there is nothing to mask. */
function isPlain(value: unknown): boolean {
  return value === null || /^(?:number|boolean|bigint)$/.test(typeof value);
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
