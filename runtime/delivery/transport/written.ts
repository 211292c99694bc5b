/** Bodies that tell when they are out, for clients that ask for more when they have written what they got. */

export interface WrittenBody {
  body: AsyncIterable<Uint8Array>;
  /** Its length, since without one it would go out in chunks, which not every server takes. */
  headers: Record<string, string>;
}

/** @param onSent called when all of it has been written to the connection */
export function toWrittenBody(
  content: string | Uint8Array,
  headers: Record<string, string>,
  onSent: (() => void) | undefined,
): WrittenBody {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { body: write(bytes, onSent), headers: { ...headers, 'content-length': String(bytes.length) } };
}

async function* write(bytes: Uint8Array, onSent: (() => void) | undefined): AsyncGenerator<Uint8Array> {
  yield bytes;
  onSent?.();
}
