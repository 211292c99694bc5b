/** The events that are neither delivered nor dropped yet, and who waits for them. */
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { Build, Parcel } from './parcel.ts';
import { createParcel } from './parcel.ts';
import { createRing } from './ring.ts';
import type { Dropped } from './store.ts';
import { unref } from './transport/deadline.ts';

/** What was there to wait for, and is left. */
export interface FlushResult {
  /** How many events are left. */
  pending: number;
  /**
   * With `spoolDir`: how often until now an event was sent again although the answer to its last request was lost, with a
   * connection or a process. So many may have arrived twice. Not there if none.
   */
  repeated?: number;
}

export interface Ledger {
  /** Counts up. */
  announce(build: Build): Parcel;
  /** Undefined if it is settled. */
  find(id: number): Parcel | undefined;
  count(): number;
  /** Those that are in memory, oldest first. */
  parcels(): Parcel[];
  /** Events are in a file, and need not be in memory any more. */
  release(parcels: readonly Parcel[]): void;
  /** Events are delivered, or refused for good. */
  settle(ids: readonly number[]): void;
  /** Events are lost. One that was not even announced has the id 0. */
  drop: Dropped;
  /**
   * Waits until every event announced so far is settled.
   *
   * @param hold whether the process is kept alive for it
   * @param inherited how many other events are waited for
   * @returns how many are left when the time is up
   */
  wait(timeoutMs: number, hold: boolean, inherited: () => number): Promise<number>;
  isAwaited(): boolean;
  /** Something may have changed for those who wait. */
  check(): void;
  /** Nobody need wait any more. */
  stop(): void;
}

/** In place of an event that is not in memory. */
const ELSEWHERE = 'elsewhere';

/** @param report told what `onQueueDrop` throws */
export function createLedger({ onQueueDrop }: ResolvedOptions, report: (error: unknown) => void): Ledger {
  const live = createRing<Parcel | typeof ELSEWHERE>();
  const checks = new Set<() => void>();
  let lastId = 0;
  let stopped = false;

  function check(): void {
    for (const one of checks) one();
  }

  function settle(ids: readonly number[]): void {
    for (const id of ids) live.delete(id);
    check();
  }

  return {
    announce(build) {
      const parcel = createParcel(++lastId, build);
      live.set(lastId, parcel);
      return parcel;
    },
    find(id) {
      const parcel = live.get(id);
      return parcel === ELSEWHERE ? undefined : parcel;
    },
    count: () => live.size,
    parcels: () => live.entries().flatMap(([, parcel]) => (parcel === ELSEWHERE ? [] : parcel)),
    release(parcels) {
      for (const { id } of parcels) if (live.get(id) !== undefined) live.set(id, ELSEWHERE);
    },
    settle,
    drop(ids, reason) {
      try {
        if (reason && ids.length > 0) onQueueDrop?.({ dropped: ids.length, reason });
      } catch (error) {
        report(error);
      }
      settle(ids);
    },
    wait(timeoutMs, hold, inherited) {
      const last = lastId;
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          checks.delete(checkThis);
          resolve(live.entries().filter(([id]) => id <= last).length + inherited());
        };
        const checkThis = (): void => {
          const oldest = live.oldest() ?? Infinity;
          if (stopped || (oldest > last && inherited() === 0)) end();
        };
        // Keeps the process alive: somebody waits.
        const timer = setTimeout(end, timeoutMs);
        if (!hold) unref(timer);
        checks.add(checkThis);
      });
    },
    isAwaited: () => checks.size > 0,
    check,
    stop() {
      stopped = true;
      check();
    },
  };
}
