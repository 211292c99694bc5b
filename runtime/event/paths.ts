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
  for (const pattern of patterns) if (covers(pattern, path)) return true;
  return false;
}

function covers(pattern: string, path: string): boolean {
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
  const base = pattern.length > 1 && pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
  if (!path.startsWith(base)) return false;
  return path.length === base.length || (base !== '/' && base !== '' && path[base.length] === '/');
}
