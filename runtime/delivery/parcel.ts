/** One event on its way: what it says, and what has become of it. */
import { byteLength } from '../masking/byte-length.ts';
import { borrow, giveBack } from './buffers.ts';

export interface Parcel {
  /** Counts up with every capture; 0 for an event of another process. */
  readonly id: number;
  /** Empty until it has been built, and when it has been packed. */
  json: string;
  /** The same as bytes, while it waits. */
  packed: Buffer | undefined;
  /** How many bytes it has; 0 before it is built, and when nobody needs it any more. */
  bytes: number;
  /** It has been cut down to what a receiver with small limits takes. */
  shrunk: boolean;
  /** It is in a queue. */
  waits: boolean;
  /** It has left the process on its way to the receiver, whose answer is not here yet. */
  sent: boolean;
  /** Makes the JSON at once, for those who cannot wait. Gone when it has been built for good, with everything that it knows. */
  build: Build | undefined;
  /** The receiver may have it: it was sent, and the answer was lost. */
  doubtful: boolean;
  /** Sending has ended, for now or for good; with the reason if the receiver does not have it. */
  ended: (error?: Error) => void;
}

/** @param isLast false: it will be built once more, with what takes time */
export type Build = (isLast: boolean) => string;

export function createParcel(id: number, build?: Build): Parcel {
  return {
    id,
    json: '',
    packed: undefined,
    bytes: 0,
    shrunk: false,
    waits: false,
    sent: false,
    doubtful: false,
    build,
    ended: nobody,
  };
}

function nobody(): void {}

/** Tells that sending has ended, once: who listens may hold on to a whole request, which need not wait with its event. */
export function end(parcel: Parcel, error?: Error): void {
  const { ended } = parcel;
  parcel.ended = nobody;
  ended(error);
}

export function fill(parcel: Parcel, json: string): void {
  empty(parcel);
  parcel.build = undefined;
  parcel.json = json;
  parcel.bytes = byteLength(json);
}

/**
 * Builds a parcel that is not yet.
 *
 * @param isLast false: it is built once more
 * @returns whether there is something to send
 */
export function fillNow(parcel: Parcel, report: (error: unknown) => void, isLast = true): boolean {
  const { build } = parcel;
  try {
    if (build !== undefined) fill(parcel, build(isLast));
    if (!isLast) parcel.build = build;
  } catch (error) {
    report(error);
  }
  return parcel.bytes > 0;
}

/**
 * Puts the text of a parcel that has to wait where the garbage collector has no work with it: what it has seen a few times
 * it takes for something that stays, and then its heap grows by all that comes and goes.
 */
export function pack(parcel: Parcel): void {
  if (parcel.packed !== undefined) return;
  const buffer = borrow(parcel.bytes);
  if (buffer === undefined) return;
  buffer.write(parcel.json);
  parcel.packed = buffer;
  parcel.json = '';
}

/** What it says, as it is at hand. */
export function contentOf({ json, packed, bytes }: Parcel): string | Uint8Array {
  return packed === undefined ? json : packed.subarray(0, bytes);
}

export function textOf(parcel: Parcel): string {
  const content = contentOf(parcel);
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** Nobody needs what it says any more. */
export function empty(parcel: Parcel): void {
  if (parcel.packed !== undefined) giveBack(parcel.packed);
  parcel.packed = undefined;
  parcel.json = '';
  parcel.bytes = 0;
}
