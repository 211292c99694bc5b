import { describe, expect, it } from 'vitest';
import { isIgnoredPath, matchesPath } from '../../../runtime/event/paths.ts';

describe('ignored paths', () => {
  it.each([
    ['/internal', '/internal', true],
    ['/internal', '/internal/x', true],
    ['/internal/', '/internal', true],
    ['/internal', '/internals', false],
    ['/internal/*', '/internal/x', true],
    ['/internal*', '/internals', true],
    ['/', '/', true],
    ['/', '/orders', false],
    ['', '/orders', false],
    ['*', '/orders', true],
  ])('%s covers %s: %s', (pattern, path, covered) => {
    expect(matchesPath(path, [pattern])).toBe(covered);
  });

  it('always has /health, /metrics and /favicon.ico', () => {
    const ignored = ['/health', '/health/live', '/metrics', '/favicon.ico', '/healthy-users', '/'];
    expect(ignored.filter((path) => isIgnoredPath(path, []))).toEqual([
      '/health',
      '/health/live',
      '/metrics',
      '/favicon.ico',
    ]);
  });
});
