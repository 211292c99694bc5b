/**
 * What the build writes into observed functions:
 *
 *     const $rs=enter("src/orders.ts:12:create");try{ … return settle($rs,expression,$rs&&{id}) … }
 *     catch($rsError){throw fail($rs,$rsError,{id})}finally{exit($rs)}
 *
 * and into synchronous ones that a pragma asks for:
 *
 *     const $rs=enter("src/orders.ts:20:total");try{ … return done($rs,expression) … }finally{leave($rs)}
 *
 * Hooks never throw, never await, and hand back the very value they were given, or what an async function takes for it. Hoisted
 * functions, so that a module in an import cycle can call them before this one was evaluated to its end. What runs without an
 * API key is a branch, small enough to become part of the function that it is written into.
 */
import type { Call } from './breadcrumbs.ts';
import { beginCall, endCall } from './breadcrumbs.ts';
import { isPlainPromise } from './native-promise.ts';
import type { ReplayStackClient } from '../client.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { noteFailure } from './trail.ts';

/** A function was entered; what it returns goes to the other hooks. Undefined when nothing is recorded. */
export function enter(site: string): Call | undefined {
  const client = activeClient();
  return client === undefined ? undefined : begin(client, site);
}

function begin(client: ReplayStackClient, site: string): Call | undefined {
  try {
    const { trail } = activeScope() ?? client;
    return trail.muted ? undefined : beginCall(trail, site);
  } catch {
    return undefined;
  }
}

/**
 * An async function is about to return `value`. Of a promise, the function's own takes on what becomes of it, and asks for that
 * one microtask later; so that can be told on the way, and nobody sees it. Anything but a plain native promise is left alone.
 */
export function settle<T>(call: Call | undefined, value: T, args?: Record<string, unknown>): T {
  return call === undefined ? value : watch(call, value, args);
}

function watch<T>(call: Call, value: T, args: Record<string, unknown> | undefined): T {
  try {
    if (!isPlainPromise(value)) return value;
    call.pending = true;
    return telling(call, value, args) as T;
  } catch {
    // The traps of a Proxy may throw.
    return value;
  }
}

/**
 * V8 gives the stack of an error the frames of those who await it, as long as every promise on the way has one that waits for
 * it, and no more: so the promise must not be watched from the side.
 */
function telling(
  call: Call,
  promise: Promise<unknown>,
  args: Record<string, unknown> | undefined,
): PromiseLike<unknown> {
  const then: Promise<unknown>['then'] = (resolve, reject) => {
    try {
      void promise
        .then(
          (value) => {
            endCall(call);
            resolve?.(value);
            return undecided();
          },
          (error: unknown) => {
            fail(call, error, args);
            endCall(call);
            reject?.(error);
            return undecided();
          },
        )
        // Never called, but it is where V8 reads on.
        .then(resolve, reject);
    } catch (error) {
      // A Proxy around a promise is none.
      fail(call, error, args);
      endCall(call);
      throw error;
    }
    return promise as never;
  };
  // oxlint-disable-next-line unicorn/no-thenable -- to be called by the engine alone
  return { then };
}

/** What leaves a promise pending for ever. */
function undecided(): PromiseLike<unknown> {
  // oxlint-disable-next-line unicorn/no-thenable -- see above
  return { then: never };
}

function never(): never {
  return undefined as never;
}

/** An error leaves the function. Returns the error, to be thrown on. */
export function fail<E>(call: Call | undefined, error: E, args?: Record<string, unknown>): E {
  if (call !== undefined) {
    try {
      noteFailure(call, error, args);
    } catch {
      // The error of the application matters, ours does not.
    }
  }
  return error;
}

/** The function is left, whichever way; if it returned a promise, the call goes on. */
export function exit(call: Call | undefined): void {
  if (call !== undefined && !call.pending) endCall(call);
}

/**
 * A synchronous function returns `value`, or falls off its end. Synchronous functions are not given a `catch`: a rethrow
 * would move the position that Node prints above a fatal error. So the ones that fail are those that were never done.
 */
export function done<T>(call: Call | undefined, value?: T): T {
  if (call !== undefined) call.returned = true;
  return value as T;
}

/** A synchronous function is left, whichever way. */
export function leave(call: Call | undefined): void {
  if (call === undefined) return;
  endCall(call);
  call.failed = !call.returned;
}
