/** Process guards: what was captured is out before the process ends, and how it ends stays as it was. */
import type { ReplayStackClient } from './client.ts';
import { now } from './clock.ts';
import { runtime } from './state.ts';
import { captureFatal, reportDue } from './observe/trail.ts';
import { watchProcess } from '#platform';

export interface ProcessGuardOptions {
  /** An error that nobody catches becomes an event. @default true */
  uncaughtException?: boolean | undefined;
  /** So does a rejection that nobody handles, where Node makes it an error: see `--unhandled-rejections`. @default true */
  unhandledRejection?: boolean | undefined;
  /** Events that wait are sent before the process ends. @default true */
  flushOnShutdown?: boolean | undefined;
  /** The signals that end the process. @default ['SIGINT', 'SIGTERM'] */
  shutdownSignals?: readonly string[] | undefined;
}

interface Guard {
  client: ReplayStackClient;
  options: ProcessGuardOptions;
}

/** One set of listeners, however many clients are guarded. */
export interface Guards {
  readonly all: Set<Guard>;
  /** An event was captured. */
  wake(): void;
  onError(error: unknown, origin: string): void;
  stop(): void;
}

/**
 * Guards a client: fatal errors become events, and what waits to be sent is sent before the process ends, which takes
 * `shutdownTimeoutMs` at most. Exit code, signal, output and other listeners stay what they are.
 *
 * @returns undoes it
 */
export function installReplayStackProcessGuards(
  client: ReplayStackClient,
  options: ProcessGuardOptions = {},
): () => void {
  const state = runtime();
  const guards = (state.guards ??= createGuards());
  if (guards === undefined) return () => {};
  const guard: Guard = { client, options };
  guards.all.add(guard);
  if (client.pending > 0) guards.wake();
  return () => {
    if (!guards.all.delete(guard) || guards.all.size > 0) return;
    guards.stop();
    state.guards = undefined;
  };
}

function createGuards(): Guards | undefined {
  const all = new Set<Guard>();
  const flushing = (): Guard[] => [...all].filter(({ options }) => options.flushOnShutdown ?? true);
  /** Nothing was captured since the last attempt to send everything before the end. */
  let tried = false;
  function flushSync(guards: Iterable<Guard>): void {
    const began = now();
    for (const { client } of tried ? [] : guards) {
      client.flushSync(client.options.shutdownTimeoutMs - (now() - began));
    }
    tried = true;
  }
  const watching = watchProcess({
    onError(error, origin, ending) {
      const name = origin === 'unhandledRejection' ? origin : 'uncaughtException';
      for (const { client, options } of all) {
        try {
          if (options[name] ?? true) captureFatal(client, error, origin, ending);
        } catch (failure) {
          client.reportInternalError(failure);
        }
      }
      if (ending) flushSync(all);
    },
    onEnd() {
      reportDue();
      flushSync(flushing());
    },
    async flush(hold) {
      await Promise.all(flushing().map(({ client }) => client.flush(client.options.shutdownTimeoutMs, hold)));
      tried ||= hold;
    },
    isPending: () => !tried && flushing().some(({ client }) => client.pending > 0),
    isAsync: () => flushing().some(({ client }) => client.options.transport !== undefined),
    signals: () => flushing().flatMap(({ options }) => options.shutdownSignals ?? ['SIGINT', 'SIGTERM']),
  });
  return (
    watching && {
      all,
      wake() {
        tried = false;
        watching.wake();
      },
      onError: watching.onError,
      stop: watching.stop,
    }
  );
}
