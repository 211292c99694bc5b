/** Trace ids: what ties a request's events, logs and answers together. */

/** A random UUID (RFC 9562, version 4). */
export function createTraceId(): string {
  return crypto.randomUUID();
}
