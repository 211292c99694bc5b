/**
 * Time for hooks. Not Date.now(): frameworks forbid it while they prerender, and fake timers replace it; the function is
 * taken once, before a test can replace it.
 */

let read: (() => number) | undefined;

/** Milliseconds, with a fraction, since some moment of this process; monotonic. */
export function now(): number {
  read ??= performance.now.bind(performance);
  return read();
}

/**
 * What makes a time of {@link now} one since the epoch. Asked for anew each time: the monotonic clock stands still while a
 * machine sleeps, and is not set right by anybody.
 */
export function epochOffset(): number {
  return Date.now() - now();
}
