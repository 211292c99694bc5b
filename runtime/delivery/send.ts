/** Sending: what is tried how often, and what an answer means for the events of a request. */
import { describe, isFinal, isUnconnected, readRetryAfter } from './answers.ts';
import { now } from '../clock.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { PlatformTransport, Transport, TransportResponse } from '../platform/types.ts';
import type { Parcel } from './parcel.ts';
import { fill, textOf } from './parcel.ts';
import { runOutside } from '../scope.ts';
import { shrink } from './shrink.ts';
import type { Store } from './store.ts';
import { bodyOf, toText } from './transport/body.ts';
import { unref, withDeadline } from './transport/deadline.ts';
import { VERSION } from '../version.ts';
import { postSync } from '#platform';

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;

/** Bodies with more bytes are packed, if that is asked for. */
const COMPRESS_ABOVE = 8192;

export interface Sender {
  /** Whether events may go together in one request. */
  bulk: boolean;
  /** No request is to start before this time: the receiver asked for it. */
  notBefore: number;
  /** How many times sending began since the receiver last took events, or refused them for good. */
  unanswered: number;
  /** How often an event was sent again although the answer to its last request was lost. */
  repeated: number;
  /**
   * Sends events, in one request if there are several. Never rejects.
   *
   * @param retries attempts beyond the first
   */
  send(parcels: Parcel[], retries: number): Promise<SendResult>;
  /**
   * Sends events while the thread waits, a batch with a request; those that come last are the first to go. A transport of
   * the application's own cannot be waited for: what it was given counts as delivered.
   *
   * @param timeoutMs how long to wait at most
   */
  sendSync(batches: Parcel[][], timeoutMs: number): void;
}

export interface SendResult {
  /** The events that the receiver could not be given, in order; the last failure is the reason. */
  kept: Parcel[];
  error?: Error;
  /** The failure may be the event's own: the receiver answered that it stumbled, and not that it is busy. */
  blamed?: boolean;
  /** Whether the receiver took any event. */
  delivered: boolean;
}

/**
 * @param store told of every request and its end, before and after
 * @param settle called for events that are delivered or refused for good
 * @param report told of every request that was given up
 * @param isStopped whether to give up trying, since the receiver is known not to answer
 */
export function createSender(
  options: ResolvedOptions,
  transport: Transport | PlatformTransport,
  store: Store,
  settle: (parcels: readonly Parcel[], error?: Error) => void,
  report: (error: Error) => void,
  isStopped: () => boolean,
): Sender {
  const { apiKey, ingestUrl, timeoutMs } = options;
  const bulk = ingestUrl.endsWith('/events');
  const sender: Sender = { bulk, notBefore: 0, unanswered: 0, repeated: 0, send, sendSync };
  let compressAbove = options.compression ? COMPRESS_ABOVE : Infinity;
  const bulkUrl = ingestUrl.replace(/events$/, 'bulk-events');
  const headers = {
    'content-type': 'application/json',
    'x-tracereplay-api-key': apiKey,
    'x-replaystack-api-key': apiKey,
    'x-replaystack-sdk': 'unplugin-replaystack',
    'x-replaystack-sdk-version': VERSION,
  };

  async function post(parcels: readonly Parcel[]): Promise<TransportResponse> {
    const together = parcels.length > 1;
    const body = bodyOf(parcels);
    const request = {
      url: together ? bulkUrl : ingestUrl,
      method: 'POST' as const,
      headers: { ...headers },
      ...(body.bytes > compressAbove && { compress: true }),
      timeoutMs,
    };
    let isOver = false;
    const onSent = (): void => {
      if (!isOver) for (const parcel of parcels) parcel.sent = true;
    };
    try {
      return await withDeadline(timeoutMs, async (signal) =>
        runOutside(() =>
          options.transport
            ? options.transport({ ...request, body: toText(body), signal })
            : (transport as PlatformTransport)({ ...request, body, signal, onSent }),
        ),
      );
    } finally {
      isOver = true;
      for (const parcel of parcels) parcel.sent = false;
    }
  }

  /** One part after the other; what is left when one fails is kept without trying. */
  async function sendParts(parcels: Parcel[], size: number, retries: number): Promise<SendResult> {
    let delivered = false;
    for (let done = 0; done < parcels.length; done += size) {
      const result = await send(parcels.slice(done, done + size), retries);
      delivered ||= result.delivered;
      if (result.kept.length > 0) {
        return { ...result, kept: [...result.kept, ...parcels.slice(done + size)], delivered };
      }
    }
    return { kept: [], delivered };
  }

  /** Notes that a request begins. Returns the events for it: without those that another process sends. */
  function announce(parcels: Parcel[]): Parcel[] {
    const others = store.note('try', parcels);
    if (others.length > 0) settle(others);
    const ours = others.length > 0 ? parcels.filter((parcel) => !others.includes(parcel)) : parcels;
    for (const parcel of ours) {
      if (parcel.doubtful) sender.repeated++;
      parcel.doubtful = true;
    }
    return ours;
  }

  /** Notes that the receiver does not have them. */
  function recall(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) parcel.doubtful = false;
    store.note('kept', parcels);
  }

  async function send(given: Parcel[], retries: number): Promise<SendResult> {
    sender.unanswered++;
    // Not awaited where there is nothing to load: a process that exits calls a transport while it still can.
    if ('load' in transport) await transport.load?.();
    for (let attempt = 0; ; attempt++) {
      const parcels = announce(given);
      const [parcel] = parcels;
      if (parcel === undefined) return { kept: [], delivered: false };
      let error: Error;
      let status = 0;
      const mayBePacked = compressAbove < Infinity;
      const wait = Math.random() * Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS);
      try {
        const response = await post(parcels);
        status = response.status;
        heedRetryAfter(response);
        if (status >= 200 && status < 300) {
          sender.unanswered = 0;
          settle(parcels);
          return { kept: [], delivered: true };
        }
        error = new Error(describe(response));
      } catch (thrown) {
        error = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
      if (status > 0 || isUnconnected(error)) recall(parcels);
      if (status === 415 && mayBePacked) {
        // It may be the packing that it does not take.
        compressAbove = Infinity;
        attempt--;
        continue;
      }
      if (parcels.length > 1) {
        if (status === 404 || status === 405 || status === 501) {
          sender.bulk = false;
          return sendParts(parcels, 1, retries);
        }
        // One event may be what the receiver objects to: the halves are tried, down to that event.
        if (status === 413 || status === 400 || status === 422) {
          return sendParts(parcels, Math.ceil(parcels.length / 2), retries);
        }
      } else if (status === 413 && !parcel.shrunk) {
        cutDown(parcel);
        attempt--;
        continue;
      }
      const refused = isFinal(status);
      if (refused || attempt >= retries || isStopped()) {
        report(error);
        if (refused) sender.unanswered = 0;
        const blamed = status >= 500 && status !== 503;
        if (!refused) return { kept: parcels, error, blamed, delivered: false };
        settle(parcels, error);
        return { kept: [], delivered: false };
      }
      await new Promise<void>((resolve) => {
        unref(setTimeout(resolve, Math.max(wait, sender.notBefore - now())));
      });
    }
  }

  function sendSync(given: Parcel[][], timeoutMs: number): void {
    const began = now();
    const delayMs = Math.max(0, sender.notBefore - began);
    if (given.length === 0 || delayMs >= timeoutMs) return;
    if (options.transport) {
      for (const batch of given) void send(batch, 0);
      return settle(given.flat());
    }
    const batches = given.map(announce).filter(({ length }) => length > 0);
    const statuses = postSync({
      url: ingestUrl,
      bulkUrl,
      headers,
      batches: batches.map((batch) => batch.map(textOf)),
      compressAbove,
      delayMs,
      timeoutMs,
    });
    const large: Parcel[][] = [];
    for (const [index, parcel] of batches.flat().entries()) {
      const status = statuses[index] ?? 0;
      if (status >= 200 && status < 300) {
        settle([parcel]);
      } else if (status === 413 && !parcel.shrunk) {
        cutDown(parcel);
        large.push([parcel]);
      } else if (isFinal(status)) {
        const error = new Error(`ReplayStack answered ${status}`);
        report(error);
        settle([parcel], error);
      } else if (status > 0) {
        recall([parcel]);
      }
    }
    sendSync(large, timeoutMs - (now() - began));
  }

  function cutDown(parcel: Parcel): void {
    recall([parcel]);
    parcel.shrunk = true;
    fill(parcel, shrink(textOf(parcel)));
  }

  /** Every request waits as long as the receiver asked for, not only this one. */
  function heedRetryAfter(response: TransportResponse): void {
    const wait = readRetryAfter(response);
    if (wait > 0) sender.notBefore = Math.max(sender.notBefore, now() + wait);
  }

  return sender;
}
