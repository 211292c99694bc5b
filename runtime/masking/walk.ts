/**
 * Any value to masked JSON, in one pass: a value is masked while it is written, and what would be cut is counted and never
 * copied. No value makes this throw, recurse without end or take long.
 */
import type { Masker } from './mask.ts';
import { MASKED } from './patterns.ts';
import { toView } from './view.ts';
import { byteLength } from '#platform';

/** Characters of a text that is too large that are masked and written. */
const PREVIEW = 2000;
const MAX_DEPTH = 100;

/** How many values are looked at beyond one for each byte allowed; after that the size is what was counted so far. */
const SPARE_VISITS = 100_000;

/** So many characters of a text cost as much as the look at one value: one text may stand in many places. */
const CHARS_PER_VISIT = 16;

/** Characters of a field's name that are written. */
const MAX_KEY = 2048;

/** Names of fields that are shorter cannot look like a credential. */
const SHORTEST_CREDENTIAL = 12;

/** An address or path with parameters, as in the headers `Referer` and `Location`. */
const URL_LIKE = /^(?:https?:\/)?\/[^\s?#]*[?#]/i;

/** A form that comes without its content type. */
const FORM_LIKE = /^[\w%+*.~-][\w%+*.~[\]-]{0,200}=\S*$/;

interface Pass {
  readonly masker: Masker;
  /** Characters written after which the rest is only counted. */
  readonly limit: number;
  out: string;
  full: boolean;
  /** Bytes that were not written. */
  counted: number;
  visits: number;
  readonly parents: Set<object>;
}

/** What has been written of a value. */
export interface Written {
  json: string;
  /** Of all of its JSON; more than that of `json` if it was cut. */
  bytes: number;
  isCut: boolean;
}

/**
 * @param limit characters after which the rest is only counted
 * @param isBody the value, if it is a text, is a body that could not be taken apart
 */
export function walk(value: unknown, masker: Masker, limit: number, isBody: boolean): Written {
  const pass: Pass = {
    masker,
    limit,
    out: '',
    full: false,
    counted: 0,
    visits: limit + SPARE_VISITS,
    parents: new Set(),
  };
  if (isBody && typeof value === 'string') writeText(pass, value, true);
  else write(pass, value);
  return { json: pass.out, bytes: byteLength(pass.out) + pass.counted, isCut: pass.full };
}

function charge(pass: Pass, text: string): void {
  pass.visits -= Math.floor(text.length / CHARS_PER_VISIT);
}

/** Whether enough has been looked at. What is left out then shows as a truncation. */
function isSpent(pass: Pass): boolean {
  pass.full ||= pass.visits < 0;
  return pass.visits < 0;
}

function put(pass: Pass, text: string): void {
  charge(pass, text);
  if (pass.full) {
    pass.counted += byteLength(text);
  } else {
    pass.out += text;
    pass.full = pass.out.length > pass.limit;
  }
}

function write(pass: Pass, value: unknown): void {
  pass.visits--;
  if (isSpent(pass)) return;
  if (typeof value === 'string') {
    writeText(pass, value, /^\s{0,9}[[{]/.test(value));
  } else if (typeof value === 'object' && value !== null) {
    writeObject(pass, value);
  } else {
    put(pass, scalarJson(pass, value));
  }
}

function scalarJson({ masker }: Pass, value: unknown): string {
  // Not by JSON.stringify: a function may have a toJSON, and a Proxy around one may throw.
  if (typeof value === 'function') return '"[Function]"';
  // The digits of a gigantic number would take minutes.
  if (typeof value === 'bigint' && !Number.isFinite(Number(value))) return '"[BigInt]"';
  const isWord = /bigint|symbol/.test(typeof value) || (typeof value === 'number' && !Number.isFinite(value));
  // Whoever sends the number of a card may send it as a number.
  if (typeof value === 'number' && value > 1e12 && masker.text(`${value}`) === MASKED) return `"${MASKED}"`;
  return JSON.stringify(isWord ? masker.text(String(value)) : (value ?? null));
}

function writeText(pass: Pass, text: string, isBody: boolean): void {
  charge(pass, text);
  if (pass.full) {
    pass.counted += jsonSize(text);
  } else if (text.length > pass.limit - pass.out.length) {
    const shown = JSON.stringify(pass.masker.text(text, PREVIEW, isBody));
    put(pass, shown);
    pass.counted += Math.max(0, jsonSize(text) - byteLength(shown));
    pass.full = true;
  } else {
    put(pass, JSON.stringify(shownText(pass, text, isBody)));
  }
}

function shownText({ masker }: Pass, text: string, isBody: boolean): string {
  if (URL_LIKE.test(text)) return masker.url(text);
  if (isBody && FORM_LIKE.test(text)) return masker.url(`&${text}`).slice(1);
  return masker.text(text, undefined, isBody);
}

function jsonSize(text: string): number {
  return text.length > 1_000_000 ? byteLength(text) + 2 : byteLength(JSON.stringify(text));
}

function writeObject(pass: Pass, value: object): void {
  const { parents } = pass;
  if (parents.has(value)) return put(pass, '"[Circular]"');
  if (parents.size >= MAX_DEPTH) return put(pass, '"[Too deep]"');
  parents.add(value);
  const view = toView(value);
  if ('list' in view) writeList(pass, view.list);
  else if ('entries' in view) writeEntries(pass, view.entries);
  else if ('keys' in view) writeFields(pass, value as Record<string, unknown>, view.keys);
  else write(pass, view.as);
  parents.delete(value);
}

function writeList(pass: Pass, list: Iterable<unknown>): void {
  put(pass, '[');
  let comma = '';
  try {
    for (const item of list) {
      if (isSpent(pass)) break;
      put(pass, comma);
      comma = ',';
      write(pass, item);
    }
  } catch {
    // Its iterator threw: what came before stays.
  }
  put(pass, ']');
}

function writeFields(pass: Pass, value: Record<string, unknown>, keys: readonly string[]): void {
  put(pass, '{');
  let comma = '';
  for (const key of keys) {
    if (isSpent(pass)) break;
    let item: unknown;
    try {
      item = value[key];
    } catch {
      item = '[Throws]';
    }
    comma = writeField(pass, comma, key, item);
  }
  put(pass, '}');
}

function writeEntries(pass: Pass, entries: Iterable<[unknown, unknown]>): void {
  put(pass, '{');
  let comma = '';
  try {
    for (const [key, item] of entries) {
      if (isSpent(pass)) break;
      const isPlain = key === null || (typeof key !== 'object' && typeof key !== 'function');
      comma = writeField(pass, comma, isPlain ? String(key) : `[${typeof key}]`, item);
    }
  } catch {
    // As above.
  }
  put(pass, '}');
}

/** @returns what separates the next field from this one */
function writeField(pass: Pass, comma: string, key: string, item: unknown): string {
  pass.visits--;
  charge(pass, key);
  if (item === undefined) return comma;
  const shown = key.length < SHORTEST_CREDENTIAL ? key : pass.masker.text(key, MAX_KEY);
  put(pass, `${comma}${JSON.stringify(shown)}:`);
  if (pass.masker.isSecret(key)) put(pass, `"${MASKED}"`);
  else write(pass, item);
  return ',';
}
