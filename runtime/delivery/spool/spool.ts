/**
 * The spool: every event is in a file before anybody tries to send it, and the file goes when all of its events are done.
 * So what a process leaves behind, however it ended, the next one finds. Events that wait for better times are in the file
 * alone; what cannot be written is kept in memory, as if there were no spool.
 *
 * Nothing is forced onto the disk: files outlive their process, but perhaps not a loss of power.
 */
import type { ResolvedOptions } from '../../options/resolve-options.ts';
import type { Parcel } from '../parcel.ts';
import { createParcel, fill, textOf } from '../parcel.ts';
import { createQueue } from '../queue.ts';
import type { Dropped, Store } from '../store.ts';
import { unref } from '../transport/deadline.ts';
import { openDirectory } from './directory.ts';
import { encode, encodeChange } from './record.ts';
import type { Segment } from './segments.ts';
import { createSegments } from './segments.ts';

/** How often we show that we are alive, and look for what others left. Much shorter than the lease in owner.ts. */
const HEARTBEAT_MS = 10_000;

interface Place {
  segment: Segment;
  at: number;
}

/** Whom a spool tells what. */
export interface SpoolListener {
  dropped: Dropped;
  report(error: unknown): void;
  /** There is something to send that ended processes left. */
  found(): void;
}

/**
 * Opens the spool in `spoolDir`, and soon looks for what others left there. Never throws, nor does what it returns.
 *
 * @param memory for the events that cannot be written
 * @returns undefined where there are no files
 */
export function openSpool(
  { spoolDir, spoolMaxBytes, apiKey }: ResolvedOptions,
  memory: Store,
  { dropped, report, found }: SpoolListener,
): Store | undefined {
  const told = new Set<unknown>();
  const directory = attempt(() => openDirectory(spoolDir ?? '', apiKey));
  if (directory === undefined) return undefined;
  const segments = createSegments(directory, spoolMaxBytes, dropped, report);
  const places = new WeakMap<Parcel, Place>();
  /** Paths of what others left, oldest first. */
  let orphans: string[] = [];
  /** Events of the oldest segment, read to be sent next. */
  const loaded = createQueue();
  const heartbeat = setInterval(() => {
    segments.touch();
    look();
  }, HEARTBEAT_MS);
  unref(heartbeat);
  setImmediate(look);

  /** What goes wrong is told, but not again and again. */
  function attempt<T>(task: () => T): T | undefined {
    try {
      return task();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!told.has(code ?? message)) report(error);
      told.add(code ?? message);
      return undefined;
    }
  }

  function look(): void {
    orphans = attempt(segments.findOrphans) ?? [];
    if (orphans.length > 0) found();
  }

  function write(parcel: Parcel, record: Buffer): void {
    const segment = segments.toWrite(record.length);
    const at = segments.append(segment, record);
    segment.left.set(at, parcel.id);
    places.set(parcel, { segment, at });
    told.clear();
  }

  /** Where an event is; undefined if it is in no file of ours. */
  function placeOf(parcel: Parcel): Place | undefined {
    const place = places.get(parcel);
    return place && segments.list().includes(place.segment) ? place : undefined;
  }

  /** Reads what is oldest, until there is something to send. */
  function load(): void {
    while (loaded.length === 0) {
      const [orphan] = orphans;
      const segment = segments.list().find(({ resting }) => resting.size > 0);
      if (orphan !== undefined && !(segment && segment.path < orphan)) {
        orphans.shift();
        attempt(() => segments.claim(orphan));
      } else if (segment) {
        attempt(() => wake(segment));
      } else {
        return;
      }
    }
  }

  /** From the file to memory. */
  function wake(segment: Segment): void {
    for (const [at, { json }] of segments.read(segment)) {
      const doubtful = segment.resting.get(at);
      if (doubtful === undefined) continue;
      segment.resting.delete(at);
      const parcel = createParcel(segment.left.get(at) ?? 0);
      fill(parcel, json);
      parcel.doubtful = doubtful;
      places.set(parcel, { segment, at });
      loaded.add(parcel);
    }
  }

  /** From memory to the file where it is anyway; false if there is none. */
  function rest(parcel: Parcel): boolean {
    const place = placeOf(parcel);
    place?.segment.resting.set(place.at, parcel.doubtful);
    return place !== undefined;
  }

  return {
    admit(parcel) {
      const place = placeOf(parcel);
      if (place)
        return void attempt(() => segments.append(place.segment, encodeChange(place.at, textOf(parcel))));
      const record = encode(textOf(parcel));
      if (places.has(parcel) || record.length > spoolMaxBytes) return;
      attempt(() => {
        try {
          write(parcel, record);
        } catch {
          // The file may have been taken over, or the directory removed: new ones may do.
          write(parcel, record);
        }
      });
    },
    note(note, parcels) {
      const groups = new Map<Segment, number[]>();
      for (const parcel of parcels) {
        const place = placeOf(parcel);
        if (place) groups.set(place.segment, [...(groups.get(place.segment) ?? []), place.at]);
      }
      for (const [segment, at] of groups) {
        if (note === 'done' && segments.settle(segment, at)) continue;
        attempt(() => segments.append(segment, encode(JSON.stringify([note, ...at]))));
      }
      memory.note(note, parcels);
      return parcels.filter((parcel) => places.get(parcel)?.segment.takenOver);
    },
    keep(parcels) {
      const homeless = [...parcels, ...loaded.take(Infinity, Infinity)].filter((parcel) => !rest(parcel));
      if (homeless.length > 0) memory.keep(homeless);
      return parcels.filter((parcel) => !homeless.includes(parcel));
    },
    take(count, maxBytes) {
      load();
      return loaded.length > 0 ? loaded.take(count, maxBytes) : memory.take(count, maxBytes);
    },
    isEmpty: () =>
      loaded.length + orphans.length === 0 &&
      segments.list().every(({ resting }) => resting.size === 0) &&
      memory.isEmpty(),
    inherited: () =>
      segments.list().reduce((sum, { inherited, left }) => sum + (inherited ? left.size : 0), orphans.length),
    look,
    close() {
      clearInterval(heartbeat);
      segments.release();
      orphans = [];
    },
  };
}
