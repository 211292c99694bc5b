/** Every dialect is understood by the file's extension, and what is not is a failure with a position, never a throw. */
import { describe, expect, test } from 'vitest';
import { parseModule } from '../../../src/transform/parse.ts';
import { transform } from '../../support/transform-fixtures.ts';

describe('parsing', () => {
  test.each([
    ['a.js', 'const a = <b>c</b>;'],
    ['a.mjs', 'await a; import.meta.url'],
    ['a.cjs', 'with (a) b; return'],
    ['a.js', 'import a from "./a.json" with { type: "json" }'],
    ['a.js', 'import a from "./a.json" assert { type: "json" }'],
    ['a.js', 'import source a from "./a.wasm"; import defer * as b from "b"'],
    ['a.js', '@a class B { @c accessor d = 1; @e async f() {} }'],
    ['a.js', 'export @a class B {}'],
    ['a.js', '@a export class B {}'],
    ['a.ts', '@a class B { constructor(@c readonly d: E) {} m(@f() g: string) {} }'],
    ['a.ts', 'const a = <B>c; const d = <T>(e: T) => e;'],
    ['a.tsx', 'const a = <b>c</b>; const d = <T,>(e: T) => e;'],
    ['a.ts', 'export = a; import b = require("b"); namespace C.D { export const e = 1 }'],
    ['a.cts', 'with (a) b; module.exports = c;'],
    [
      'a.ts',
      'let a = b satisfies C; function f(this: D, e?: E): asserts e is E {} abstract class G { abstract h(): void }',
    ],
    ['a.ts', 'using a = b; async function f() { await using c = d }'],
    ['a.ts', 'const a = { async *b() { yield* c } }; for await (const d of e) {}'],
    ['a.js', '#!/usr/bin/env node\n"use strict"'],
    ['a.js', '\ufeffexport {}'],
    ['a.js', 'const a = /[\\p{L}--[a-z]]/v; class B { static { c: 1 } #c; d() { return #c in this } }'],
    ['a.js', '// @flow\nexport async function f(a: string): Promise<?number> { return (a: any) }'],
    ['a.js', 'type A = {| b: number |}; export const f = async <T>(a: T): Promise<T> => a;'],
  ])('%s: %s', (file, code) => {
    expect(parseModule(code, file)).toHaveProperty('program');
  });

  test('H55: JavaScript with types in it is Flow, and can be instrumented', async () => {
    const code = '// @flow\nexport const f = async (a: ?string): Promise<number> => load(a);\n';
    const result = await transform(code, 'a.js');
    expect(result?.output?.code).toContain(
      'Promise<number> =>{const $rs=$rsEnter("a.js:2:f");try{return $rsSettle(',
    );
  });

  test('H31: a program that is no program is left alone, and not made into one', async () => {
    // At the top of a function this is an error; in the block that we would put around it, it is none.
    const result = await transform('export async function f(a) {\n  let a = await 1;\n}\n', 'a.js');
    expect(result?.output).toBeUndefined();
    expect(result?.fileReason).toBe('it cannot be parsed');
    expect(result?.problems).toEqual([
      { code: 'RS1201', line: 1, column: 25, reason: "Identifier 'a' has already been declared." },
    ]);
  });

  test('a file that cannot be parsed says so once, unless it is to be ignored', async () => {
    expect((await transform('export async function {', 'a.ts'))?.problems).toHaveLength(1);
    const ignored = await transform('// @replaystack-ignore-file\nexport async function {', 'a.ts');
    expect([ignored?.fileReason, ignored?.problems]).toEqual(['ignored by a pragma', []]);
  });

  test('a module that is too deep for us fails no build', async () => {
    const code =
      `export const f = async () => load(${'['.repeat(20_000)}${']'.repeat(20_000)});\n`.replaceAll(
        '[[[[',
        '[[\n[[',
      );
    const result = await transform(code, 'a.js');
    expect(result?.output).toBeUndefined();
    expect(result?.problems[0]?.code).toBe('RS1201');
  });
});
