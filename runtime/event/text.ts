/** Texts and numbers as JSON: masked, and cut to so many characters. */
import type { Masker } from '../masking/mask.ts';
import { isSuspicious } from '../masking/suspicion.ts';
import { createMemo } from './memo.ts';

export const MAX_SHORT_TEXT = 2048;

/** How many words are remembered. */
const MAX_WORDS = 500;

export interface TextWriter {
  /** @param limit in characters; undefined for what is neither text nor a finite number */
  text(value: unknown, limit?: number): string | undefined;
  /** The same for a text that is likely to come again. */
  word(value: unknown): string | undefined;
}

/** The JSON of a text in which nothing is to be masked; undefined if there is something that may have to be. */
export function plainText(text: string, { suspicion }: Masker): string | undefined {
  return isSuspicious(text, suspicion) ? undefined : JSON.stringify(text);
}

export function createTextWriter(masker: Masker): TextWriter {
  // Nothing is remembered that would be masked.
  const remembered = createMemo((word) => plainText(word, masker), MAX_WORDS);

  function text(value: unknown, limit = MAX_SHORT_TEXT): string | undefined {
    if (typeof value === 'string') {
      return JSON.stringify(
        value.length > limit ? `${masker.text(value, limit)}…` : masker.text(value, value.length),
      );
    }
    return Number.isFinite(value) ? String(value) : undefined;
  }
  function word(value: unknown): string | undefined {
    return (typeof value === 'string' ? remembered(value) : undefined) ?? text(value);
  }
  return { text, word };
}
