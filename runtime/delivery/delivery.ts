/**
 * Delivery: which event goes out when. It goes at once if no other is under way or has just left, else behind that one,
 * together with all that waits there; a second and a third request begin when there is enough for a full one. Events that
 * could not be sent are kept, and after repeated failures the receiver is left alone for a while, longer each time.
 */
import { now } from '../clock.ts';
import { createLedger } from './ledger.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { PlatformTransport, Transport } from '../platform/types.ts';
import type { Parcel } from './parcel.ts';
import { empty, end, fill, fillNow, pack } from './parcel.ts';
import { createQueue, toBatches } from './queue.ts';
import { createSender } from './send.ts';
import { createMemoryStore } from './store.ts';
import { unref } from './transport/deadline.ts';
import type { Delivery } from './types.ts';
import { openSpool } from '#platform';

export type { Delivery } from './types.ts';

/** Requests under way at a time; but no more than this begin before the receiver takes something. */
const MAX_REQUESTS = 3;
const MAX_UNANSWERED = 2;
/** Events that wait for a request to end, and events that are being built. */
const MAX_WAITING = 1000;
const MAX_BATCH_BYTES = 1024 * 1024;
/** A request costs the application more than an event. */
const PACE_MS = 20;

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

/**
 * @param pauseMs the first pause after a failure; each further one doubles it
 * @param paceMs from the beginning of a request to the next one that is not full
 */
export function createDelivery(
  options: ResolvedOptions,
  transport: Transport | PlatformTransport,
  report: (error: unknown) => void,
  pauseMs = 5000,
  paceMs: number = PACE_MS,
): Delivery {
  const { batchFlushIntervalMs, flushIntervalMs } = options;
  // Who captures waits for it, otherwise.
  const pace = options.asyncSend ? paceMs : 0;
  const ledger = createLedger(options, report);
  /** Events that were not tried yet, and where those are that failed. */
  const waiting = createQueue();
  const memory = createMemoryStore(options, ledger.drop);
  const spool = options.spoolDir && options.enabled;
  const store =
    (spool && openSpool(options, memory, { dropped: ledger.drop, report, found: pump })) || memory;
  const sender = createSender(options, transport, store, settle, report, isOpen);
  let building = 0;
  let requests = 0;
  let failures = 0;
  let openUntil = 0;
  /** What is told of events that are not even tried; one for all, as to make one for each takes its time. */
  const tooMany = new Error('Too many events wait');
  const unreachable = new Error('The receiver cannot be reached');
  let draining = false;
  /** Whether events that failed before may be tried again. */
  let mayDrain = true;
  /** How often in a row the receiver failed on the oldest event right after it took others. */
  let suspicions = 0;
  let stopped = false;
  /** Whether events need not wait for others any more. */
  let due = true;
  /** When the last request with events that were not tried yet began. */
  let lastBegan = -Infinity;
  let batchTimer: ReturnType<typeof setTimeout> | undefined;
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;
  const tick = flushIntervalMs > 0 ? setInterval(drain, flushIntervalMs) : undefined;
  unref(tick);
  if (spool && store === memory) report(new Error('There are no files here: `spoolDir` is not used.'));

  function settle(parcels: readonly Parcel[], error?: Error): void {
    waiting.remove(parcels);
    store.note('done', parcels);
    for (const parcel of parcels) end(parcel, error);
    ledger.settle(parcels.map(({ id }) => id));
  }

  function keep(parcels: readonly Parcel[], error: Error = unreachable): void {
    const released = store.keep(parcels);
    ledger.release(released);
    for (const parcel of released) empty(parcel);
    for (const parcel of parcels) end(parcel, error);
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
    while (mayStart()) {
      const old = mayDrain && !draining && !store.isEmpty();
      // The one that the receiver stumbles over must not take others with it.
      const count = sender.bulk && !(old && suspicions > 0) ? options.batchMaxEvents : 1;
      if (!old && !isReady(count)) break;
      const parcels = (old ? store : waiting).take(count, MAX_BATCH_BYTES);
      if (!old) lastBegan = now();
      if (parcels.length > 0) run(parcels, old).catch(report);
    }
    ledger.check();
  }

  /** For the first event that waits: how long it does. */
  function waitForOthers(): void {
    const wait = batchFlushIntervalMs || Math.ceil(lastBegan + pace - now());
    due = wait <= 0;
    clearTimeout(batchTimer);
    if (due) return;
    batchTimer = setTimeout(() => {
      due = true;
      pump();
    }, wait);
    // A moment may be waited for before the process ends, as for the request itself.
    if (batchFlushIntervalMs > 0) unref(batchTimer);
  }

  /** After a failure, one request at a time tells whether the receiver is back. */
  function mayStart(): boolean {
    if (requests === 0) return true;
    return failures === 0 && requests < MAX_REQUESTS && sender.unanswered < MAX_UNANSWERED;
  }

  /** Whether what waits is worth a request of its own. */
  function isReady(count: number): boolean {
    if (waiting.length >= count || waiting.bytes >= MAX_BATCH_BYTES || ledger.isAwaited()) {
      return waiting.length > 0;
    }
    return waiting.length > 0 && due && requests === (draining ? 1 : 0);
  }

  async function run(parcels: Parcel[], old: boolean): Promise<void> {
    const suspicious = old && failures === 0;
    requests++;
    draining ||= old;
    const { kept, error, blamed, delivered } = await sender.send(parcels, old ? 0 : options.retries);
    requests--;
    for (const parcel of parcels) if (!kept.includes(parcel)) empty(parcel);
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
      empty(parcel);
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
      keep(waiting.take(Infinity, Infinity), error);
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
      waiting.add(parcel);
      const surplus = waiting.trim(MAX_WAITING, options.offlineQueueMaxBytes);
      if (surplus.length > 0) keep(surplus, tooMany);
      if (waiting.length === 1) waitForOthers();
      pump();
      // The next batch does not wait for long.
      if (parcel.waits && waiting.length > options.batchMaxEvents) pack(parcel);
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
      const batches = toBatches(rest, sender.bulk ? options.batchMaxEvents : 1, MAX_BATCH_BYTES);
      sender.sendSync(batches, until - now());
    },
    stop() {
      stopped = true;
      ledger.stop();
      for (const timer of [tick, batchTimer, wakeTimer]) clearTimeout(timer);
      if (requests === 0) store.close();
    },
  };
}
