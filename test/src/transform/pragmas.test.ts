/** What a pragma is about, and what the developer hears of one that is about nothing. */
import { describe, expect, test } from 'vitest';
import { parseModule } from '../../../src/transform/parse.ts';
import { findPragmas } from '../../../src/transform/pragmas.ts';
import type { TransformResult } from '../../../src/transform/index.ts';
import { transform } from '../../support/transform-fixtures.ts';

/** The text that each pragma of a module is about. */
function subjects(code: string): (string | undefined)[] {
  const module = parseModule(code, 'a.ts');
  if ('reason' in module) throw new Error(module.reason);
  return findPragmas(code, module).map(({ range }) => range && code.slice(range.start, range.end));
}

/** The names of what is instrumented. */
async function names(code: string): Promise<string[] | undefined> {
  return (await transform(code))?.targets.map(({ name }) => name);
}

function problems(result: TransformResult | undefined): string[] {
  return (result?.problems ?? []).map(({ code, line, column, ...details }) =>
    [code, `${line}:${column}`, ...Object.values(details)].join(' '),
  );
}

test('a function with overloads can be asked for at the first', async () => {
  const code =
    '// @replaystack-capture\nfunction a(b: 1): 1;\nfunction a(b: any) { return c(b); }\nexport {};';
  expect(await names(code)).toEqual(['a']);
});

describe('a pragma is about what it stands before', () => {
  test.each([
    ['a statement', '// @replaystack-ignore\nf(); g();', 'f();'],
    ['an export', '/** @replaystack-ignore */\nexport const a = 1;\nb();', 'export const a = 1;'],
    ['a declarator', 'const a = 1, /* @replaystack-ignore */ b = 2, c = 3;', 'b = 2'],
    [
      'a method',
      'class A {\n  // @replaystack-ignore\n  static async b() {}\n  c() {}\n}',
      'static async b() {}',
    ],
    ['a property', 'f({\n  // @replaystack-ignore\n  a: 1,\n  b: 2,\n});', 'a: 1'],
    ['an argument', 'f(a, /* @replaystack-ignore */ b.c(), d);', 'b.c()'],
    ['a call in a chain', 'a\n  .b(1)\n  // @replaystack-ignore\n  .c(2)\n  .d(3);', '.c(2)'],
    ['a call in a chain, behind the dot', 'a\n  .b(1).\n  // @replaystack-ignore\n  c(2).d(3);', 'c(2)'],
    [
      'what comes after other comments',
      '// @replaystack-ignore\n// because\n/* of this */ f();\ng();',
      'f();',
    ],
    [
      'a decorated method',
      'class A {\n  @b\n  // @replaystack-ignore\n  async c() {}\n}',
      '@b\n  // @replaystack-ignore\n  async c() {}',
    ],
    [
      'a function with overloads',
      '// @replaystack-ignore\nexport function a(b: 1): 1;\nexport function a(b: any) {}\nfunction c() {}',
      'export function a(b: 1): 1;\nexport function a(b: any) {}',
    ],
    [
      'a method with overloads',
      'class A {\n  /** @replaystack-ignore */\n  a(b: 1): 1;\n  a(b: 2): 2;\n  a(b: any) {}\n  c() {}\n}',
      'a(b: 1): 1;\n  a(b: 2): 2;\n  a(b: any) {}',
    ],
    [
      'a declaration without a body',
      '// @replaystack-ignore\ndeclare function a(): void;\nexport function b() {}',
      'declare function a(): void;',
    ],
    ['a statement on a line with more', 'f(); /* @replaystack-ignore */ g(); h();', 'g();'],
    ['the body of an arrow function', 'a = () => // @replaystack-ignore\n  b(c);', 'b(c)'],
    ['the first element', '[ // @replaystack-ignore\n  a,\n  b ]', 'a'],
  ])('%s', (_, code, subject) => {
    expect(subjects(code)).toEqual([subject]);
  });

  test.each([
    ['at the end of a finished line', 'f(); // @replaystack-ignore\ng();'],
    ['at the end of a declaration', 'function f() {} // @replaystack-ignore\nfunction g() {}'],
    ['at the end of a file', 'f();\n// @replaystack-ignore'],
    ['at the end of a block', '{\n  f();\n  // @replaystack-ignore\n}'],
  ])('and about nothing %s', (_, code) => {
    expect(subjects(code)).toEqual([undefined]);
  });

  test('which may have several, one of them in the middle of a longer comment', () => {
    const code =
      '/**\n * Runs often.\n *\n * @replaystack-ignore it is noisy\n */\n// @replaystack-capture\nf();';
    expect(subjects(code)).toEqual(['f();', 'f();']);
    expect(subjects('// See @replaystack-ignore for more.\nf();')).toEqual([]);
    expect(subjects('const a = "// @replaystack-ignore";')).toEqual([]);
  });
});

describe('@replaystack-ignore', () => {
  test('leaves alone all that lies in its subject, and says so in the report', async () => {
    const result = await transform(
      '// @replaystack-ignore\nexport class A { async b() { await 1 } async c() { await 2 } }\n',
    );
    expect(result?.output).toBeUndefined();
    expect(result?.skipped).toEqual([
      { name: 'A.b', reason: 'ignored by a pragma', line: 2, column: 18 },
      { name: 'A.c', reason: 'ignored by a pragma', line: 2, column: 40 },
    ]);
    expect(result?.problems).toEqual([]);
  });

  test('counts a registration once, however many handlers it has', async () => {
    const result = await transform(
      "import express from 'express';\nconst app = express();\n// @replaystack-ignore\napp.get('/x', a, async () => b());\n",
    );
    expect(result?.targets.map(({ name }) => name)).toEqual(['express']);
    expect(result?.skipped).toEqual([{ name: 'GET /x', reason: 'ignored by a pragma', line: 4, column: 5 }]);
  });

  test('stands before the rest of a chain, whether its link is optional or not', async () => {
    for (const link of ['.', '?.']) {
      const result = await transform(
        `import express from 'express';\nconst app = express();\napp\n  // @replaystack-ignore\n  ${link}get('/x', a);\n`,
      );
      expect(result?.targets.map(({ name }) => name)).toEqual(['express']);
      expect(result?.skipped).toMatchObject([{ name: 'GET /x', reason: 'ignored by a pragma' }]);
    }
  });

  test('wins over a pragma that asks for the function', async () => {
    expect(
      await names('// @replaystack-ignore\n// @replaystack-capture\nexport const a = async () => b();\n'),
    ).toEqual([]);
  });
});

describe('@replaystack-ignore-file', () => {
  test('stands above the first statement, before or behind directives', async () => {
    const code = 'export const a = async () => b();\n';
    for (const above of [
      '// @replaystack-ignore-file\n',
      "'use strict';\n/* @replaystack-ignore-file */\n",
      '/* a */ // @replaystack-ignore-file\n\n',
    ]) {
      expect((await transform(above + code))?.fileReason).toBe('ignored by a pragma');
    }
  });

  test('elsewhere it does nothing, and the developer hears of it', async () => {
    const result = await transform('export const a = async () => b();\n// @replaystack-ignore-file\nc();\n');
    expect(result?.targets).toHaveLength(1);
    expect(problems(result)).toEqual(['RS1204 2:4 @replaystack-ignore-file']);
  });
});

describe('@replaystack-capture', () => {
  test('takes functions of every kind, under the names that they have', async () => {
    expect(
      await names(`
        // @replaystack-capture
        function a() { b() }
        // @replaystack-capture
        const c = () => d(), e = function () { f() };
        // @replaystack-capture
        class G { h() { i() } static #j() { k() } get l() { return m() } constructor() { n() } }
        const o = { /* @replaystack-capture */ p() { q() }, /* @replaystack-capture */ r: () => s() };
        t(/* @replaystack-capture */ () => u());
        export class V { /* @replaystack-capture */ w() { x() } }
      `),
    ).toEqual(['a', 'c', 'e', 'G.h', 'G.#j', 'o.p', 'o.r', '<anonymous>', 'V.w']);
  });

  test('takes the outermost functions only', async () => {
    expect(
      await names(
        '// @replaystack-capture\nconst a = () => { const b = () => c(); return b; };\nexport {};\n',
      ),
    ).toEqual(['a']);
  });

  test('works where functions are not observed', async () => {
    const code =
      '// @replaystack-capture\nexport const a = async () => b();\nexport const c = async () => d();\n';
    const result = await transform(code, 'a.ts', { functions: false });
    expect(result?.targets.map(({ name }) => name)).toEqual(['a']);
  });

  test('has no say over safety, and the report tells why', async () => {
    const result = await transform(
      '// @replaystack-capture\nfunction a() { return eval("1") }\nexport {};\n',
    );
    expect(result?.skipped).toEqual([{ name: 'a', reason: 'uses direct eval', line: 2, column: 1 }]);
    expect(result?.problems).toEqual([]);
  });
});

describe('a pragma that comes to nothing', () => {
  test.each([
    ['// @replaystack-ignor\nf();', ['RS1202 1:4 @replaystack-ignor @replaystack-ignore']],
    ['/* @replaystack-ignorefile */\nf();', ['RS1202 1:4 @replaystack-ignorefile @replaystack-ignore-file']],
    ['  // @replaystack-CAPTURE\nf();', ['RS1202 1:6 @replaystack-CAPTURE @replaystack-capture']],
    [
      '// @replaystack-everything\nf();',
      [
        'RS1203 1:4 @replaystack-everything @replaystack-ignore, @replaystack-ignore-file, @replaystack-capture, @replaystack-cron, @replaystack-webhook',
      ],
    ],
    [
      '// @replaystack-\nf();',
      [
        'RS1203 1:4 @replaystack- @replaystack-ignore, @replaystack-ignore-file, @replaystack-capture, @replaystack-cron, @replaystack-webhook',
      ],
    ],
    ['// @replaystack-ignore\nconst a = 1;', ['RS1204 1:4 @replaystack-ignore']],
    ['// @replaystack-capture\nconst a = 1;', ['RS1204 1:4 @replaystack-capture']],
    ['// @replaystack-crn\nsetInterval(f, 9);', ['RS1202 1:4 @replaystack-crn @replaystack-cron']],
    ['// @replaystack-cron\nsetTimeout(f, 9);', ['RS1204 1:4 @replaystack-cron']],
    ['// @replaystack-cron\nconst f = () => setInterval(g, 9);', ['RS1204 1:4 @replaystack-cron']],
    ['f(); // @replaystack-ignore\ng();', ['RS1204 1:9 @replaystack-ignore']],
    [
      '/**\n * A text.\n *\n * @replaystack-capture\n * @replaystack-capture\n */',
      ['RS1204 4:4 @replaystack-capture', 'RS1204 5:4 @replaystack-capture'],
    ],
    ['/*\r\n\t@replaystack-ignore */', ['RS1204 2:2 @replaystack-ignore']],
  ])('%j is reported where it stands', async (code, expected) => {
    expect(problems(await transform(code))).toEqual(expected);
  });
});
