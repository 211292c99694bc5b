/**
 * Delivery: which event goes out when. Few requests are under way at a time; what waits behind them goes together. Events
 * that could not be sent are kept, and after repeated failures the receiver is left alone for a while, longer each time.
 */
import { now } from '../clock.ts';
import type { FlushResult } from './ledger.ts';
import { createLedger } from './ledger.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { PlatformTransport } from '../platform/types.ts';
import type { Build, Parcel } from './queue.ts';
import { createMemoryStore, fill, fillNow, insert, take } from './queue.ts';
import { createSender } from './send.ts';
import { unref } from './transport/deadline.ts';
import { openSpool } from '#platform';

/** Requests under way at a time. */
const MAX_REQUESTS = 3;
/** Events that wait for a request to end, and events that are being built. */
const MAX_WAITING = 1000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** How often in a row the receiver may fail on an event although it takes others, before the event is given up. */
export const MAX_SUSPICIONS = 20;

/** Failed sends in a row after which no request is made until the pause is over. */
const FAILURES_TO_OPEN = 3;
const MAX_PAUSE_MS = 5 * 60_000;
/** The pause while somebody waits for a flush. */
const FLUSH_PAUSE_MS = 500;
const FLUSH_TIMEOUT_MS = 5000;
/** How much of the time that a process has to end may go by with the mapping of stacks, which large maps make slow. */
const MAPPING_SHARE = 0.4;

export interface Delivery {
  /** How many events were announced and neither delivered nor dropped. */
  readonly pending: number;
  /**
   * Announces an event, so that a flush waits for it, or builds it at once if it cannot. With a spool it is built and
   * written now: from here on it outlives the process. Undefined when too many are under way: the event is dropped.
   *
   * @param isQuick whether to build it takes no time that could be had later
   */
  begin(build: Build, isQuick: boolean): Readonly<Parcel> | undefined;
  /**
   * Hands over an announced event, or that it could not be built.
   *
   * @param ended called when sending has ended, for now or for good; with the reason if the receiver does not have it
   */
  complete(id: number, json: string | undefined, ended: (error?: Error) => void): void;
  /**
   * Waits until every event announced so far has been delivered or dropped, and what ended processes left in the spool, and
   * tries hard until then.
   *
   * @param timeoutMs how long to wait at most, 5 seconds unless told
   * @param hold false: the process may end before
   */
  flush(timeoutMs?: number, hold?: boolean): Promise<FlushResult>;
  /** The same while the thread waits; what is on its way to the receiver, or only in the spool, is not sent once more. */
  flushSync(timeoutMs: number): void;
  /** Ends the timers; nothing is sent any more but what is under way. */
  stop(): void;
}

/** @param pauseMs the first pause after a failure; each further one doubles it */
export function createDelivery(
  options: ResolvedOptions,
  transport: PlatformTransport,
  report: (error: unknown) => void,
  pauseMs = 5000,
): Delivery {
  const { batchFlushIntervalMs, flushIntervalMs } = options;
  const ledger = createLedger(options, report);
  /** Events that were not tried yet, and where those are that failed. */
  const waiting: Parcel[] = [];
  const memory = createMemoryStore(options, ledger.drop);
  const spool = options.spoolDir && options.enabled;
  const store =
    (spool && openSpool(options, memory, { dropped: ledger.drop, report, found: pump })) || memory;
  const sender = createSender(options, transport, store, settle, report, isOpen);
  let building = 0;
  let requests = 0;
  let failures = 0;
  let openUntil = 0;
  let draining = false;
  /** Whether events that failed before may be tried again. */
  let mayDrain = true;
  /** How often in a row the receiver failed on the oldest event right after it took others. */
  let suspicions = 0;
  let stopped = false;
  /** Whether events need not wait for others any more. */
  let due = batchFlushIntervalMs === 0;
  let batchTimer: ReturnType<typeof setTimeout> | undefined;
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;
  const tick = flushIntervalMs > 0 ? setInterval(drain, flushIntervalMs) : undefined;
  unref(tick);
  if (spool && store === memory) report(new Error('There are no files here: `spoolDir` is not used.'));

  function settle(parcels: readonly Parcel[], error?: Error): void {
    store.note('done', parcels);
    for (const parcel of parcels) parcel.ended(error);
    ledger.settle(parcels.map(({ id }) => id));
  }

  function keep(parcels: readonly Parcel[], error = new Error('The receiver cannot be reached')): void {
    ledger.release(store.keep(parcels));
    for (const parcel of parcels) parcel.ended(error);
  }

  function isOpen(): boolean {
    return openUntil > now();
  }

  function drain(): void {
    mayDrain = true;
    pump();
  }

  function wakeIn(ms: number): void {
    clearTimeout(wakeTimer);
    unref((wakeTimer = setTimeout(drain, ms)));
  }

  /** Starts what can be started. */
  function pump(): void {
    const wait = Math.max(sender.notBefore, openUntil) - now();
    if (stopped) return;
    if (wait > 0) return wakeIn(wait);
    // After a failure, one request at a time tells whether the receiver is back.
    while (requests < (failures > 0 ? 1 : MAX_REQUESTS)) {
      const old = mayDrain && !draining && !store.isEmpty();
      // The one that the receiver stumbles over must not take others with it.
      const count = sender.bulk && !(old && suspicions > 0) ? options.batchMaxEvents : 1;
      if (!old && (waiting.length === 0 || (waiting.length < count && !due && !ledger.isAwaited()))) break;
      const parcels = old ? store.take(count, MAX_BATCH_BYTES) : take(waiting, count, MAX_BATCH_BYTES);
      if (parcels.length > 0) run(parcels, old).catch(report);
    }
    if (waiting.length === 0) due = batchFlushIntervalMs === 0;
    ledger.check();
  }

  async function run(parcels: Parcel[], old: boolean): Promise<void> {
    const suspicious = old && failures === 0;
    requests++;
    draining ||= old;
    const { kept, error, blamed, delivered } = await sender.send(parcels, old ? 0 : options.retries);
    requests--;
    if (stopped && requests === 0) store.close();
    if (old) draining = false;
    if (delivered) {
      failures = openUntil = 0;
      mayDrain = true;
      if (old) suspicions = 0;
    }
    const [parcel] = kept;
    if (parcel && blamed && suspicious && ++suspicions > MAX_SUSPICIONS) {
      suspicions = 0;
      settle([parcel], error);
      kept.shift();
    }
    if (kept.length > 0) fallBack(kept, error);
    pump();
  }

  function fallBack(kept: Parcel[], error: Error | undefined): void {
    failures++;
    mayDrain = false;
    keep(kept, error);
    const longest = ledger.isAwaited() ? FLUSH_PAUSE_MS : MAX_PAUSE_MS;
    const pause = Math.min(pauseMs * 2 ** (failures - 1), longest) * (0.5 + Math.random() / 2);
    if (failures >= FAILURES_TO_OPEN) {
      openUntil = now() + pause;
      keep(waiting.splice(0), error);
    }
    wakeIn(pause);
  }

  return {
    get pending() {
      return ledger.count();
    },
    begin(build, isQuick) {
      if (building >= MAX_WAITING) return void ledger.drop([0], 'max_queue_size');
      building++;
      const parcel = ledger.announce(build);
      if (store !== memory && fillNow(parcel, report, isQuick)) store.admit(parcel);
      return parcel;
    },
    complete(id, json, ended) {
      building--;
      const parcel = ledger.find(id);
      if (parcel === undefined) return ended();
      parcel.ended = ended;
      // If it cannot be built for good, what the spool has of it may do.
      const final = json ?? parcel.json;
      if (final === '') return settle([parcel]);
      const isNew = final !== parcel.json;
      fill(parcel, final);
      if (isNew) store.admit(parcel);
      if (isOpen()) return keep([parcel]);
      const { offlineQueueMaxBytes } = options;
      const surplus = insert(waiting, [parcel], MAX_WAITING, offlineQueueMaxBytes);
      if (surplus.length > 0) keep(surplus, new Error('Too many events wait'));
      if (!due && waiting.length === 1) {
        clearTimeout(batchTimer);
        batchTimer = setTimeout(() => {
          due = true;
          pump();
        }, batchFlushIntervalMs);
        unref(batchTimer);
      }
      pump();
    },
    async flush(timeoutMs = FLUSH_TIMEOUT_MS, hold = true) {
      const settled = ledger.wait(timeoutMs, hold, store.inherited);
      openUntil = 0;
      store.look();
      drain();
      ledger.check();
      const pending = await settled;
      const { repeated } = sender;
      return { pending, ...(store !== memory && repeated > 0 && { repeated }) };
    },
    flushSync(timeoutMs) {
      if (stopped) return;
      const until = now() + timeoutMs;
      const mapUntil = now() + timeoutMs * MAPPING_SHARE;
      const rest: Parcel[] = [];
      for (const parcel of ledger.parcels()) {
        const { json, sent } = parcel;
        // Stacks may stay as they are, if only the event arrives.
        if (sent || !fillNow(parcel, report, now() < mapUntil)) continue;
        if (json !== parcel.json) store.admit(parcel);
        rest.push(parcel);
      }
      // What nobody can wait for is better in a file.
      if (store !== memory && options.transport) return;
      const batches: Parcel[][] = [];
      while (rest.length > 0)
        batches.push(take(rest, sender.bulk ? options.batchMaxEvents : 1, MAX_BATCH_BYTES));
      sender.sendSync(batches, until - now());
      waiting.splice(0, Infinity, ...waiting.filter(({ id }) => ledger.find(id)));
    },
    stop() {
      stopped = true;
      ledger.stop();
      for (const timer of [tick, batchTimer, wakeTimer]) clearTimeout(timer);
      if (requests === 0) store.close();
    },
  };
}
