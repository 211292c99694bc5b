/** Breadcrumbs and log lines as JSON. */
import { epochOffset } from '../clock.ts';
import type { Masker } from '../masking/mask.ts';
import { serialise } from '../masking/serialise.ts';
import type { Breadcrumbs, Call } from '../observe/breadcrumbs.ts';
import { inOrder, parseSite, toMilliseconds } from '../observe/breadcrumbs.ts';
import type { Breadcrumb, LogEntry } from '../protocol.ts';
import { createMemo, MAX_WORD } from './memo.ts';
import { createTextWriter, plainText } from './text.ts';

const MAX_NOTE_BYTES = 16 * 1024;

/** Sites are as many as a program has functions; hooks by hand may have more. */
const MAX_SITES = 10_000;

/** Names of fields that are remembered. */
const MAX_NAMES = 500;

export interface NoteWriter {
  /** Undefined if there are none. @param limit how many at most, the newest */
  notes(list: readonly (Breadcrumb | LogEntry)[] | undefined, limit: number): string | undefined;
  /** The same of breadcrumbs as they are kept. */
  trail(ring: Breadcrumbs, limit: number): string | undefined;
}

export function createNoteWriter(masker: Masker): NoteWriter {
  const { text, word } = createTextWriter(masker);
  /** A name as a member's, up to its value; undefined if there is something to be masked. */
  const nameOf = createMemo(
    (name) => (masker.isSecret(name) ? undefined : appended(plainText(name, masker), ':')),
    MAX_NAMES,
  );
  /** What begins the JSON of a call, up to its level, and its metadata, by site. */
  const sites = new Map<string, { before: string; metadata: string }>();
  /** Second by second, the text of a time is the same but for its milliseconds. */
  let second = NaN;
  let secondText = '';

  function timestamp(at: number): string {
    const since = Math.floor(at / 1000) * 1000;
    // Also of times before 1970: where a test has set the clock to zero, what began before that was earlier.
    const rest = Math.floor(at) - since;
    if (since !== second) {
      second = since;
      secondText = `"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${secondText}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z"`;
  }
  function siteOf(site: string): { before: string; metadata: string } {
    let known = sites.get(site);
    if (known === undefined) {
      const { fileName, lineNumber, functionName } = parseSite(site);
      known = {
        before: `{"message":${text(functionName)},"category":"function","level":`,
        metadata: `,"metadata":{"fileName":${text(fileName)},"lineNumber":${lineNumber}`,
      };
      if (sites.size >= MAX_SITES) sites.clear();
      sites.set(site, known);
    }
    return known;
  }
  function call({ site, failed, ms, running, calls, error, at }: Call, offset: number): string {
    const { before, metadata } = siteOf(site);
    let json = `${before}${failed ? '"error"' : '"info"'}${metadata}`;
    if (ms !== undefined) json += `,"durationMs":${toMilliseconds(ms)}`;
    if (running) json += ',"running":true';
    if (calls > 1) json += `,"calls":${calls}`;
    if (error !== undefined) json += `,"error":${text(error)}`;
    return `${json}},"timestamp":${timestamp(at + offset)}}`;
  }
  function anyMetadata(metadata: unknown): string {
    const json = serialise(metadata ?? {}, masker, MAX_NOTE_BYTES);
    return json?.startsWith('{') ? json : '{}';
  }
  /** Of a breadcrumb as it is kept, which is plain data: mostly a few short fields. Undefined if it is more than that. */
  function keptMetadata(metadata: Record<string, unknown>): string | undefined {
    let json = '';
    for (const name of Object.keys(metadata)) {
      const value = metadata[name];
      const before = nameOf(name);
      const shown = typeof value === 'string' ? shortText(value) : scalar(value);
      if (before === undefined || shown === undefined) return undefined;
      json += `${json === '' ? '' : ','}${before}${shown}`;
    }
    return `{${json}}`;
  }
  function shortText(value: string): string | undefined {
    return value.length <= MAX_WORD ? plainText(value, masker) : undefined;
  }
  /** A breadcrumb, or a log line, which has no category. */
  function note(
    message: unknown,
    category: unknown,
    level: unknown,
    metadata: string,
    time?: string,
  ): string {
    let json = '{';
    const add = (name: string, value: string | undefined): void => {
      if (value !== undefined) json += `${json === '{' ? '' : ','}"${name}":${value}`;
    };
    add('message', word(message));
    add('category', word(category));
    add('level', word(level));
    add('metadata', metadata);
    add('timestamp', time);
    return `${json}}`;
  }

  return {
    notes(list, limit) {
      if (!Array.isArray(list) || list.length === 0 || limit <= 0) return undefined;
      const newest = list.slice(-limit) as unknown[];
      return `[${newest
        .map((one) => {
          const { message, category, level, metadata, timestamp } = Object(one) as Breadcrumb;
          return note(message, category, level, anyMetadata(metadata), text(timestamp));
        })
        .join()}]`;
    },
    trail(ring, limit) {
      if (ring.records.length === 0 || limit <= 0) return undefined;
      const offset = epochOffset();
      let json = '';
      for (const record of inOrder(ring).slice(-limit)) {
        json += json === '' ? '[' : ',';
        if ('site' in record) json += call(record, offset);
        else {
          const { message, category, level, metadata, at } = record;
          const written = keptMetadata(metadata) ?? anyMetadata(metadata);
          json += note(message, category, level, written, timestamp(at + offset));
        }
      }
      return `${json}]`;
    },
  };
}

/** Undefined for a number with as many digits as that of a card. */
function scalar(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  return Number.isFinite(value) && Math.abs(value as number) < 1e12 ? String(value) : undefined;
}

function appended(text: string | undefined, end: string): string | undefined {
  return text === undefined ? undefined : text + end;
}
