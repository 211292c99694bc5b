/** Work that can wait until the requests at hand are answered. */
import { now } from './clock.ts';
import { defer } from '#platform';

/** How many tasks may wait for longer than a slice. */
const MAX_BACKLOG = 100;

/** Milliseconds after which others come first. */
const SLICE_MS = 5;

/**
 * @param report told what tasks throw
 * @returns what runs a task in a later macrotask, in order; those that are due together share it, a slice at a time
 */
export function createLater(report: (error: unknown) => void): (task: () => void) => void {
  let tasks: (() => void)[] = [];

  function run(): void {
    const until = now() + SLICE_MS;
    let done = 0;
    // Tasks may come in meanwhile. When they pile up, what brings them is what has to wait.
    for (const task of tasks) {
      if (done > 0 && tasks.length - done < MAX_BACKLOG && now() > until) break;
      done++;
      try {
        task();
      } catch (error) {
        report(error);
      }
    }
    tasks = tasks.slice(done);
    if (tasks.length > 0) defer(run);
  }

  return (task) => {
    if (tasks.push(task) === 1) defer(run);
  };
}
