/** The map of a rewritten module leads back from every word and every other character, the end of a line included. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect, test } from 'vitest';
import fc from '../../support/properties.ts';
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

test('from each word and each other character, whatever is put in where', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'B9', '_', '$', '(', '.', ' ', '\t', '\n', '\r\n', 'é', '😀'),
    minLength: 1,
  });
  const places = fc.array(fc.tuple(fc.nat(), fc.constantFrom('x', '; y')), { maxLength: 5 });
  fc.assert(
    fc.property(texts, places, (input, drawn) => {
      const insertions = new Map(drawn.map(([place, text]) => [place % (input.length + 1), text]));
      const inOrder = [...insertions].sort(([a], [b]) => a - b);
      const { code, map } = writeModule(input, '/project/a.js', inOrder);
      const trace = new TraceMap(map as never);
      let shift = 0;
      for (let at = 0; at < input.length; at++) {
        shift += insertions.get(at)?.length ?? 0;
        const pair = (at === 0 ? '\n' : input.charAt(at - 1)) + input.charAt(at);
        if ((!insertions.has(at) && /^\w\w$/.test(pair)) || pair.endsWith('\n')) continue;
        const [from, to] = [placeIn(code, at + shift), placeIn(input, at)];
        expect(originalPositionFor(trace, from)).toMatchObject(to);
      }
    }),
  );
});

function placeIn(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}
