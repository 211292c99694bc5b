/** Reads along while an application reads a Node request: nothing starts to flow for it, and nothing waits. */

/** The part of a readable stream that is used here: `data` is emitted for every piece, whichever way it is read. */
interface Emitter {
  emit(event: string | symbol, ...args: unknown[]): boolean;
  /** Node is reading what nobody has read, to be rid of it. */
  _dumped?: boolean;
}

/** What was read of a request. */
export interface RequestTap {
  /** The body as far as it was read; undefined if nothing was, or if it is too large. */
  payload(): unknown;
}

/**
 * @param maxBytes of a larger body nothing is kept
 * @param isNeeded false: nobody will ask for it any more
 */
export function tapRequest(request: object, maxBytes: number, isNeeded: () => boolean): RequestTap {
  const stream = request as Emitter;
  const { emit } = stream;
  let pieces: Uint8Array[] = [];
  let bytes = 0;

  function note(piece: unknown): void {
    // Text comes where the application has set an encoding.
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (!(chunk instanceof Uint8Array)) return;
    bytes += chunk.byteLength;
    if (bytes <= maxBytes && isNeeded()) pieces.push(chunk);
    else pieces = [];
  }
  function tappedEmit(this: unknown, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'data' && stream._dumped !== true) note(args[0]);
    return Reflect.apply(emit, this, [event, ...args]);
  }
  // Not to be listed: applications print and copy requests.
  Object.defineProperty(stream, 'emit', { value: tappedEmit, writable: true, configurable: true });

  return { payload: () => (pieces.length > 0 ? Buffer.concat(pieces) : undefined) };
}
