/** What a client asks of delivery, wherever it runs. */
import type { FlushResult } from './ledger.ts';
import type { Build, Parcel } from './parcel.ts';

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
