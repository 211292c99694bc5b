/** Platforms that stop a program with its response go on for as long as promises are pending that they were given. */

/** Gives the platform a promise to wait for. Never throws. */
export type WaitUntil = (promise: Promise<unknown>) => void;

interface Context {
  waitUntil?: (promise: Promise<unknown>) => void;
}

/** Where Vercel, for all of its runtimes, and Next.js, wherever it is hosted, keep the context of the request. */
const GLOBAL_CONTEXTS: readonly symbol[] = /* @__PURE__ */ [
  '@vercel/request-context',
  '@next/request-context',
].map((name) => Symbol.for(name));

/**
 * Finds `waitUntil`: among what the handler was given, as Workers and edge functions have it, or in the platform's own place.
 *
 * @param candidates what may be a context
 */
export function findWaitUntil(candidates: readonly unknown[] = []): WaitUntil | undefined {
  for (const candidate of candidates) {
    const found = waitUntilOf(() => candidate);
    if (found !== undefined) return found;
  }
  for (const name of GLOBAL_CONTEXTS) {
    if (!(name in globalThis)) continue;
    const found = waitUntilOf(() => {
      return (globalThis as Record<symbol, { get?: () => unknown } | undefined>)[name]?.get?.();
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

function waitUntilOf(find: () => unknown): WaitUntil | undefined {
  try {
    const context = find() as Context | undefined;
    if (typeof context?.waitUntil !== 'function') return undefined;
    return (promise) => {
      try {
        context.waitUntil?.(promise);
      } catch {
        // Too late: the platform has ended the request.
      }
    };
  } catch {
    // It does not let itself be looked at.
    return undefined;
  }
}
