/** Which promises can be watched without anybody noticing. */
import { isPromise } from '#platform';

/**
 * Whether `then` can be called on a value and be seen by nobody. A lazy thenable would run twice, a subclass would be asked
 * for its species, and a promise with a `then` of its own may count its callers.
 *
 * The promise counts as handled from then on, so the caller must know that somebody handles it anyway.
 */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  // First what no trap of a Proxy is told of; behind it nothing is read that could be a getter.
  return (
    isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'constructor') &&
    !Object.hasOwn(value, 'then')
  );
}
