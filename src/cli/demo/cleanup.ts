/** What has to be undone however the demo ends: at its end, by an error, or by Ctrl-C. */

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

const tasks = new Set<() => void>();

/** Last come, first served: what was made later may stand on what was made before. */
function undoAll(): void {
  for (const task of [...tasks].reverse()) task();
  tasks.clear();
}

/**
 * Keeps a task for the end of the process. It must be synchronous, since the process is ending.
 *
 * @returns does the task now, and not again at the end
 */
export function atEnd(task: () => void): () => void {
  if (tasks.size === 0) {
    process.once('exit', undoAll);
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.once(signal, () => process.exit(128 + number));
    }
  }
  tasks.add(task);
  return () => {
    if (tasks.delete(task)) task();
  };
}
