/** Bodies as they arrive: text or bytes, made into a value whose fields can be masked, or JSON that stays as it is. */
import type { Masker } from '../masking/mask.ts';
import { serialise, serialiseJson } from '../masking/serialise.ts';
import type { HeaderRecord } from '../protocol.ts';
import { readHeader } from './headers.ts';

/** What goes in place of a body that is no text. */
const BINARY = { captured: false, reason: 'Binary body not captured' };

const TEXT = /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|graphql|yaml|ndjson)\b)/i;
const FORM = /^application\/x-www-form-urlencoded\b/i;

const UTF_8: RegExp = /^utf-?8$/i;

let utf8: InstanceType<typeof TextDecoder> | undefined;

/** Makes the JSON of bodies, masked: of what an application or a parser made of one, too. */
export function createBodyWriter(
  masker: Masker,
  maxBytes: number,
): (body: unknown, headers: HeaderRecord | undefined) => string | undefined {
  return (body, headers) => {
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) return serialise(body, masker, maxBytes);
    const contentType = readHeader(headers, 'content-type');
    const form = contentType !== undefined && FORM.test(contentType);
    if (contentType && !form && !TEXT.test(contentType)) return serialise(BINARY, masker, maxBytes);
    const text = typeof body === 'string' ? body : decodeText(body, contentType);
    if (text === undefined) return serialise(BINARY, masker, maxBytes);
    if (form) return serialise(formFields(new URLSearchParams(text)), masker, maxBytes);
    // Without a content type, what is JSON counts as such. To parse what will be cut anyway is not worth the time: its names
    // are masked as they stand in the text.
    const isJson = contentType ? /json/i.test(contentType) : /^\s*[[{]/.test(text);
    const value = isJson && body.length <= maxBytes ? parseJson(text) : text;
    if (typeof value === 'object' && value !== null) {
      return serialiseJson(text, masker, maxBytes) ?? serialise(value, masker, maxBytes);
    }
    return serialise(value, masker, maxBytes, true);
  };
}

/** The value of JSON, or the text itself if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decodeText(bytes: Uint8Array, contentType = ''): string | undefined {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    const decoder = UTF_8.test(charset)
      ? (utf8 ??= new TextDecoder('utf-8', { fatal: true }))
      : new TextDecoder(charset, { fatal: true });
    const text = decoder.decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A repeated field becomes a list. */
export function formFields(form: Iterable<[name: string, value: unknown]>): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of form) {
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[name] = [known, value];
  }
  return fields;
}
