/** Which requests are never captured. */

const ALWAYS = ['/health', '/metrics', '/favicon.ico'];

/**
 * Whether a path is ignored: by one of the patterns, or because it is one of `/health`, `/metrics` and `/favicon.ico`.
 *
 * @param path without query
 * @param patterns exact paths, which cover the paths below them (`/internal` covers `/internal/x`, not `/internals`), or
 *   prefixes that end in `*`
 */
export function isIgnoredPath(path: string, patterns: readonly string[]): boolean {
  return matchesPath(path, ALWAYS) || matchesPath(path, patterns);
}

/** Whether one of the patterns covers the path; see {@link isIgnoredPath} for their form. */
export function matchesPath(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
    const base = pattern.length > 1 && pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
    return path === base || (base !== '/' && base !== '' && path.startsWith(`${base}/`));
  });
}
