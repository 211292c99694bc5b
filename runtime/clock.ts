/**
 * Time for hooks. Not Date.now(): frameworks forbid it while they prerender, and fake timers replace it; the function is
 * taken once, before a test can replace it. Not `performance` on Node, which is a fifth slower, and whose first use loads a
 * dozen of Node's modules.
 */

let read: (() => number) | undefined;

/** Milliseconds, with a fraction, since some moment of this process or machine; monotonic. */
export function now(): number {
  read ??= createClock();
  return read();
}

function createClock(): () => number {
  const { process } = globalThis as { process?: { hrtime?: () => [seconds: number, nanoseconds: number] } };
  const hrtime = process?.hrtime;
  try {
    // Edge runtimes have functions of Node's that say, when they are called, that they are not there.
    hrtime?.();
  } catch {
    return performance.now.bind(performance);
  }
  if (typeof hrtime !== 'function') return performance.now.bind(performance);
  return () => {
    const time = hrtime();
    return time[0] * 1e3 + time[1] / 1e6;
  };
}

/**
 * What makes a time of {@link now} one since the epoch. Asked for anew each time: the monotonic clock stands still while a
 * machine sleeps, and is not set right by anybody.
 */
export function epochOffset(): number {
  return Date.now() - now();
}
