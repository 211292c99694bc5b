/** Reads along while a Node response is written: the bytes pass through at once and unchanged, and nothing waits for them. */
import { defer } from '#platform';
import type { NodeResponse } from './node-message.ts';
import { STREAMING } from './request.ts';

/** What a response looked like as it was written. */
export interface ResponseTap {
  /** The `end` that this tap put on the response, to tell whether it is still the outermost. */
  readonly end: NodeResponse['end'];
  /** The body as it was written; undefined if there was none. */
  payload(): unknown;
}

/** In characters or bytes: of an answer in pieces no more is kept. */
const MAX_SIZE: number = 1024 * 1024;

/**
 * Puts a tap on a response. A body that is given to `end()` whole is remembered, by reference; one that comes by `write()`
 * is streaming, and is not. Except that servers of fetch handlers announce a length, write once and end at once; or write
 * JSON piece by piece that was all there from the start, and so is written before anything else happens.
 *
 * @param previous the tap that this one goes in front of, and which falls silent
 */
export function tapResponse(response: NodeResponse, previous?: ResponseTap): ResponseTap {
  const { write, end } = response;
  const pieces: Piece[] = [];
  let room = MAX_SIZE;
  let mayHaveMore = false;
  let streaming = false;
  let ended = false;

  function tappedWrite(this: unknown, ...args: unknown[]): unknown {
    // HTTP/2 writes what is given to end().
    if (!ended && !streaming) note(args[0]);
    return Reflect.apply(write, this, args);
  }
  function tappedEnd(this: unknown, ...args: unknown[]): unknown {
    const [chunk] = args;
    if (!ended && isPiece(chunk) && chunk.length > 0) {
      if (pieces.length === 0) pieces.push(chunk);
      else keep(chunk);
    }
    ended = true;
    return Reflect.apply(end, this, args);
  }
  function note(chunk: unknown): void {
    if (!isPiece(chunk)) return giveUp();
    if (pieces.length === 0) {
      const {
        'content-length': length,
        'content-type': type,
        'content-encoding': coding,
      } = headersOf(response);
      mayHaveMore = coding === undefined && JSON_TYPE.test(String(type));
      if (length === undefined && !mayHaveMore) return giveUp();
      // A stream goes on when something has come in.
      (mayHaveMore ? defer : queueMicrotask)(() => ended || giveUp());
    }
    keep(chunk);
  }
  function keep(chunk: Piece): void {
    room -= chunk.length;
    if ((pieces.length > 0 && !mayHaveMore) || room < 0) giveUp();
    else pieces.push(chunk);
  }
  function giveUp(): void {
    streaming = true;
    pieces.length = 0;
  }
  // Only to be found again: frameworks never look at these two.
  response.write = tappedWrite;
  response.end = tappedEnd;

  return {
    end: tappedEnd,
    payload() {
      if (streaming) return STREAMING;
      const [piece] = pieces;
      return pieces.length > 1 ? textOf(pieces) : piece?.length ? piece : previous?.payload();
    },
  };
}

type Piece = string | Uint8Array;

/** Not those that have names apart from values, as `json+devalue`. */
const JSON_TYPE: RegExp = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

function isPiece(chunk: unknown): chunk is Piece {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}

function textOf(pieces: readonly Piece[]): string {
  const decoder = new TextDecoder();
  const texts = pieces.map((piece) =>
    typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }),
  );
  return texts.join('') + decoder.decode();
}

function headersOf(response: NodeResponse): Record<string, unknown> {
  try {
    return response.getHeaders();
  } catch {
    return {};
  }
}
