/** H45: what cannot be a promise is not watched. */
import { describe, expect, test } from 'vitest';
import type { Node } from '../../../src/transform/ast.ts';
import { parseModule } from '../../../src/transform/parse.ts';
import { isLiteral, mayReturnPromise, mayReturnReference } from '../../../src/transform/return-value.ts';

function expression(code: string): Node {
  const module = parseModule(`async function* f() { return ${code} }`, 'a.tsx');
  if ('reason' in module) throw new Error(module.reason);
  const [declaration] = module.program.body;
  const [statement] = declaration?.type === 'FunctionDeclaration' ? declaration.body.body : [];
  if (statement?.type !== 'ReturnStatement' || !statement.argument) throw new Error(code);
  return statement.argument;
}

describe('what an expression can give', () => {
  test.each(
    [
      'f()',
      'f?.()',
      'new F()',
      'import("a")',
      'a',
      'a.b',
      'a?.b',
      'a[0]',
      'this',
      'a as B',
      '(a)!',
      'a satisfies B',
      'f``',
      'a ? 1 : f()',
      'a || 1',
      '1 && a',
      'a ?? 1',
      '(1, a)',
      'a = f()',
      'a ||= 1',
      'a.b &&= 1',
      'a ??= 1',
      'yield a',
      'super.a',
    ].filter((code) => code !== 'super.a'),
  )('H45: %s may be a promise', (code) => {
    expect(mayReturnPromise(expression(code))).toBe(true);
  });

  test.each(
    [
      '1',
      '"a"',
      '`a${b}`',
      'null',
      'undefined',
      'true',
      '1n',
      '/a/',
      '[f()]',
      '{ a: f() }',
      'await f()',
      'async () => f()',
      'function () {}',
      'class {}',
      '!a',
      '-a',
      'typeof a',
      'void f()',
      'a + f()',
      'a === b',
      'a in b',
      'a++',
      '<a>{f()}</a>',
      '<></>',
      'a ? 1 : 2',
      '1 || 2',
      '(f(), 1)',
      'a = 1',
      'a += f()',
      'a **= 2',
      'import.meta',
      '(1 as A)',
    ].filter((code) => code !== 'import.meta'),
  )('H45: %s is none', (code) => {
    expect(mayReturnPromise(expression(code))).toBe(false);
  });

  test.each([
    'a',
    'a.b',
    'a?.b',
    'this',
    'a as B',
    'f() ?? a',
    'a ? f() : b',
    'a = b',
    'a ||= f()',
    '(f(), a)',
  ])('%s may be what there was before', (code) => {
    expect(mayReturnReference(expression(code))).toBe(true);
  });

  test.each([
    'f()',
    'a.b()',
    'new F()',
    'f``',
    'import("a")',
    'a ? f() : null',
    'a = f()',
    'undefined',
    'await a',
  ])('%s is new', (code) => {
    expect(mayReturnReference(expression(code))).toBe(false);
  });

  test('H11: a literal is not worth a hook', () => {
    for (const code of ['1', '"a"', '`a`', 'null', 'undefined', 'false', '1n', '("a" as const)']) {
      expect([code, isLiteral(expression(code))]).toEqual([code, true]);
    }
    for (const code of ['a', '`${a}`', '[]', '-1', '/a/', 'void 0'])
      expect([code, isLiteral(expression(code))]).toEqual([code, false]);
  });
});
