/**
 * Breadcrumbs and log lines are masked and copied when they are left, long before an event is made of them, which most
 * never are. So this takes the short way where it comes to the same: texts that were seen before, and metadata without
 * any depth.
 */
import type { Masker } from './mask.ts';
import { MASKED } from './patterns.ts';
import { serialise } from './serialise.ts';

/** Bytes of JSON that the metadata of one breadcrumb or log line may have. */
export const MAX_NOTE_BYTES: number = 16 * 1024;

/** Most messages stand in the application's code. */
const MAX_REMEMBERED = 500;
const MAX_LENGTH = 100;

/** Fields that are looked at one by one; a text among them is neither a URL nor JSON, and its name no credential. */
const MAX_FIELDS = 10;
const PLAIN_TEXT = /^[\w .-]{0,100}$/;
/** Too short for a card or a token. */
const HARMLESS_TEXT = /^[\w-]{0,12}$/;
const PLAIN_NAME = /^[a-z]\w{0,19}$/i;
/** Larger numbers may be those of cards. */
const PLAIN_NUMBER = 1e9;

export interface Keeper {
  /** A text as it may be kept: masked, and cut. */
  text(text: string): string;
  /** A copy of metadata, with its secrets masked. */
  copy(metadata: Record<string, unknown>): Record<string, unknown>;
}

/** @param maxText characters of a text that are kept */
export function createKeeper(masker: Masker, maxText: number): Keeper {
  /** Those that are kept as they are: a raw secret is never held on to, not as a key either. */
  const remembered = new Set<string>();
  /** Names of fields that are neither a credential nor secret. */
  const plainNames = new Set<string>();

  function isPlainName(name: string): boolean {
    if (plainNames.has(name)) return true;
    if (!PLAIN_NAME.test(name) || masker.isSecret(name)) return false;
    if (plainNames.size >= MAX_REMEMBERED) plainNames.clear();
    plainNames.add(name);
    return true;
  }
  function copyPlain(metadata: Record<string, unknown>): Record<string, unknown> | undefined {
    if (Object.getPrototypeOf(metadata) !== Object.prototype) return undefined;
    const names = Object.keys(metadata);
    if (names.length > MAX_FIELDS) return undefined;
    const copy: Record<string, unknown> = {};
    for (const name of names) {
      const value = metadata[name];
      if (!isHarmless(value, masker)) return undefined;
      const isPlain = isPlainName(name);
      if (!isPlain && !PLAIN_NAME.test(name)) return undefined;
      copy[name] = isPlain ? value : MASKED;
    }
    return copy;
  }

  return {
    text(text) {
      if (remembered.has(text)) return text;
      const kept = masker.text(text, maxText);
      if (kept === text && text.length <= MAX_LENGTH) {
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.add(text);
      }
      return kept;
    },
    copy(metadata) {
      let copy: Record<string, unknown> | undefined;
      try {
        copy = copyPlain(metadata);
      } catch {
        // A getter or a Proxy that throws.
      }
      return copy ?? (JSON.parse(serialise(metadata, masker, MAX_NOTE_BYTES) ?? '{}') as typeof metadata);
    },
  };
}

function isHarmless(value: unknown, masker: Masker): boolean {
  if (typeof value === 'string') {
    return HARMLESS_TEXT.test(value) || (PLAIN_TEXT.test(value) && masker.text(value) === value);
  }
  if (typeof value === 'number') return Math.abs(value) < PLAIN_NUMBER;
  return typeof value === 'boolean' || value === null;
}
