/** Events in the order of their capture. */
import type { Parcel } from './parcel.ts';

export interface Queue {
  readonly length: number;
  readonly bytes: number;
  /** Puts a parcel in its place, which is nearly always the end. */
  add(parcel: Parcel): void;
  /** Takes the oldest out, at most so many and so many bytes, but at least one. */
  take(count: number, maxBytes: number): Parcel[];
  /** Takes the oldest out that are too many or too large. */
  trim(maxCount: number, maxBytes: number): Parcel[];
  /** Takes those out that are in it. */
  remove(parcels: readonly Parcel[]): void;
}

/** How many may be gone at the front before the others move up. */
const MAX_GAP = 64;

export function createQueue(): Queue {
  let parcels: Parcel[] = [];
  /** Where the oldest is: to move all others up for each that goes would take the longer the more there are. */
  let start = 0;
  let bytes = 0;

  function shift(count: number): Parcel[] {
    if (count === 0) return [];
    const out = parcels.slice(start, start + count);
    for (const parcel of out) leave(parcel);
    start += count;
    if (start === parcels.length) {
      parcels = [];
      start = bytes = 0;
    } else if (start > MAX_GAP && start * 2 > parcels.length) {
      parcels = parcels.slice(start);
      start = 0;
    }
    return out;
  }

  function leave(parcel: Parcel): void {
    parcel.waits = false;
    bytes -= parcel.bytes;
  }

  return {
    get length() {
      return parcels.length - start;
    },
    get bytes() {
      return bytes;
    },
    add(parcel) {
      let at = parcels.length;
      while (at > start && (parcels[at - 1]?.id ?? 0) > parcel.id) at--;
      if (at === parcels.length) parcels.push(parcel);
      else parcels.splice(at, 0, parcel);
      parcel.waits = true;
      bytes += parcel.bytes;
    },
    take: (count, maxBytes) => shift(fitting(parcels, start, count, maxBytes)),
    trim(maxCount, maxBytes) {
      let surplus = 0;
      let sum = bytes;
      for (; start + surplus < parcels.length; surplus++) {
        if (parcels.length - start - surplus <= maxCount && sum <= maxBytes) break;
        sum -= parcels[start + surplus]?.bytes ?? 0;
      }
      return shift(surplus);
    },
    remove(gone) {
      if (!gone.some(({ waits }) => waits)) return;
      const left = new Set(gone);
      parcels = parcels.slice(start).filter((parcel) => {
        if (left.has(parcel)) leave(parcel);
        return parcel.waits;
      });
      start = 0;
      // One may have changed since it came.
      bytes = parcels.reduce((sum, parcel) => sum + parcel.bytes, 0);
    },
  };
}

/** How many parcels from there on fit in so many and so many bytes; at least one, if there is one. */
function fitting(parcels: readonly Parcel[], start: number, count: number, maxBytes: number): number {
  let bytes = 0;
  let fit = 0;
  for (; fit < count && start + fit < parcels.length; fit++) {
    bytes += parcels[start + fit]?.bytes ?? 0;
    if (bytes > maxBytes && fit > 0) break;
  }
  return fit;
}

/** Divides parcels into as many as {@link Queue.take} gives at a time. */
export function toBatches(parcels: readonly Parcel[], count: number, maxBytes: number): Parcel[][] {
  const batches: Parcel[][] = [];
  for (let start = 0; start < parcels.length;) {
    const end = start + fitting(parcels, start, count, maxBytes);
    batches.push(parcels.slice(start, end));
    start = end;
  }
  return batches;
}
