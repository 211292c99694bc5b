/** An event's `metadata`: several sources in one object, cut field by field, so that one large value does not hide the rest. */
import type { Masker } from '../masking/mask.ts';
import { MASKED } from '../masking/patterns.ts';
import { serialise } from '../masking/serialise.ts';
import { toView } from '../masking/view.ts';
import { createMemo } from './memo.ts';
import { MAX_SHORT_TEXT, plainText } from './text.ts';

/** How many names, and how many short texts, are remembered. */
const MAX_KNOWN = 500;

/**
 * Makes the JSON of metadata, masked.
 *
 * @param maxBytes of all values together; values behind the one that exceeds it are dropped
 * @returns takes sources of which earlier ones win; what is no plain object is left out. Undefined if nothing is left
 */
export function createMetadataWriter(
  masker: Masker,
  maxBytes: number,
): (sources: readonly unknown[]) => string | undefined {
  // Names and texts have memories of their own: texts may never come again.
  const nameOf = createMemo((name) => plainText(name, masker), MAX_KNOWN);
  const word = createMemo((value) => plainText(value, masker), MAX_KNOWN);

  function valueJson(value: unknown, room: number): string | undefined {
    if (typeof value === 'boolean') return String(value);
    return (
      (typeof value === 'string' && room > MAX_SHORT_TEXT ? word(value) : undefined) ??
      serialise(value, masker, room)
    );
  }

  return (sources) => {
    const seen = new Set<string>();
    let room = maxBytes;
    let json = '';
    for (const source of sources) {
      if (!source) continue;
      const view = toView(Object(source) as object);
      for (const key of 'keys' in view ? view.keys : []) {
        let value: unknown = '[Throws]';
        try {
          value = masker.isSecret(key) ? MASKED : (source as Record<string, unknown>)[key];
        } catch {
          // As it stands.
        }
        if (room <= 0 || seen.has(key)) continue;
        const written = valueJson(value, room);
        if (written === undefined) continue;
        room -= written.length;
        seen.add(key);
        json += `${json === '' ? '{' : ','}${nameOf(key) ?? JSON.stringify(masker.text(key))}:${written}`;
      }
    }
    return json === '' ? undefined : `${json}}`;
  };
}
