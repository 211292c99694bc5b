/** Work that has to wait on its way: in the background, or, when the process ends, with the thread standing still. */

/** Something to wait for, in both ways. */
interface Step {
  later(): Promise<unknown>;
  now(): unknown;
}

/** Written once as a generator, for {@link runLater} and {@link runNow}. */
export type Work<T> = Generator<Step, T, never>;

/** Waits inside of work. */
export function* wait<T>(later: () => Promise<T>, now: () => T): Work<T> {
  return yield { later, now };
}

export async function runLater<T>(work: Work<T>): Promise<T> {
  let state = work.next(undefined as never);
  while (state.done !== true) {
    try {
      state = work.next((await state.value.later()) as never);
    } catch (error) {
      state = work.throw(error);
    }
  }
  return state.value;
}

export function runNow<T>(work: Work<T>): T {
  let state = work.next(undefined as never);
  while (state.done !== true) {
    try {
      state = work.next(state.value.now() as never);
    } catch (error) {
      state = work.throw(error);
    }
  }
  return state.value;
}
