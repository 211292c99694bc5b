/** Which promises can be watched without anybody noticing. */

/**
 * Whether `then` can be called on a value and be seen by nobody. A lazy thenable would run twice, a subclass would be asked
 * for its species, and a promise with a `then` of its own may count its callers.
 *
 * The promise counts as handled from then on, so the caller must know that somebody handles it anyway; and a Proxy can look
 * like one, on which `then` throws.
 */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    value.constructor === Promise &&
    !Object.hasOwn(value, 'then')
  );
}
