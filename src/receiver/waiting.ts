/** Waiting for events that have not arrived yet. */
import type { ReplayStackEvent } from '../../runtime/protocol.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface WaitFor {
  /**
   * Resolves with all events once there are `count` of them.
   * Rejects after `timeoutMs` (default 10,000) with a list of what did arrive, or when the receiver closes.
   */
  (count: number, timeoutMs?: number): Promise<ReplayStackEvent[]>;
  /** Resolves with the first event, past or to come, for which `matches` is true; rejects as above. */
  (matches: (event: ReplayStackEvent) => boolean, timeoutMs?: number): Promise<ReplayStackEvent>;
}

interface Waiting {
  waitFor: WaitFor;
  /** To be called whenever events were added. */
  check(): void;
  /** Rejects everybody who still waits. */
  cancel(): void;
}

function summary(events: ReplayStackEvent[]): string {
  if (events.length === 0) return 'no event arrived';
  const lines = events.map(
    ({ eventType, method, endpoint, statusCode, status, errorName }) =>
      `  ${[eventType, method, endpoint, statusCode ?? status, errorName].filter(Boolean).join(' ')}`,
  );
  return `these arrived:\n${lines.join('\n')}`;
}

/** @param events the list that grows while others wait */
export function createWaiting(events: ReplayStackEvent[]): Waiting {
  const waiters = new Set<{ tryToEnd: () => void; reject: (error: Error) => void }>();

  function until<T>(find: () => T | undefined, what: string, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        waiters.delete(waiter);
      };
      const waiter = {
        tryToEnd(): void {
          const found = find();
          if (found === undefined) return;
          leave();
          resolve(found);
        },
        reject(error: Error): void {
          leave();
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        waiter.reject(new Error(`Waited ${timeoutMs} ms for ${what}; ${summary(events)}`));
      }, timeoutMs);
      waiters.add(waiter);
      waiter.tryToEnd();
    });
  }

  function waitFor(count: number, timeoutMs?: number): Promise<ReplayStackEvent[]>;
  function waitFor(
    matches: (event: ReplayStackEvent) => boolean,
    timeoutMs?: number,
  ): Promise<ReplayStackEvent>;
  function waitFor(
    wanted: number | ((event: ReplayStackEvent) => boolean),
    timeoutMs: number = DEFAULT_TIMEOUT_MS,
  ): Promise<ReplayStackEvent[] | ReplayStackEvent> {
    return typeof wanted === 'number'
      ? until(() => (events.length >= wanted ? events : undefined), `${wanted} events`, timeoutMs)
      : until(() => events.find(wanted), 'an event', timeoutMs);
  }

  return {
    waitFor,
    check() {
      for (const { tryToEnd } of waiters) tryToEnd();
    },
    cancel() {
      for (const { reject } of waiters) reject(new Error(`The receiver was closed; ${summary(events)}`));
    },
  };
}
