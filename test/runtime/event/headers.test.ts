import { describe, expect, it } from 'vitest';
import { createHeaderWriter, readHeader, toHeaderRecord } from '../../../runtime/event/headers.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import type { HeaderRecord } from '../../../runtime/protocol.ts';

const masker = createMasker([], false);

function written(headers: unknown): unknown {
  const json = createHeaderWriter(masker, 10_000)(toHeaderRecord(headers));
  return json === undefined ? undefined : JSON.parse(json);
}

const hostile = {
  accept: 'x',
  get authorization(): string {
    throw new Error('no');
  },
  cookie: 'a=b',
};

describe('cookies', () => {
  it.each<[string, HeaderRecord, unknown]>([
    ['of a request keep their names', { cookie: 'a=1;b=2=;  c="x y"' }, 'a=[MASKED]; b=[MASKED]; c=[MASKED]'],
    [
      'without a name are masked whole',
      { Cookie: 'secret; dGVzdA==; dGVzdDE=' },
      '[MASKED]; [MASKED]; [MASKED]',
    ],
    [
      'that are set keep their attributes',
      {
        'set-cookie':
          'sid=x; Path=/; Max-Age=60; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; SameSite=Lax',
      },
      'sid=[MASKED]; Path=/; Max-Age=60; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; SameSite=Lax',
    ],
    [
      'that are set are a list',
      { 'Set-Cookie': ['a=1', 'b=2; Secure'] },
      ['a=[MASKED]', 'b=[MASKED]; Secure'],
    ],
    ['that were joined end no attribute', { 'set-cookie': 'a=1; Path=/, b=2' }, 'a=[MASKED]; Path=[MASKED]'],
    [
      'are no attributes by their names',
      { 'set-cookie': 'path=x; secret=y' },
      'path=[MASKED]; secret=[MASKED]',
    ],
    ['may be anything', { cookie: { a: 1 } as never }, '[MASKED]'],
  ])('%s', (_, headers, expected) => {
    expect(Object.values(written(headers) as object)).toEqual([expected]);
  });
});

describe('headers', () => {
  const expected = { accept: 'x', 'x-api-key': '[MASKED]', 'set-cookie': ['a=[MASKED]', 'b=[MASKED]'] };
  const pairs: [string, string][] = [
    ['accept', 'x'],
    ['x-api-key', 'k'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ];

  it.each<[string, unknown]>([
    ['a record', { accept: 'x', 'x-api-key': 'k', 'set-cookie': ['a=1', 'b=2'] }],
    ['Headers', new Headers(pairs)],
    ['pairs', pairs],
    ['names and values in turn', pairs.flat()],
  ])('may be %s', (_, headers) => {
    expect(written(headers)).toEqual(expected);
  });

  it('may be a Map, or what has none', () => {
    expect(written(new Map([['Authorization', 'x']]))).toEqual({ Authorization: '[MASKED]' });
    for (const other of [undefined, null, 'x', 7]) expect(written(other)).toBe(other);
  });

  it('are sent as text, whatever the application has set them to', () => {
    const headers = {
      'x-a': true,
      'x-b': 7,
      'x-c': null,
      'x-d': 8n,
      vary: ['a', 1, false],
      authorization: 9,
    };
    expect(written(headers)).toEqual({
      'x-a': 'true',
      'x-b': '7',
      'x-c': 'null',
      'x-d': '8',
      vary: ['a', '1', 'false'],
      authorization: '[MASKED]',
    });
  });

  it('may throw when they are looked at', () => {
    expect(written(hostile)).toEqual({ accept: 'x', authorization: '[MASKED]', cookie: '[MASKED]' });
    expect(readHeader(hostile, 'accept')).toBe('x');
    expect(readHeader(hostile, 'authorization')).toBeUndefined();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(written(proxy)).toBeUndefined();
    expect(readHeader(proxy, 'accept')).toBeUndefined();
  });
});
