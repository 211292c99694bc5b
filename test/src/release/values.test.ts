import fc from '../../support/properties.ts';
import { describe, expect, test } from 'vitest';
import { fromVariables, toValue } from '../../../src/release/values.ts';

const silent = (message: string) => expect.unreachable(message);

describe('toValue', () => {
  test.each([
    ['  1.4.0\n', '1.4.0'],
    ['\uFEFF1.4.0\r\n', '1.4.0'],
    ['größe №1', 'größe №1'],
    ['', undefined],
    ['   ', undefined],
    [undefined, undefined],
    [14, undefined],
  ])('%j is %j', (raw, value) => {
    expect(toValue(raw, 'APP_VERSION', silent)).toBe(value);
  });

  test.each([
    ['https://ada:s3cret@git.example.com/shop.git', 'https://git.example.com/shop.git'],
    ['https://ghp_token@github.com/shop/orders', 'https://github.com/shop/orders'],
    ['git+ssh://git@github.com/shop/orders', 'git+ssh://github.com/shop/orders'],
    ['https://ada:p@ss@example.com', 'https://example.com'],
    ['built from https://ada:s3cret@example.com/a', 'built from https://example.com/a'],
    ['https://example.com/pkg@1.0', 'https://example.com/pkg@1.0'],
    ['orders@1.4.0', 'orders@1.4.0'],
  ])('of %s, %s is left', (raw, value) => {
    expect(toValue(raw, 'APP_VERSION', silent)).toBe(value);
  });

  test.each(['1.0\n2.0', 'a\u0000b', '\u001B[31mred', 'a\u2028b'])('%j is refused, and said so', (raw) => {
    const warnings: string[] = [];
    expect(toValue(raw, 'APP_VERSION', (message) => warnings.push(message))).toBeUndefined();
    expect(warnings).toEqual([
      '[replaystack] RS1104 APP_VERSION holds control characters and is not used. Set it to a single line of text.',
    ]);
  });

  test('the user part of a URL never comes through, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.webAuthority({ withUserInfo: true, withPort: true }),
        fc.webPath(),
        (authority, path) => {
          const host = authority.slice(authority.lastIndexOf('@') + 1);
          expect(toValue(`https://${authority}${path}`, 'APP_VERSION', silent)).toBe(
            `https://${host}${path}`,
          );
        },
      ),
    );
  });

  test('what comes through is one trimmed line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const value = toValue(raw, 'APP_VERSION', () => {});
        if (value === undefined) return;
        expect(value).toBe(value.trim());
        expect(value).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

test('fromVariables: whatever stands for the value of a variable is not its value', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/);
  const forms = [
    (name: string) => name,
    (name: string) => `$${name}`,
    (name: string) => `\${${name}}`,
    (name: string) => `$(${name})`,
    (name: string) => `%${name}%`,
  ];
  fc.assert(
    fc.property(name, name, fc.constantFrom(...forms), fc.boolean(), (first, second, form, padded) => {
      fc.pre(first !== second);
      const placeholder = padded ? ` ${form(first)}\n` : form(first);
      const env = { [first]: placeholder, [second]: '1.4.0' };
      expect(fromVariables(env, [first, second], silent)).toBe('1.4.0');
    }),
  );
});
