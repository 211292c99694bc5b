/** The map of a rewritten module leads back from every character, the end of a line included. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
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
