/** Where events wait that could not be sent: in memory, or in files that outlive the process (spool/). */
import type { QueueDrop, ResolvedOptions } from '../options/resolve-options.ts';
import type { Parcel } from './parcel.ts';
import { empty, pack } from './parcel.ts';
import { createQueue } from './queue.ts';
import type { Note } from './spool/record.ts';

export interface Store {
  /** Is shown every new event before anybody tries to send it; and again if it has changed. */
  admit(parcel: Parcel): void;
  /**
   * Is told what becomes of events.
   *
   * @returns those that another process has taken over: they are its own to send
   */
  note(note: Note, parcels: readonly Parcel[]): readonly Parcel[];
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

const NONE: readonly Parcel[] = [];

/** Keeps as many events as `offlineQueueMax` and `offlineQueueMaxBytes` allow. */
export function createMemoryStore(options: ResolvedOptions, dropped: Dropped): Store {
  const { offlineQueueMax, offlineQueueMaxBytes } = options;
  const queue = createQueue();
  const ignore = (): void => {};
  return {
    admit: ignore,
    note(note, parcels) {
      if (note === 'done') queue.remove(parcels);
      return NONE;
    },
    keep(parcels) {
      for (const parcel of parcels) {
        pack(parcel);
        queue.add(parcel);
      }
      const out = queue.trim(offlineQueueMax, offlineQueueMaxBytes);
      if (out.length === 0) return NONE;
      for (const parcel of out) empty(parcel);
      const reason = queue.length < offlineQueueMax ? 'max_queue_bytes' : 'max_queue_size';
      dropped(
        out.map(({ id }) => id),
        reason,
      );
      return NONE;
    },
    take: queue.take,
    isEmpty: () => queue.length === 0,
    inherited: () => 0,
    look: ignore,
    close: ignore,
  };
}
