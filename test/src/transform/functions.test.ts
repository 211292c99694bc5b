/** Which functions are observed, under which names, and why others are not. */
import { describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';

async function skipped(code: string, file = 'a.cjs'): Promise<string[]> {
  return ((await transform(code, file))?.skipped ?? []).map(({ name, reason }) => `${name}: ${reason}`);
}

describe('functions that are left alone', () => {
  test.each([
    ['exports.f = async () => {};', 'f: nothing in it to observe'],
    ['exports.f = async () => "ok";', 'f: nothing in it to observe'],
    ['exports.f = async () => { return };', 'f: nothing in it to observe'],
    ['exports.f = async () => { eval("a") };', 'f: uses direct eval'],
    ['exports.f = async () => { with (a) b };', 'f: uses with'],
    ['exports.f = async () => { "use asm"; a() };', 'f: a directive that changes where or how it runs'],
    ['exports.f = async () => { "use workflow"; a() };', 'f: a directive that changes where or how it runs'],
    [
      'exports.f = async () => { function a() {} function a() {} };',
      'f: declares a function twice, or under the name of a variable',
    ],
    [
      'exports.f = async () => { var a; function a() {} };',
      'f: declares a function twice, or under the name of a variable',
    ],
    [
      'exports.f = async () => { for (var { b: [a] } of c) {} function a() {} };',
      'f: declares a function twice, or under the name of a variable',
    ],
    ['exports.f = async (a) => { function a() {} };', 'f: declares a function under the name of a parameter'],
    [
      'exports.f = async ({ b: [a] = [] }) => { function a() {} };',
      'f: declares a function under the name of a parameter',
    ],
    [
      'exports.f = async () => a(); page.evaluate(exports.f, f);',
      'f: its source is sent elsewhere, where the hooks are not',
    ],
    [
      'exports.f = async () => a(); page?.evaluate(f);',
      'f: its source is sent elsewhere, where the hooks are not',
    ],
  ])('%s', async (code, expected) => {
    expect(await skipped(code)).toEqual([expected]);
  });

  test('are only those: what looks like it is observed', async () => {
    for (const code of [
      'exports.f = async () => { "use strict"; a() };',
      'exports.f = async () => { (0, eval)("a"); a.eval("b") };',
      'exports.f = async () => { function a() { var a; function a() {} } };',
      'exports.f = async () => { var a; { let a; } };',
      'exports.f = async (a) => { const g = function a() {}; };',
      'exports.f = async () => { a("with", "eval") };',
      'exports.f = async () => page.evaluate((a) => a);',
    ]) {
      expect([code, await skipped(code)]).toEqual([code, []]);
    }
  });
});

describe('options', () => {
  const code = `
    export const f = async () => a();
    export const api = { async g() { await b() }, f };
    export class C { async h() { await c() } }
    export default { i: async () => d() };
  `;

  test('methods of classes and objects can be left out; functions that are exported by themselves stay', async () => {
    const names = async (methods: boolean): Promise<string[] | undefined> =>
      (await transform(code, 'a.ts', { functions: { methods, captureArguments: true } }))?.targets.map(
        ({ name }) => name,
      );
    expect(await names(true)).toEqual(['f', 'api.g', 'C.h', 'default.i']);
    expect(await names(false)).toEqual(['f']);
  });

  test.each([
    'class C { async f() { await a() } } export const c = new C();',
    'class C { async f() { await a() } } export default new C();',
    'class C { async f() { await a() } } const c = new C(); export { c };',
    'class C { async f() { await a() } } module.exports = new C();',
    'class C { async f() { await a() } } exports.c = new C();',
    'const C = class { async f() { await a() } }; export const all = { c: new (C as any)() };',
  ])('those of an instance that is exported are methods of its class: %s', async (code) => {
    const names = async (methods: boolean): Promise<string[] | undefined> =>
      (await transform(code, 'a.ts', { functions: { methods, captureArguments: true } }))?.targets.map(
        ({ name }) => name,
      );
    expect(await names(true)).toEqual(['C.f']);
    expect(await names(false)).toBeUndefined();
  });

  test('what CommonJS exports in one object are no methods', async () => {
    const functions = { methods: false, captureArguments: true };
    const result = await transform(
      'module.exports = { async f() { await a() }, g: async () => b(), h: { async i() { await c() } } };',
      'a.js',
      { functions },
    );
    expect(result?.targets.map(({ name }) => name)).toEqual(['f', 'g']);
  });

  test('arguments can be left out', async () => {
    const functions = { methods: true, captureArguments: false };
    const result = await transform('export async function f(a, { b }) { return c() }', 'a.js', { functions });
    expect(result?.output?.code).toContain('return $rsSettle($rs, c())');
    expect(result?.output?.code).toContain('$rsFail($rs,$rs_error)');
  });

  test('nothing is observed with functions off, but routes are found', async () => {
    const result = await transform(
      "import { Hono } from 'hono'; export const a = new Hono().get('/', (c) => c.text('a')); export const f = async () => b();",
      'a.ts',
      { functions: false },
    );
    expect(result?.targets.map(({ name }) => name)).toEqual(['hono', 'GET /']);
  });
});

describe('what is written', () => {
  test('H67: little, for each function', async () => {
    const count = 20;
    const functions = Array.from(
      { length: count },
      (_, n) => `export async function f${n}(id) {\n  return load(id);\n}\n`,
    ).join('');
    const { output } = (await transform(functions, 'a.js')) ?? {};
    expect(((output?.code.length ?? 0) - functions.length) / count).toBeLessThan(200);
  });

  test('H25: nothing into parameters, so that a default that throws is not recorded', async () => {
    const { output } = (await transform('export async function f(a = b()) { return c(a) }', 'a.js')) ?? {};
    expect(output?.code).toContain('export async function f(a = b()) {const $rs=');
  });

  test('H40: no catch into synchronous functions, where a rethrow would move the place of a fatal error', async () => {
    const { output } =
      (await transform('// @replaystack-capture\nexport function f() { throw a() }', 'a.js')) ?? {};
    expect(output?.code).not.toContain('catch');
    expect(output?.code).toContain('finally{$rsLeave($rs)}');
  });

  test('H61: the place of a function in its file, which needs no registry', async () => {
    const { output } = (await transform('\n\nexport const f = async () => g();', 'src/a.js')) ?? {};
    expect(output?.code).toContain('$rsEnter("src/a.js:3:f")');
  });
});
