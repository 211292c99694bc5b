/** How the call of a handler ends, as its framework will know it, which answers errors and waits for promises. */
import { isPlainPromise } from '../observe/native-promise.ts';

/**
 * Runs a handler, and tells how it ends: of a promise, when it settles. A promise is passed on as one that is derived from it. If
 * it were watched from the side, V8 would not find who awaits it any more, and stacks would lose all frames behind the handler.
 *
 * @param noteError of what it throws, or rejects with
 * @param noteValue of what it gives
 */
export function telling(
  handle: () => unknown,
  noteError: (error: unknown) => void,
  noteValue: (value: unknown) => void = nothing,
): unknown {
  const passed = (value: unknown): unknown => {
    tell(noteValue, value);
    return value;
  };
  const failed = (error: unknown): never => {
    tell(noteError, error);
    throw error;
  };
  let result: unknown;
  try {
    result = handle();
  } catch (error) {
    return failed(error);
  }
  return isPromise(result) ? result.then(passed, failed) : passed(result);
}

function isPromise(result: unknown): result is Promise<unknown> {
  try {
    return isPlainPromise(result);
  } catch {
    // A Proxy around a promise.
    return false;
  }
}

function nothing(): void {}

/** What the application gives or throws matters, ours does not. */
function tell(note: (value: unknown) => void, value: unknown): void {
  try {
    note(value);
  } catch {
    // A value that does not let itself be looked at.
  }
}
