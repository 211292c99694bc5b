/** The grammar of stack frames: each form that V8 writes, and those of Firefox and Safari. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseStackTrace, toPath } from '../../../runtime/stack/parse.ts';

/** Name, file, line and column of the one frame in a line. */
function parseLine(line: string): unknown[] {
  const [frame, ...more] = parseStackTrace(`Error: x\n    ${line}`, 'Error: x');
  expect(more).toEqual([]);
  if (!frame) return [];
  expect(frame.raw).toBe(line);
  return [frame.functionName, frame.fileName, frame.lineNumber, frame.columnNumber];
}

describe('frames of V8', () => {
  it.each([
    ['at charge (/app/dist/server.js:10:15)', 'charge', '/app/dist/server.js', 10, 15],
    ['at /app/dist/server.js:10:15', null, '/app/dist/server.js', 10, 15],
    ['at async charge (/app/a.js:1:7)', 'charge', '/app/a.js', 1, 7],
    ['at async /app/a.js:1:7', null, '/app/a.js', 1, 7],
    ['at async file:///app/a.mjs:1:7', null, '/app/a.mjs', 1, 7],
    ['at async (/app/a.js:1:7)', 'async', '/app/a.js', 1, 7],
    ['at new PaymentClient (/app/a.js:1:7)', 'new PaymentClient', '/app/a.js', 1, 7],
    ['at new <anonymous> (/app/a.js:1:7)', 'new <anonymous>', '/app/a.js', 1, 7],
    ['at get total [as total] (/app/a.js:1:7)', 'get total', '/app/a.js', 1, 7],
    ['at Object.plain [as other] (/app/a.js:1:7)', 'Object.plain', '/app/a.js', 1, 7],
    ['at Basket.items [as [Symbol.iterator]] (/app/a.js:1:7)', 'Basket.items', '/app/a.js', 1, 7],
    ['at #pin (/app/a.js:1:7)', '#pin', '/app/a.js', 1, 7],
    ['at [Symbol.iterator] (/app/a.js:1:7)', '[Symbol.iterator]', '/app/a.js', 1, 7],
    ['at a b (c) (/app/a.js:1:7)', 'a b (c)', '/app/a.js', 1, 7],
    ['at a (b (/app/a.js:1:7)', 'a (b', '/app/a.js', 1, 7],
    ['at Object.<anonymous> (/app/a.js:1:7)', 'Object.<anonymous>', '/app/a.js', 1, 7],
    ['at <anonymous> (/app/a.js:1:7)', null, '/app/a.js', 1, 7],
    ['at <static_initializer> (/app/a.js:1:7)', '<static_initializer>', '/app/a.js', 1, 7],
    ['at GET (/app/(shop)/[id]/page.js:1:7)', 'GET', '/app/(shop)/[id]/page.js', 1, 7],
    ['at GET (/app/we(ird/page.js:1:7)', 'GET', '/app/we(ird/page.js', 1, 7],
    ['at GET (/app/we)ird/page.js:1:7)', 'GET', '/app/we)ird/page.js', 1, 7],
    ['at /app/my (dir)/a b.js:1:7', null, '/app/my (dir)/a b.js', 1, 7],
    ['at file:///app/a%20b%2Fc.mjs?v=1#x:1:7', null, '/app/a b/c.mjs', 1, 7],
    ['at f (file:///app/100%.mjs:1:7)', 'f', '/app/100%.mjs', 1, 7],
    [String.raw`at f (C:\app\x.js:1:7)`, 'f', String.raw`C:\app\x.js`, 1, 7],
    [String.raw`at C:\app\x.js:1:7`, null, String.raw`C:\app\x.js`, 1, 7],
    ['at f (file:///C:/app/x.js:1:7)', 'f', 'C:/app/x.js', 1, 7],
    ['at async Promise.all (index 0)', 'Promise.all', null, null, null],
    ['at Array.map (<anonymous>)', 'Array.map', null, null, null],
    ['at JSON.parse (<anonymous>)', 'JSON.parse', null, null, null],
    ['at <anonymous>', null, null, null, null],
    ['at <anonymous>:1:27', null, null, 1, 27],
    ['at Array.forEach (native)', 'Array.forEach', null, null, null],
    ['at request (native:7:39)', 'request', null, 7, 39],
    [
      'at Module._compile (node:internal/modules/cjs/loader:1554:14)',
      'Module._compile',
      'node:internal/modules/cjs/loader',
      1554,
      14,
    ],
    ['at node:internal/main/run_main_module:33:47', null, 'node:internal/main/run_main_module', 33, 47],
    ['at a.f (webpack-internal:///./src/a.ts:1:27)', 'a.f', 'webpack-internal:///./src/a.ts', 1, 27],
    ['at f (webpack://shop/./src/a.ts:3:9)', 'f', 'webpack://shop/./src/a.ts', 3, 9],
    [
      'at data:text/javascript,throw%20new%20Error(%22:1:2)%22):1:7',
      null,
      'data:text/javascript,throw%20new%20Error(%22:1:2)%22)',
      1,
      7,
    ],
    [
      'at wasm://wasm/0145fffe:wasm-function[0]:0x1e',
      null,
      'wasm://wasm/0145fffe:wasm-function[0]:0x1e',
      null,
      null,
    ],
    [
      'at add (wasm://wasm/0145fffe:wasm-function[0]:0x1e)',
      'add',
      'wasm://wasm/0145fffe:wasm-function[0]:0x1e',
      null,
      null,
    ],
    ['at evalmachine.<anonymous>:1:7', null, 'evalmachine.<anonymous>', 1, 7],
    ['at REPL1:1:7', null, 'REPL1', 1, 7],
  ])('%s', (line, ...expected) => {
    expect(parseLine(line)).toEqual(expected);
  });

  it.each([
    ['at eval (eval at f (file:///app/a.mjs:3:1), <anonymous>:1:27)', 'eval', '/app/a.mjs', 3, 1],
    [
      'at g (eval at f (eval at e (/app/a.js:3:1), <anonymous>:1:2), <anonymous>:5:6)',
      'g',
      '/app/a.js',
      3,
      1,
    ],
    ['at eval (eval at <anonymous> (REPL1:1:1), <anonymous>:1:7)', 'eval', 'REPL1', 1, 1],
  ])('places evaluated code where the eval is: %s', (line, ...expected) => {
    expect(parseLine(line)).toEqual(expected);
  });

  it('reads what this version of V8 writes', () => {
    const program = fileURLToPath(new URL('../../../fixtures/stack/frames/main.mjs', import.meta.url));
    const output = execFileSync(process.execPath, [program], { encoding: 'utf8' });
    const stacks = JSON.parse(output) as { stack: string; header: string }[];
    const frames = stacks.map(({ stack, header }) => parseStackTrace(stack, header));
    for (const [i, { stack, header }] of stacks.entries()) {
      const after = stack.slice(stack.indexOf(header) + header.length);
      expect(frames[i]).toHaveLength(after.split('\n    at ').length - 1);
    }
    const innermost = frames.map((all) => all.find(({ fileName }) => fileName === program) ?? all[0]);
    expect(innermost.map((frame) => `${frame?.functionName ?? '-'} ${frame?.lineNumber}`)).toEqual([
      'Account.open 6',
      'new Account 9',
      'get total 12',
      'set total 15',
      '#pin 18',
      '[Symbol.iterator] 28',
      'a b (c) 32',
      'Object.plain 33',
      '- 48',
      '- 49',
      'inner 50',
      'eval 51',
      '- 52',
      '- 61',
      'Account.close 25',
      'Account.close 25',
    ]);
  });
});

describe('frames of Firefox and Safari', () => {
  it.each([
    ['charge@http://localhost/a.js:10:15', 'charge', 'http://localhost/a.js', 10, 15],
    ['charge@/app/node_modules/@scope/a.js:10:15', 'charge', '/app/node_modules/@scope/a.js', 10, 15],
    ['/app/node_modules/@scope/a.js:10:15', null, '/app/node_modules/@scope/a.js', 10, 15],
    ['http://localhost/@scope/a.js:10:15', null, 'http://localhost/@scope/a.js', 10, 15],
    ['async*charge@file:///app/a.js:10:15', 'charge', '/app/a.js', 10, 15],
    ['module code@file:///app/a.js:1:1', 'module code', '/app/a.js', 1, 1],
    ['@file:///app/a.js:1:1', null, '/app/a.js', 1, 1],
    ['map@[native code]', 'map', null, null, null],
    ['[native code]', null, null, null, null],
  ])('%s', (line, ...expected) => {
    const [frame] = parseStackTrace(line);
    expect([frame?.functionName, frame?.fileName, frame?.lineNumber, frame?.columnNumber]).toEqual(expected);
  });

  it('are not looked for where V8 has written', () => {
    const stack = 'Error: mail from a@/b/c:1:2\na@/b/c:1:2\n    at f (/app/a.js:1:7)';
    expect(parseStackTrace(stack).map(({ functionName }) => functionName)).toEqual(['f']);
  });
});

describe('toPath', () => {
  it('leaves alone what is no file URL', () => {
    for (const file of ['/app/a%20b.js', 'https://a/b?c', 'node:fs', '']) expect(toPath(file)).toBe(file);
  });
});
