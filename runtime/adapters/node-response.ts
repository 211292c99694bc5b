/** Reads along while a Node response is written: the bytes pass through at once and unchanged, and nothing waits for them. */
import type { NodeResponse } from './node-message.ts';
import { STREAMING } from './request.ts';

/** What a response looked like as it was written. */
export interface ResponseTap {
  /** The `end` that this tap put on the response, to tell whether it is still the outermost. */
  readonly end: NodeResponse['end'];
  /** The body as it was written; undefined if there was none. */
  payload(): unknown;
  /** What was written in one piece, and then ended without another. */
  onlyPiece(): unknown;
}

/**
 * Puts a tap on a response. A body that is given to `end()` whole is remembered, by reference; one that comes by `write()`
 * is streaming, and is not. Except that servers of fetch handlers announce a length, write once and end at once.
 *
 * @param previous the tap that this one goes in front of, and which falls silent
 */
export function tapResponse(response: NodeResponse, previous?: ResponseTap): ResponseTap {
  const { write, end } = response;
  let body: string | Uint8Array | undefined;
  let pieces = 0;
  let firstPiece: unknown;
  let streaming = false;
  let ended = false;

  function tappedWrite(this: unknown, ...args: unknown[]): unknown {
    // HTTP/2 writes what is given to end().
    if (!ended) note(args[0]);
    return Reflect.apply(write, this, args);
  }
  function tappedEnd(this: unknown, ...args: unknown[]): unknown {
    const [chunk] = args;
    if (!ended && isBody(chunk)) {
      if (body === undefined) body = chunk;
      else streaming ||= chunk.length > 0;
      if (chunk.length > 0) firstPiece = undefined;
    }
    ended = true;
    return Reflect.apply(end, this, args);
  }
  function note(chunk: unknown): void {
    pieces += 1;
    firstPiece = pieces === 1 ? chunk : undefined;
    if (streaming || body !== undefined || !isBody(chunk) || !announcesLength(response)) streaming = true;
    else {
      body = chunk;
      queueMicrotask(() => (streaming ||= !ended));
    }
  }
  // Only to be found again: frameworks never look at these two.
  response.write = tappedWrite;
  response.end = tappedEnd;

  return {
    end: tappedEnd,
    payload() {
      if (streaming) return STREAMING;
      if (body !== undefined && body.length > 0) return body;
      return previous?.payload();
    },
    onlyPiece() {
      if (pieces === 0) return previous?.onlyPiece();
      return ended ? firstPiece : undefined;
    },
  };
}

function isBody(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}

function announcesLength(response: NodeResponse): boolean {
  try {
    return response.getHeaders()['content-length'] !== undefined;
  } catch {
    return false;
  }
}
