import { describe, expect, it } from 'vitest';
import { detectAuthMode } from '../../../runtime/event/auth.ts';

describe('detectAuthMode', () => {
  it.each([
    [{ authorization: 'Bearer abc' }, { mode: 'bearer', scheme: 'Bearer' }],
    [{ Authorization: 'basic dXNlcjpwYXNz' }, { mode: 'basic', scheme: 'basic' }],
    [{ authorization: 'Token abc' }, { mode: 'api_key', scheme: 'Token' }],
    [{ authorization: 'ApiKey abc' }, { mode: 'api_key', scheme: 'ApiKey' }],
    [{ authorization: 'Api-Key abc' }, { mode: 'api_key', scheme: 'Api-Key' }],
    [{ authorization: 'Hawk id="a"' }, { mode: 'other', scheme: 'Hawk' }],
    [{ 'X-Api-Key': 'abc' }, { mode: 'api_key', scheme: 'x-api-key' }],
    [{ authentication: 'abc' }, { mode: 'api_key', scheme: 'authentication' }],
    [{ cookie: 'a=b' }, { mode: 'cookie' }],
    [{ authorization: ['Bearer abc', 'Basic x'] }, { mode: 'bearer', scheme: 'Bearer' }],
    [
      { authorization: 'Bearer abc', 'x-api-key': 'k', cookie: 'a=b' },
      { mode: 'bearer', scheme: 'Bearer' },
    ],
    [
      { 'x-api-key': 'k', cookie: 'a=b' },
      { mode: 'api_key', scheme: 'x-api-key' },
    ],
    [{ accept: '*/*', authorization: '' }, { mode: 'none' }],
  ])('%j is %j', (headers, expected) => {
    expect(detectAuthMode(headers)).toEqual(expected);
  });

  it('does not take a bare credential for a scheme', () => {
    expect(detectAuthMode({ authorization: 'sk_live_1234567890' })).toEqual({ mode: 'other' });
  });

  it('reads a Headers object, and nothing', () => {
    expect(detectAuthMode(new Headers({ authorization: 'Bearer abc' })).mode).toBe('bearer');
    expect(detectAuthMode(undefined)).toEqual({ mode: 'none' });
  });
});
