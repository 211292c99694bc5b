/** The size of texts. Apart from the platform, whose spool stands on the queue, which asks for it. */

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return typeof Buffer === 'undefined' ? new TextEncoder().encode(text).length : Buffer.byteLength(text);
}
