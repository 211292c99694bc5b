import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { diagnostics, formatDiagnostic } from '../../src/diagnostics.ts';

describe('a message is one line:', () => {
  test('code, place, why, fix', () => {
    expect(
      formatDiagnostic('RS1202', {
        file: 'src/routes/user.ts',
        line: 14,
        column: 3,
        pragma: '@replaystack-ingore',
        nearest: '@replaystack-ignore',
      }),
    ).toBe(
      '[replaystack] RS1202 src/routes/user.ts:14:3 unknown pragma `@replaystack-ingore`. Did you mean `@replaystack-ignore`?',
    );
  });

  test('as much of the place as is known', () => {
    expect(formatDiagnostic('RS1205', { file: 'src/a.js' })).toMatch(
      /^\[replaystack\] RS1205 src\/a\.js nothing/,
    );
    expect(formatDiagnostic('RS1402', {})).toMatch(/^\[replaystack\] RS1402 the plugin/);
  });

  test('also when a parser answers in several', () => {
    const reason = 'Unexpected token (1:5)\r\n  > 1 | cons\n    |     ^';
    const message = formatDiagnostic('RS1201', { file: 'a.ts', reason });
    expect(message).toContain('cannot be parsed: Unexpected token (1:5) > 1 | cons |     ^. It was left');
  });

  test('what the user wrote is put in as it is', () => {
    const message = formatDiagnostic('RS1001', { option: '{nearest} $& $1', nearest: 'routes' });
    expect(message).toContain('unknown option `{nearest} $& $1`. Did you mean `routes`?');
  });
});

test('what a code must be given is checked by the compiler', () => {
  // @ts-expect-error `nearest` is missing
  expect(formatDiagnostic('RS1001', { option: 'route' })).toContain('undefined');
  // @ts-expect-error `name` is no part of this message
  formatDiagnostic('RS1402', { name: 'routes' });
  // @ts-expect-error there is no such code
  expect(() => formatDiagnostic('RS9999', {})).toThrow(TypeError);
});

describe('the table', () => {
  test.each(Object.entries(diagnostics))('%s can be put together', (code, { why, fix }) => {
    expect(code).toMatch(/^RS1[0-5]\d\d$/);
    expect(why).not.toMatch(/\.$/);
    expect(fix).toMatch(/[.?]$/);
  });

  test('is the one in docs/diagnostics.md', async () => {
    const page = await readFile(new URL('../../docs/diagnostics.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (RS\d+) \| (.+) \| (.+) \|$/gm)].map(([, code, why, fix]) => [
      code,
      { why, fix },
    ]);
    expect(rows).toEqual(Object.entries(diagnostics));
  });
});
