/** Any value to masked JSON of bounded size. No value makes this throw or take long. */
import { maskJson } from './mask-json.ts';
import type { Masker } from './mask.ts';
import { createMasker } from './mask.ts';
import { isPlain } from './plain.ts';
import { walk } from './walk.ts';
import { byteLength } from '#platform';

/** Characters of the JSON that stand for a value that is too large. */
const PREVIEW = 2000;

/** The limit of {@link maskSensitiveData}, in bytes of JSON. */
const MASK_LIMIT = 16 * 1024 * 1024;

/** Bytes that a character takes at most. */
const MAX_BYTES_PER_CHARACTER = 3;

/**
 * The JSON of a value with its secrets masked; undefined for undefined. Of a value whose JSON is larger than `maxBytes`
 * it is `{"__truncated":true,"originalSizeBytes":…,"maxSizeBytes":…,"preview":"…"}`. The original size is that of the
 * JSON, and a lower bound if the value has very many parts, texts of many millions of characters, or one of more than a
 * million to escape.
 *
 * @param isBody the value, if it is a text, is a body that could not be taken apart
 */
export function serialise(
  value: unknown,
  masker: Masker,
  maxBytes: number,
  isBody = false,
): string | undefined {
  if (value === undefined) return undefined;
  const limit = Math.max(maxBytes, PREVIEW);
  // Most values are plain data with few secrets in it, for which there is a shorter way.
  if (typeof value === 'object' && isPlain(value, limit)) {
    const json = maskJson(JSON.stringify(value), masker);
    if (json !== undefined) return bounded(json, maxBytes);
  }
  const { json, bytes, isCut } = walk(value, masker, limit, isBody);
  return isCut || bytes > maxBytes ? truncation(json, bytes, maxBytes) : json;
}

/** The same of well-formed JSON, which stays as it is but for its secrets; undefined if it has to be taken apart for them. */
export function serialiseJson(json: string, masker: Masker, maxBytes: number): string | undefined {
  const masked = maskJson(json, masker);
  return masked === undefined ? undefined : bounded(masked, maxBytes);
}

/** JSON, or what stands in its place if it is larger than allowed. */
export function bounded(json: string, maxBytes: number): string {
  if (json.length * MAX_BYTES_PER_CHARACTER <= maxBytes) return json;
  const bytes = byteLength(json);
  return bytes > maxBytes ? truncation(json, bytes, maxBytes) : json;
}

function truncation(json: string, originalSizeBytes: number, maxSizeBytes: number): string {
  const preview = json.slice(0, PREVIEW);
  return JSON.stringify({ __truncated: true, originalSizeBytes, maxSizeBytes, preview });
}

/**
 * A copy of a value as plain data, with the values of secret fields and what looks like a credential in its texts
 * replaced by `[MASKED]`. What JSON has no form for is described in a text.
 *
 * @param extraFields names to mask beside the default ones
 */
export function maskSensitiveData<T>(value: T, extraFields: readonly string[] = []): T {
  const json = serialise(value, createMasker(extraFields, true), MASK_LIMIT);
  return (json === undefined ? undefined : JSON.parse(json)) as T;
}
