/** Types are written where there are some, and nowhere else. */
import { expect, test } from 'vitest';
import { parseModule } from '../../../src/transform/parse.ts';
import { isTyped } from '../../../src/transform/typed.ts';

const check = (code: string, file: string): boolean => {
  const module = parseModule(code, file);
  return 'program' in module && isTyped(module.program, file);
};

test.each([
  'export const f = async (a: string) => g(a);',
  'export const f = async (a) => g(a as string);',
  'export const f = async (a) => g(a!);',
  'export const f = async (a) => g<string>(a);',
  'export async function f(): Promise<void> {}',
  'export async function f<T>(a) {}',
  "import type { A } from 'a'; export const f = async (a) => g(a);",
  "import { type A } from 'a'; export const f = async (a) => g(a);",
  'export class A { constructor(private b) {} async f() {} }',
  'export class A implements B { async f() {} }',
  'export interface A {} export const f = async (a) => g(a);',
])('%s has types', (code) => {
  expect(check(code, 'input.ts')).toBe(true);
  expect(check(code, 'input.mts')).toBe(true);
});

test('what a compiler has left of a module has none, whatever its file is called', () => {
  const code = "import { A } from 'a'; export class B { b = 1; async f(a) { return A(a); } }";
  expect(check(code, 'input.ts')).toBe(false);
  expect(check(code, 'input.tsx')).toBe(false);
  expect(check('export const f = async (a: string) => g(a);', 'input.js')).toBe(false);
});
