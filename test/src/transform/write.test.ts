/** The map of a rewritten module leads back from every character, the end of a line and what is put before it included. */
import {
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import { expect, test } from 'vitest';
import { writeModule } from '../../../src/transform/write.ts';

test.each(['\n', '\r\n'])('from the end of each line, where %j ends it', (end) => {
  // Bundlers place the `?.` of a chain at the end of what stands before it.
  const lines = [
    'async function f() {',
    '\tconst got = await a',
    '\t\t.at(1)',
    '\t\t?.end; // 😀',
    '',
    '}',
    '',
  ];
  const input = lines.join(end);
  const insertions = [
    [20, 'try{'],
    [input.lastIndexOf('}'), '}finally{'],
  ] as const;
  const { code, map } = writeModule(input, '/project/a.js', insertions);
  const trace = new TraceMap(map as never);
  const written = code.split(end);
  expect(written).toHaveLength(lines.length);
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    expect(
      originalPositionFor(trace, { line: index + 1, column: (written[index] ?? '').length }),
    ).toMatchObject({ source: '/project/a.js', line: index + 1, column: line.length });
  }
});

test.each(['', '  ', '\t'])('from what ends a function, where %j stands before its brace', (indent) => {
  const input = `async function f() {\n  await a;\n${indent}}\n`;
  const closing = '}catch(e){throw fail(e)}finally{exit()}';
  const insertions = [
    [20, 'try{'],
    [input.lastIndexOf('}'), closing],
  ] as const;
  const { code, map } = writeModule(input, '/project/a.js', insertions);
  const trace = new TraceMap(map as never);
  const [, , written = ''] = code.split('\n');
  const at = (text: string) => originalPositionFor(trace, { line: 3, column: written.indexOf(text) });
  expect(at('throw')).toMatchObject({ line: 3, column: indent.length + 1 });
  expect(at('exit')).toMatchObject({ line: 3, column: indent.length });
  // A breakpoint on the brace goes to the block that the function always comes by.
  const brace = { source: '/project/a.js', line: 3, column: 0, bias: LEAST_UPPER_BOUND } as const;
  expect(generatedPositionFor(trace, brace)).toMatchObject({ line: 3, column: written.indexOf('exit') });
});

test('from what is put before the first character of a line', () => {
  const input = 'a;\n  app.get(b);\n';
  const { map } = writeModule(input, '/project/a.js', [
    [5, 'owner('],
    [8, ')'],
  ]);
  const place = originalPositionFor(new TraceMap(map as never), { line: 2, column: 3 });
  expect(place).toMatchObject({ line: 2, column: 2 });
});
