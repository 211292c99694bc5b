/** Who waits for an event to be sent. */

/**
 * What is called when sending has ended. It waits with the event, for as long as that does, and so must not hold on to the
 * request that the event is about: as a closure of its own it knows nothing but what it is given.
 *
 * @param raise called with the reason, if that is wanted
 * @param hold keeps the process alive until then
 * @param failure the reason if there is no other
 */
export function createEnding(
  resolve: () => void,
  raise: ((error: Error) => void) | undefined,
  hold: ReturnType<typeof setInterval> | undefined,
  failure: unknown,
): (error?: Error) => void {
  return (error = failure as Error | undefined) => {
    clearInterval(hold);
    if (error !== undefined && raise) raise(error);
    else resolve();
  };
}
