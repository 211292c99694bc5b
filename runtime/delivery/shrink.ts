/** Makes an event small that a receiver found too large. */
import { createMasker } from '../masking/mask.ts';
import { serialise } from '../masking/serialise.ts';

/** Characters or bytes of JSON that a field may keep, and entries that a list may. */
const MAX_FIELD = 4096;
const MAX_ENTRIES = 5;

/** @param json an event; masked already */
export function shrink(json: string): string {
  const event = JSON.parse(json) as Record<string, unknown>;
  const masker = createMasker([], false);
  for (const [name, value] of Object.entries(event)) {
    // Texts and lists must stay what they are.
    if (typeof value === 'string') event[name] = value.slice(0, MAX_FIELD);
    else if (Array.isArray(value)) event[name] = value.slice(0, MAX_ENTRIES);
    else event[name] = JSON.parse(serialise(value, masker, MAX_FIELD) ?? 'null');
  }
  return JSON.stringify(event);
}
