/** Things that are thrown and are no failure: redirects, not-found signals, suspended renderings, aborted requests. */

type Thrown = Record<string | symbol, unknown>;

/** Whether a framework throws this to steer, rather than because something went wrong. */
export function isControlFlow(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  try {
    if (thrown instanceof Promise) return true;
    const { digest, name, status, location, type, isNotFound, [Symbol.toStringTag]: tag } = thrown as Thrown;
    // Told by its tag: to ask Node for the class for the first time takes it some 60 ms, as it loads all of fetch.
    if (tag === 'Response') return true;
    // Next.js: redirect(), notFound(), and the bail-outs of prerendering.
    if (typeof digest === 'string' && /^(NEXT_|BAILOUT_|DYNAMIC_SERVER_USAGE|HANGING_PROMISE)/.test(digest)) {
      return true;
    }
    if (name === 'AbortError') return true;
    // React Router's data(): an answer with a status.
    if (type === 'DataWithResponseInit') return true;
    // TanStack's notFound(), which makes no error.
    if (isNotFound === true && !(thrown instanceof Error)) return true;
    // SvelteKit's redirect(): an object with a status in the 300s and a location.
    return typeof status === 'number' && status >= 300 && status < 400 && typeof location === 'string';
  } catch {
    return false;
  }
}

/** Next.js: `NEXT_REDIRECT;replace;/orders;307;` and `NEXT_HTTP_ERROR_FALLBACK;404`. */
const DIGEST = /^NEXT_(?:REDIRECT;.*;(\d{3});?|HTTP_ERROR_FALLBACK;(\d{3}))$/;

/** The status that Next.js answers with when this is thrown to steer it; undefined if it is none of its signs. */
export function digestStatus(thrown: unknown): number | undefined {
  try {
    const { digest } = thrown as Thrown;
    const match = typeof digest === 'string' ? DIGEST.exec(digest) : null;
    return match ? Number(match[1] ?? match[2]) : undefined;
  } catch {
    return undefined;
  }
}
