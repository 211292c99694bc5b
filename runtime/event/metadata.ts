/** An event's `metadata`: several sources in one object, cut field by field, so that one large value does not hide the rest. */
import type { Masker } from '../masking/mask.ts';
import { MASKED } from '../masking/patterns.ts';
import { serialise } from '../masking/serialise.ts';
import { isSuspicious } from '../masking/suspicion.ts';
import { toView } from '../masking/view.ts';
import type { TextWriter } from './text.ts';
import { MAX_WORD } from './memo.ts';
import { MAX_SHORT_TEXT } from './text.ts';

/**
 * @param sources earlier ones win; what is no plain object is left out
 * @param maxBytes of all values together; values behind the one that exceeds it are dropped
 */
export function metadataJson(
  sources: readonly unknown[],
  masker: Masker,
  { word }: TextWriter,
  maxBytes: number,
): string | undefined {
  const fields = new Map<string, string>();
  let room = maxBytes;
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
      if (room <= 0 || fields.has(key)) continue;
      const isWord = typeof value === 'string' && value.length <= MAX_WORD && room > MAX_SHORT_TEXT;
      const json =
        isWord && !isSuspicious(value as string, masker.suspicion)
          ? word(value)
          : serialise(value, masker, room);
      if (json === undefined) continue;
      room -= json.length;
      fields.set(key, json);
    }
  }
  const written = Array.from(fields, ([key, json]) => `${JSON.stringify(masker.text(key))}:${json}`);
  return written.length > 0 ? `{${written.join()}}` : undefined;
}
