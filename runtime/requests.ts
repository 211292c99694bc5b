/**
 * Requests that were met, with what is kept of them: many routers and apps may see one that comes in, and one that goes out
 * ends elsewhere than it began. It is kept on the request, under a symbol that nobody lists. In a WeakMap it would outlive the request until the next full garbage
 * collection, which costs more than all the rest of a capture.
 */

const KEY: unique symbol = /* @__PURE__ */ Symbol.for('replaystack.request') as never;

interface Met {
  [KEY]?: { kept: unknown };
}

export function isKnownRequest(request: object): boolean {
  return (request as Met)[KEY] !== undefined;
}

/** What was kept of it; undefined if nothing. */
export function keptOfRequest(request: object): unknown {
  return (request as Met)[KEY]?.kept;
}

/** Notes that a request was met, or what is to be kept of it. Throws if it takes nothing. */
export function keepOfRequest(request: object, kept: unknown): void {
  const met = (request as Met)[KEY];
  if (met === undefined) Object.defineProperty(request, KEY, { value: { kept } });
  else met.kept = kept;
}
