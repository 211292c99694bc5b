/** H7: `import` into an ES module, `require` into CommonJS, and neither where nothing tells which of them it is. */
import { describe, expect, test } from 'vitest';
import type { ModuleKind } from '../../../src/transform/module-kind.ts';
import { importPosition, importStatement, moduleKind } from '../../../src/transform/module-kind.ts';
import { parseModule } from '../../../src/transform/parse.ts';
import { transform } from '../../support/transform-fixtures.ts';

function kindOf(code: string, file = 'a.js'): ModuleKind | undefined {
  const module = parseModule(code, file);
  if ('reason' in module) throw new Error(module.reason);
  return moduleKind(module, file);
}

function positionIn(code: string): string {
  const module = parseModule(code, 'a.ts');
  if ('reason' in module) throw new Error(module.reason);
  return code.slice(importPosition(module.program, code, module.comments));
}

describe('the kind of a module', () => {
  test.each([
    ['import a from "a"', 'a.js', 'esm'],
    ['import "a"; module.exports = 1', 'a.js', 'esm'],
    ['export {}', 'a.cjs', 'esm'],
    ['import.meta.url', 'a.js', 'esm'],
    ['await load()', 'a.ts', 'esm'],
    ['for await (const a of b) {}', 'a.js', undefined],
    ['f()', 'a.mjs', 'esm'],
    ['f()', 'a.mts', 'esm'],
    ['import a = require("a"); export = a', 'a.ts', 'esm'],
    ['f()', 'a.cjs', 'cjs'],
    ['f()', 'a.cts', 'cjs'],
    ['if (a) { require("a") }', 'a.js', 'cjs'],
    ['module.exports = 1', 'a.ts', 'cjs'],
    ['exports["a"] = 1', 'a.js', 'cjs'],
    ['const self = exports; self.a = 1', 'a.js', 'cjs'],
    ['f()', 'a.js', undefined],
    ['a.exports = b.module', 'a.js', undefined],
    ['require(name)', 'a.js', undefined],
  ] as const)('H7: %s in %s is %s', (code, file, kind) => {
    expect(kindOf(code, file)).toBe(kind);
  });

  test('H7: where nothing tells, the module stays as it is, and the developer hears of it', async () => {
    const result = await transform(
      '// @replaystack-capture\nasync function main() { await run() }\nmain();\n',
      'a.js',
    );
    expect(result?.output).toBeUndefined();
    expect(result?.fileReason).toBe('neither an ES module nor CommonJS');
    expect(result?.problems).toEqual([{ code: 'RS1205', line: 1, column: 1 }]);
  });
});

describe('the import', () => {
  test('names each hook once', () => {
    const hooks = new Map([
      ['enter', '$rsEnter'],
      ['exit', '$rsExit'],
    ]);
    expect(importStatement('esm', 'x', hooks)).toBe('import{enter as $rsEnter,exit as $rsExit}from"x";');
    expect(importStatement('cjs', 'x', hooks)).toBe('const{enter:$rsEnter,exit:$rsExit}=require("x");');
  });

  test('H27, H63: comes behind directives, the hashbang and comments', () => {
    expect(positionIn('#!/usr/bin/env node\n/*! licence */\n"use strict";\n// about f\nf()')).toBe('f()');
    expect(positionIn('/** @jsxImportSource preact */\nimport a from "a"')).toBe('import a from "a"');
    expect(positionIn("'use server' // why\nf()")).toBe('f()');
  });

  test('H37: comes before comments that speak of the first statement', () => {
    expect(positionIn('/* a */ /* @__PURE__ */ f()')).toBe('/* @__PURE__ */ f()');
    expect(positionIn('// a\n/* istanbul ignore next */\n/** @type {A} */\nf()')).toBe(
      '/* istanbul ignore next */\n/** @type {A} */\nf()',
    );
    expect(positionIn('/** @param {A} a */\n"use strict";\nf()')).toBe('f()');
  });
});
