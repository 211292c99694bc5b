/** The segments of one process: those it began, and those it took over. */
import type { Dropped } from '../store.ts';
import type { Directory } from './directory.ts';
import type { StoredEvent } from './record.ts';

const MAX_SEGMENT_BYTES = 1024 * 1024;
/** A segment that has no event left may have so many bytes before another one is begun. */
const MAX_IDLE_BYTES = 64 * 1024;

export interface Segment {
  readonly path: string;
  bytes: number;
  /** The ids of the events in it that are not done, by where they stand. */
  readonly left: Map<number, number>;
  /** Where those stand that are not in memory, and whether the receiver may have them. */
  readonly resting: Map<number, boolean>;
  /** It was another process's. */
  readonly inherited: boolean;
  /** It is another process's now, which thought that we were gone. */
  takenOver: boolean;
}

export interface Segments {
  /** Oldest first. */
  list(): readonly Segment[];
  /** The segment to write an event to. If there is none with room for it one is begun, and the oldest may have to go. */
  toWrite(bytes: number): Segment;
  /** Adds a record, and tells where it stands. */
  append(segment: Segment, record: Buffer): number;
  /** Those that are not done, by where they stand. */
  read(segment: Segment): Map<number, StoredEvent>;
  /** Events are done; the segment goes with the last of them. False: it stays. */
  settle(segment: Segment, places: Iterable<number>): boolean;
  /** What other processes left, oldest first. */
  findOrphans(): string[];
  /** Takes it over, if nobody was faster. */
  claim(orphan: string): void;
  /** Shows that we are alive. */
  touch(): void;
  /** Leaves what is left to others. */
  release(): void;
}

/** What the file system throws is thrown on where something was to be written or read. */
export function createSegments(
  directory: Directory,
  maxBytes: number,
  dropped: Dropped,
  report: (error: Error) => void,
): Segments {
  const segmentBytes = Math.min(MAX_SEGMENT_BYTES, maxBytes / 8);
  let segments: Segment[] = [];
  /** The one that is being written. */
  let current: Segment | undefined;

  function add(path: string, inherited: boolean): Segment {
    const segment = {
      path,
      bytes: 0,
      left: new Map(),
      resting: new Map(),
      inherited,
      takenOver: false,
    };
    segments.push(segment);
    segments.sort((a, b) => (a.path < b.path ? -1 : 1));
    return segment;
  }

  function find(path: string): Segment | undefined {
    return segments.find((segment) => segment.path === path);
  }

  /** From now on, those of its events that are in memory are nowhere else. */
  function forget(segment: Segment, reason?: 'max_spool_bytes'): void {
    segments = segments.filter((other) => other !== segment);
    if (segment === current) current = undefined;
    dropped(idsOf(segment, segment.resting.keys()), reason);
  }

  /** After a failure: a file that is missing where others are was taken over. */
  function leave(segment: Segment, error: unknown): void {
    segment.takenOver = (error as NodeJS.ErrnoException).code === 'ENOENT' && directory.exists();
    forget(segment);
  }

  function settle(segment: Segment, places: Iterable<number>): boolean {
    for (const place of places) {
      segment.left.delete(place);
      segment.resting.delete(place);
    }
    const stays = segment.left.size > 0 || (segment === current && segment.bytes <= MAX_IDLE_BYTES);
    if (!stays) {
      forget(segment);
      directory.remove(segment.path);
    }
    return !stays;
  }

  function claim(orphan: string): Segment | undefined {
    const path = directory.claim(orphan);
    if (path === undefined) return undefined;
    const { events, damaged } = directory.read(path);
    const segment = add(path, true);
    let doubtful = 0;
    for (const [place, event] of events) {
      segment.left.set(place, 0);
      segment.resting.set(place, event.doubtful);
      if (event.doubtful) doubtful++;
    }
    tellDamage(damaged);
    if (doubtful > 0) {
      report(new Error(`Spool: who sent events ended before the answer; may arrive twice: ${doubtful}`));
    }
    return segment;
  }

  function tellDamage(records: number): void {
    if (records > 0) report(new Error(`Spool: records that were damaged and are lost: ${records}`));
  }

  /**
   * Drops what is oldest. Other processes that are alive do that for themselves, and may fill what they have begun. Throws
   * where they leave no room.
   */
  function makeRoom(bytes: number): void {
    const files = directory.list().map((file) => ({ ...file, segment: find(file.path) }));
    const sizeOf = ({ segment, isOrphan, bytes }: (typeof files)[number]): number =>
      segment || isOrphan ? bytes : Math.max(bytes, segmentBytes);
    let total = files.reduce((sum, file) => sum + sizeOf(file), bytes);
    for (const file of files) {
      if (total <= maxBytes) return;
      const segment = file.segment ?? (file.isOrphan ? claim(file.path) : undefined);
      if (segment === undefined) continue;
      total -= file.bytes;
      forget(segment, 'max_spool_bytes');
      directory.remove(segment.path);
    }
    if (total > maxBytes) throw new Error('Spool: other processes have filled it');
  }

  return {
    list: () => segments,
    toWrite(bytes) {
      if (current && current.bytes + bytes > segmentBytes) current = undefined;
      if (current === undefined) {
        makeRoom(Math.max(bytes, segmentBytes));
        current = add(directory.create(), false);
      }
      return current;
    },
    append(segment, record) {
      const start = segment.bytes;
      try {
        directory.append(segment.path, record);
      } catch (error) {
        // Nobody knows where its end is now, so no event follows.
        if (segment === current) current = undefined;
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') leave(segment, error);
        else settle(segment, []);
        throw error;
      }
      segment.bytes += record.length;
      return start;
    },
    read(segment) {
      try {
        const { events } = directory.read(segment.path);
        const missing = [...segment.resting.keys()].filter((place) => !events.has(place));
        tellDamage(missing.length);
        dropped(idsOf(segment, missing));
        settle(segment, missing);
        return events;
      } catch (error) {
        leave(segment, error);
        throw error;
      }
    },
    settle,
    findOrphans: () =>
      directory
        .list()
        .filter(({ path, isOrphan, isForUs }) => isOrphan && isForUs && find(path) === undefined)
        .map(({ path }) => path),
    claim(orphan) {
      const segment = claim(orphan);
      if (segment) settle(segment, []);
    },
    touch() {
      for (const { path } of segments) directory.touch(path, Date.now());
    },
    release() {
      current = undefined;
      for (const segment of segments) if (!settle(segment, [])) directory.touch(segment.path, 0);
      segments = [];
    },
  };
}

function idsOf(segment: Segment, places: Iterable<number>): number[] {
  return Array.from(places, (place) => segment.left.get(place) ?? 0);
}
