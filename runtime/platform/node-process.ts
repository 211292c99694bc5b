/** What guards listen to in a Node process, and how they keep out of the way of how it ends. */
import type { ProcessWatch, Watching } from './types.ts';

/** How often to see whether signals still have to be listened for, in milliseconds. */
const IDLE_MS = 1000;

/** What the package signal-exit, in its third and later versions, shows of itself: how many copies listen. */
interface SignalExit {
  count?: number;
}

/** It only listens: nothing is opened, held open, or changed in how the process ends. */
export function onFatal(listener: (error: unknown, origin: string) => void): void {
  globalThis.process?.on?.('uncaughtExceptionMonitor', listener);
}

export function watchProcess(watch: ProcessWatch): Watching | undefined {
  if (typeof process === 'undefined' || typeof process.prependListener !== 'function') return undefined;
  const signals = new Set<string>();
  const limit = process.getMaxListeners();
  let timer: NodeJS.Timeout | undefined;

  function onError(error: unknown, origin: string): void {
    // Where the application listens, the process may go on. Or the listener ends it, and `exit` follows.
    const isHeard =
      process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    watch.onError(error, origin, !isHeard);
  }

  /** Anything asynchronous makes Node ask once more, and every listener with us; so this is for those who need it. */
  function onBeforeExit(): void {
    if (watch.isAsync() && watch.isPending()) void watch.flush(true);
  }

  function onSignal(signal: NodeJS.Signals): void {
    const others = process.listenerCount(signal) - 1;
    if (others > signalExits()) {
      // The application has its own way to end. Ours is not there while its listeners run: some ask who else is.
      process.off(signal, onSignal);
      process.nextTick(() => {
        if (signals.has(signal)) process.prependListener(signal, onSignal);
      });
      void watch.flush(false);
      return;
    }
    // From here on a signal does what it does without us: a second one ends the process at once.
    ignoreSignals();
    // signal-exit comes next, finds itself alone, and does the same.
    const end = (): unknown => others > 0 || process.kill(process.pid, signal);
    if (watch.isAsync()) return void watch.flush(true).then(end);
    watch.onEnd();
    end();
  }

  /** Of a listener that was there before ours for one time only, ours would not know. */
  function stayFirst(added: string | symbol): void {
    const signal = added as NodeJS.Signals;
    if (!signals.has(signal)) return;
    process.nextTick(() => {
      if (!signals.has(signal) || process.listeners(signal)[0] === onSignal) return;
      process.off(signal, onSignal);
      process.prependListener(signal, onSignal);
    });
  }

  function ignoreSignals(): void {
    clearInterval(timer);
    timer = undefined;
    process.off('newListener', stayFirst);
    for (const signal of signals) process.off(signal, onSignal);
    signals.clear();
  }

  process.on('uncaughtExceptionMonitor', onError);
  // Before others, which may end the process once more or throw.
  process.prependListener('exit', watch.onEnd);
  process.on('beforeExit', onBeforeExit);
  // Node warns of a leak at so many listeners; ours are not the application's.
  if (limit > 0) process.setMaxListeners(limit + 1);

  return {
    onError,
    wake() {
      // A listener takes the signal's own action away, which the process also needs when it hangs: so there is one only
      // while something would be lost.
      if (timer !== undefined) return;
      timer = setInterval(() => {
        if (!watch.isPending()) ignoreSignals();
      }, IDLE_MS);
      timer.unref();
      for (const signal of watch.signals()) {
        signals.add(signal);
        try {
          process.prependListener(signal as NodeJS.Signals, onSignal);
        } catch {
          // Some cannot be listened for.
        }
      }
      process.on('newListener', stayFirst);
    },
    stop() {
      ignoreSignals();
      process.off('uncaughtExceptionMonitor', onError);
      process.off('exit', watch.onEnd);
      process.off('beforeExit', onBeforeExit);
      if (process.getMaxListeners() === limit + 1) process.setMaxListeners(limit);
    },
  };
}

function signalExits(): number {
  const { __signal_exit_emitter__: third } = process as { __signal_exit_emitter__?: SignalExit };
  const later = (globalThis as Record<symbol, SignalExit | undefined>)[Symbol.for('signal-exit emitter')];
  return (third?.count ?? 0) + (later?.count ?? 0);
}
