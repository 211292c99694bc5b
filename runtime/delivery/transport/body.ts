/** The body of a request: one event, or several in an envelope. */
import type { Body } from '../../platform/types.ts';
import type { Parcel } from '../parcel.ts';
import { contentOf } from '../parcel.ts';

const OPEN = '{"events":[';
const CLOSE = ']}';

export function bodyOf(parcels: readonly Parcel[]): Body {
  const contents = parcels.map(contentOf);
  const bytes = parcels.reduce((sum, parcel) => sum + parcel.bytes, 0);
  if (contents.length === 1) return { pieces: contents, bytes };
  const pieces = contents.flatMap((content, index) => [index === 0 ? OPEN : ',', content]);
  return { pieces: [...pieces, CLOSE], bytes: bytes + OPEN.length + contents.length - 1 + CLOSE.length };
}

export function toText(body: string | Body): string {
  if (typeof body === 'string') return body;
  const decoder = new TextDecoder();
  return body.pieces.map((piece) => (typeof piece === 'string' ? piece : decoder.decode(piece))).join('');
}

/** Writes it to the beginning of a buffer that has room for it. */
export function writeTo(buffer: Buffer, { pieces }: Body): void {
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      at += buffer.write(piece, at);
    } else {
      buffer.set(piece, at);
      at += piece.length;
    }
  }
}
