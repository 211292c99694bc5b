/** Texts and numbers as JSON: masked, and cut to so many characters. */
import type { Masker } from '../masking/mask.ts';
import { isSuspicious } from '../masking/suspicion.ts';

export const MAX_SHORT_TEXT = 2048;

/** Texts that come again and again are remembered up to this length, and this many: words of ours, methods, headers. */
export const MAX_WORD = 200;
const MAX_WORDS = 500;

export interface TextWriter {
  /** @param limit in characters; undefined for what is neither text nor a finite number */
  text(value: unknown, limit?: number): string | undefined;
  /** The same for a text that is likely to come again. */
  word(value: unknown): string | undefined;
}

export function createTextWriter(masker: Masker): TextWriter {
  const words = new Map<string, string>();

  function text(value: unknown, limit = MAX_SHORT_TEXT): string | undefined {
    if (typeof value === 'string') {
      return JSON.stringify(
        value.length > limit ? `${masker.text(value, limit)}…` : masker.text(value, value.length),
      );
    }
    return Number.isFinite(value) ? String(value) : undefined;
  }
  function word(value: unknown): string | undefined {
    if (typeof value !== 'string' || value.length > MAX_WORD) return text(value);
    let json = words.get(value);
    if (json === undefined) {
      // Nothing is remembered that would be masked.
      if (isSuspicious(value, masker.suspicion)) return text(value);
      json = JSON.stringify(value);
      if (words.size >= MAX_WORDS) words.clear();
      words.set(value, json);
    }
    return json;
  }
  return { text, word };
}
