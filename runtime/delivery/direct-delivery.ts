/**
 * Delivery where nothing outlives a request: every event goes out at once, within the request that captured it, which the
 * platform may end as soon as nothing is awaited any more. No timer and no connection is shared; events that could not be
 * sent wait, as text, until a later one gets through.
 */
import { now } from '../clock.ts';
import { MAX_SUSPICIONS } from './delivery.ts';
import { createLedger } from './ledger.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { PlatformTransport, Transport } from '../platform/types.ts';
import type { Parcel } from './parcel.ts';
import { end, fill } from './parcel.ts';
import { createSender } from './send.ts';
import { createMemoryStore } from './store.ts';
import type { Delivery } from './types.ts';

const MAX_PENDING = 1000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** Failed events in a row after which none is tried until the pause is over; each further one doubles it. */
const FAILURES_TO_OPEN = 3;
const PAUSE_MS = 5000;
const MAX_PAUSE_MS = 5 * 60_000;

const FLUSH_TIMEOUT_MS = 5000;

export function createDirectDelivery(
  options: ResolvedOptions,
  transport: Transport | PlatformTransport,
  report: (error: unknown) => void,
): Delivery {
  const ledger = createLedger(options, report);
  const store = createMemoryStore(options, ledger.drop);
  const sender = createSender(options, transport, store, settle, report, isOpen);
  let failures = 0;
  let openUntil = 0;
  let suspicions = 0;

  function settle(parcels: readonly Parcel[], error?: Error): void {
    for (const parcel of parcels) end(parcel, error);
    ledger.settle(parcels.map(({ id }) => id));
  }

  function keep(parcels: readonly Parcel[], error = new Error('The receiver cannot be reached')): void {
    for (const parcel of parcels) end(parcel, error);
    store.keep(parcels);
  }

  function isOpen(): boolean {
    return Math.max(openUntil, sender.notBefore) > now();
  }

  async function deliver(parcel: Parcel): Promise<void> {
    if (isOpen()) return keep([parcel]);
    const { kept, error, delivered } = await sender.send([parcel], options.retries);
    if (kept.length > 0) {
      keep(kept, error);
      const excess = ++failures - FAILURES_TO_OPEN;
      if (excess >= 0) openUntil = now() + Math.min(PAUSE_MS * 2 ** excess, MAX_PAUSE_MS);
    }
    if (!delivered) return;
    failures = openUntil = 0;
    await drain();
  }

  /** Sends what waits, oldest first, until something fails. What is taken out is nobody else's: a request may end in here. */
  async function drain(): Promise<void> {
    while (!store.isEmpty() && !isOpen()) {
      const count = sender.bulk && suspicions === 0 ? options.batchMaxEvents : 1;
      const { kept, error, blamed, delivered } = await sender.send(store.take(count, MAX_BATCH_BYTES), 0);
      if (delivered) suspicions = 0;
      const [oldest] = kept;
      if (oldest === undefined) continue;
      if (blamed && ++suspicions > MAX_SUSPICIONS) {
        suspicions = 0;
        settle([oldest], error);
        kept.shift();
      }
      return keep(kept, error);
    }
  }

  return {
    get pending() {
      return ledger.count();
    },
    begin(build) {
      if (ledger.count() < MAX_PENDING) return ledger.announce(build);
      ledger.drop([0], 'max_queue_size');
      return undefined;
    },
    complete(id, json, ended) {
      const parcel = ledger.find(id);
      if (parcel === undefined) return ended();
      if (json === undefined) return void (settle([parcel]), ended());
      // Who waits for this one waits for what goes along with it.
      let failure: Error | undefined;
      parcel.ended = (error) => void (failure = error);
      fill(parcel, json);
      void deliver(parcel)
        .catch(report)
        .finally(() => ended(failure));
    },
    async flush(timeoutMs = FLUSH_TIMEOUT_MS, hold = true) {
      const settled = ledger.wait(timeoutMs, hold, () => 0);
      openUntil = 0;
      void drain().catch(report);
      ledger.check();
      return { pending: await settled };
    },
    flushSync() {
      // No thread may wait here.
    },
    stop: () => ledger.stop(),
  };
}
