/**
 * Breadcrumbs as they are kept: a ring of records that nobody formats until an event needs them. An observed call is its
 * own record: it is written when the function is entered and completed when it ends.
 */
import { epochOffset, now } from '../clock.ts';
import type { Breadcrumb, Level } from '../protocol.ts';

/** A breadcrumb that somebody added, with the time as a number. */
export interface Note {
  message: string;
  category: string;
  level: Level;
  metadata: Record<string, unknown>;
  at: number;
}

/** One observed call, or several calls of one function in a row. */
export interface Call {
  /** `<file>:<line>:<function>`, as the build wrote it. */
  site: string;
  ring: Breadcrumbs;
  at: number;
  /** When the running call began. */
  began: number;
  /** Total duration of the calls that ended, in milliseconds; undefined while none has. */
  ms: number | undefined;
  calls: number;
  /** The promise that the call returned is still pending. */
  pending: boolean;
  running: boolean;
  /** A synchronous call came to a `return` or to its end. */
  returned: boolean;
  failed: boolean;
  /** What was thrown, in words: the error itself is not held on to. */
  error: string | undefined;
}

/** A bounded list of breadcrumbs, oldest out first. */
export interface Breadcrumbs {
  readonly capacity: number;
  records: (Note | Call)[];
  /** Where the next record goes, once the ring is full. */
  next: number;
  last: Note | Call | undefined;
  /** Nothing is recorded: the request is one of those that are ignored. */
  readonly muted: boolean;
}

/** @param capacity how many are kept; 0 keeps none */
export function createBreadcrumbs(capacity: number, muted = false): Breadcrumbs {
  return { capacity, records: [], next: 0, last: undefined, muted };
}

function push(ring: Breadcrumbs, record: Note | Call): void {
  if (ring.capacity === 0) return;
  if (ring.records.length < ring.capacity) ring.records.push(record);
  else {
    ring.records[ring.next] = record;
    if (++ring.next === ring.capacity) ring.next = 0;
  }
  ring.last = record;
}

/** Adds a breadcrumb that may be completed later on. */
export function keepNote(ring: Breadcrumbs, note: Note): void {
  if (!ring.muted) push(ring, note);
}

/** Adds a breadcrumb. */
export function addNote(
  ring: Breadcrumbs,
  message: string,
  category = 'default',
  level: Level = 'info',
  metadata: Record<string, unknown> = {},
): void {
  keepNote(ring, { message, category, level, metadata, at: now() });
}

/** Records that an observed function was entered. A call right behind an ended one of the same function joins it. */
export function beginCall(ring: Breadcrumbs, site: string): Call {
  const at = now();
  const last = ring.last;
  if (last !== undefined && 'site' in last && last.site === site && !last.running && !last.failed) {
    last.calls++;
    last.began = at;
    last.running = true;
    last.returned = false;
    return last;
  }
  const call: Call = {
    site,
    ring,
    at,
    began: at,
    ms: undefined,
    calls: 1,
    pending: false,
    running: true,
    returned: false,
    failed: false,
    error: undefined,
  };
  push(ring, call);
  return call;
}

/** Records that an observed function ended. */
export function endCall(call: Call): void {
  call.ms = (call.ms ?? 0) + now() - call.began;
  call.running = false;
  call.pending = false;
}

/** Forgets everything. */
export function clearBreadcrumbs(ring: Breadcrumbs): void {
  ring.records = [];
  ring.next = 0;
  ring.last = undefined;
}

/** The file, line and function of a site. */
export function parseSite(site: string): { fileName: string; lineNumber: number; functionName: string } {
  const match = /^(.*?):(\d+):(.*)$/s.exec(site);
  return {
    fileName: match?.[1] ?? '',
    lineNumber: Number(match?.[2] ?? 0),
    functionName: match?.[3] ?? site,
  };
}

/** The records, oldest first. */
export function inOrder({ records, next }: Breadcrumbs): readonly (Note | Call)[] {
  return next === 0 ? records : [...records.slice(next), ...records.slice(0, next)];
}

/** The breadcrumbs in the form of the contract, oldest first. */
export function toBreadcrumbs(ring: Breadcrumbs): Breadcrumb[] {
  const offset = epochOffset();
  return inOrder(ring).map((record) => {
    const timestamp = new Date(record.at + offset).toISOString();
    if ('site' in record) return { ...describeCall(record), timestamp };
    const { message, category, level, metadata } = record;
    return { message, category, level, metadata, timestamp };
  });
}

/** Microseconds are exact enough. */
export function toMilliseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function describeCall(call: Call): Omit<Breadcrumb, 'timestamp'> {
  const { fileName, lineNumber, functionName } = parseSite(call.site);
  const metadata: Record<string, unknown> = { fileName, lineNumber };
  if (call.ms !== undefined) metadata['durationMs'] = toMilliseconds(call.ms);
  if (call.running) metadata['running'] = true;
  if (call.calls > 1) metadata['calls'] = call.calls;
  if (call.error !== undefined) metadata['error'] = call.error;
  return { message: functionName, category: 'function', level: call.failed ? 'error' : 'info', metadata };
}
