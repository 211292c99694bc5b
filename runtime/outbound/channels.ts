/** Node's diagnostics channels: what it, undici and database drivers tell of what they do, to those who listen. */

/** What to do with what a channel publishes, by the channel's name. */
export type Listeners = Record<string, (message: never) => void>;

/**
 * Listens to channels; nothing is loaded for it but what Node has. A listener may throw: Node would make it an uncaught
 * error of the application's.
 *
 * @param report told what listeners throw
 * @returns ends it
 */
export function listen(listeners: Listeners, report: (error: unknown) => void): () => void {
  const channels = process.getBuiltinModule?.('node:diagnostics_channel');
  const ends = Object.entries(listeners).map(([name, listener]) => {
    const guarded = (message: unknown): void => {
      try {
        listener(message as never);
      } catch (error) {
        report(error);
      }
    };
    channels?.subscribe(name, guarded);
    return () => channels?.unsubscribe(name, guarded);
  });
  return () => ends.forEach((end) => end());
}
