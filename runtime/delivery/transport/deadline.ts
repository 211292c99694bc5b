/** A time limit for one attempt to send, and for what is read of its answer. */

/** Bytes that are kept of an answer's body, and that are read of it so that the connection can be used again. */
export const MAX_KEPT = 4096;
export const MAX_READ = 65_536;

/** Why an attempt is aborted that is over: an error of its own for each would cost more than all else here. */
const OVER = 'over';

/**
 * Runs an attempt with a signal that aborts it when its time is up, or when it left something open. The timer keeps no
 * process alive.
 *
 * @param timeoutMs milliseconds; the attempt is not waited for any longer, whether it heeds the signal or not
 */
export async function withDeadline<T>(
  timeoutMs: number,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`No answer within ${timeoutMs} ms`);
      controller.abort(error);
      reject(error);
    }, timeoutMs);
    unref(timer);
  });
  try {
    return await Promise.race([attempt(controller.signal), overdue]);
  } finally {
    clearTimeout(timer);
    controller.abort(OVER);
  }
}

/** Lets a timer keep no process alive. */
export function unref(timer: ReturnType<typeof setTimeout> | undefined): void {
  // On the web, a timer is a number.
  timer?.unref?.();
}

/** Reads the beginning of a body, piece by piece. */
export async function readStart(
  read: () => Promise<{ done?: boolean; value?: Uint8Array | undefined }>,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let left = MAX_READ; left > 0;) {
    const { value } = await read();
    if (value === undefined) break;
    left -= value.length;
    if (text.length < MAX_KEPT) text += decoder.decode(value, { stream: true });
  }
  return text.slice(0, MAX_KEPT);
}
