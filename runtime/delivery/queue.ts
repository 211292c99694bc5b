/** Events that wait, oldest first, in lists bounded in number and in bytes; and where they wait for better times. */
import type { QueueDrop, ResolvedOptions } from '../options/resolve-options.ts';
import { byteLength } from '../masking/byte-length.ts';
import type { Note } from './spool/record.ts';

/** One event, ready to send. */
export interface Parcel {
  /** Counts up with every capture; 0 for an event of another process. */
  readonly id: number;
  /** Empty until it has been built. */
  json: string;
  bytes: number;
  /** It has been cut down to what a receiver with small limits takes. */
  shrunk: boolean;
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

/** Where events are kept that cannot be sent now: in memory, or in files that outlive the process (spool/). */
export interface Store {
  /** Is shown every new event before anybody tries to send it; and again if it has changed. */
  admit(parcel: Parcel): void;
  /**
   * Is told what becomes of events.
   *
   * @returns those that another process has taken over: they are its own to send
   */
  note(note: Note, parcels: readonly Parcel[]): Parcel[];
  /** Takes events in; the oldest ones may have to go. Returns those that need not be in memory any more. */
  keep(parcels: readonly Parcel[]): readonly Parcel[];
  /** Gives the oldest events out, at most so many and so many bytes; perhaps none. */
  take(count: number, maxBytes: number): Parcel[];
  isEmpty(): boolean;
  /** How many events there are of processes that have ended; a file that was not read yet counts as one. */
  inherited(): number;
  /** Looks for such events. */
  look(): void;
  /** Leaves what is left to others. */
  close(): void;
}

/** Told of events that a store has lost, and of the bound that it had to keep. */
export type Dropped = (ids: readonly number[], reason?: QueueDrop['reason']) => void;

/** Keeps as many events as `offlineQueueMax` and `offlineQueueMaxBytes` allow. */
export function createMemoryStore(options: ResolvedOptions, dropped: Dropped): Store {
  const { offlineQueueMax, offlineQueueMaxBytes } = options;
  const queue: Parcel[] = [];
  const ignore = (): void => {};
  return {
    admit: ignore,
    note(note, parcels) {
      const left = queue.filter((parcel) => note !== 'done' || !parcels.includes(parcel));
      if (left.length < queue.length) queue.splice(0, Infinity, ...left);
      return [];
    },
    keep(parcels) {
      const out = insert(queue, parcels, offlineQueueMax, offlineQueueMaxBytes);
      const reason = queue.length < offlineQueueMax ? 'max_queue_bytes' : 'max_queue_size';
      dropped(
        out.map(({ id }) => id),
        reason,
      );
      return [];
    },
    take: (count, maxBytes) => take(queue, count, maxBytes),
    isEmpty: () => queue.length === 0,
    inherited: () => 0,
    look: ignore,
    close: ignore,
  };
}

export function createParcel(id: number, build?: Build): Parcel {
  return { id, json: '', bytes: 0, shrunk: false, sent: false, doubtful: false, build, ended: () => {} };
}

export function fill(parcel: Parcel, json: string): void {
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
  return parcel.json !== '';
}

/** Adds parcels, each in its place, and takes the oldest ones out that are too many or too large then. */
export function insert(
  queue: Parcel[],
  parcels: readonly Parcel[],
  maxCount: number,
  maxBytes: number,
): Parcel[] {
  queue.push(...parcels);
  queue.sort((a, b) => a.id - b.id);
  let bytes = 0;
  let keep = 0;
  for (const parcel of queue.toReversed()) {
    bytes += parcel.bytes;
    if (keep === maxCount || bytes > maxBytes) break;
    keep++;
  }
  return queue.splice(0, queue.length - keep);
}

/** Takes the oldest parcels out, at most so many and so many bytes, but at least one. */
export function take(queue: Parcel[], count: number, maxBytes: number): Parcel[] {
  let bytes = 0;
  const end = queue.findIndex((parcel, index) => {
    bytes += parcel.bytes;
    return index === count || (bytes > maxBytes && index > 0);
  });
  return queue.splice(0, end < 0 ? queue.length : end);
}
