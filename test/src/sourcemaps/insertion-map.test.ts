/** The map of a module with insertions is the one that magic-string makes, without what it says of white space. */
import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import fc from 'fast-check';
import MagicString from 'magic-string';
import { describe, expect, test } from 'vitest';
import { insertionMap } from '../../../src/sourcemaps/insertion-map.ts';
import { insert } from '../../../src/transform/edits.ts';
import type { Insertion } from '../../../src/transform/edits.ts';

const piece = fc.constantFrom(
  'name',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\n\n',
  '\t',
  '(',
  ') => {',
  '$a',
  'größe',
  '"日本"',
  '🙂',
  '\u00a0',
  '\u2028',
  '/* x */',
  '.',
  ';',
  'x'.repeat(300),
  ' '.repeat(300),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

const cases = text.chain((code) =>
  fc.tuple(
    fc.constant(code),
    fc
      .uniqueArray(
        fc.tuple(fc.integer({ min: 0, max: code.length }), fc.constantFrom('a(', ')', 'import{b}from"c";')),
        {
          selector: ([position]) => position,
          maxLength: 6,
        },
      )
      .map((insertions): Insertion[] => insertions.sort(([a], [b]) => a - b)),
  ),
);

describe('the map of insertions', () => {
  test('is that of magic-string, wherever there is no white space', () => {
    fc.assert(
      fc.property(cases, ([code, insertions]) => {
        const reference = new MagicString(code);
        for (const [position, added] of insertions) reference.appendLeft(position, added);
        const output = insert(code, insertions);
        expect(output).toBe(reference.toString());
        const map = insertionMap(code, '/project/a.ts', insertions);
        expect(map).toMatchObject({
          version: 3,
          sources: ['/project/a.ts'],
          sourcesContent: [code],
          names: [],
        });
        const [ours, theirs] = [
          new TraceMap(map),
          new TraceMap(reference.generateMap({ hires: 'boundary', source: '/project/a.ts' }) as never),
        ];
        for (const [line, content] of output.split('\n').entries()) {
          for (let column = 0; column < content.length; column++) {
            if (/[\s\w]/.test(content.charAt(column)) && /\w/.test(content.charAt(column - 1))) continue;
            if (/[\t\r ]/.test(content.charAt(column))) continue;
            const position = { line: line + 1, column };
            const found = originalPositionFor(theirs, position);
            // Of what we insert, each may say what it likes.
            if (found.line === null || !isOriginal(code, found, content.charAt(column))) continue;
            expect([position, originalPositionFor(ours, position)]).toEqual([position, found]);
          }
        }
        expect(decodedMappings(ours)).toHaveLength(output.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });

  test('says at which character each line begins', () => {
    const map = new TraceMap(insertionMap('  a\n\n  b c', 'a.ts', []));
    expect(decodedMappings(map)).toEqual([
      [
        [0, 0, 0, 0],
        [2, 0, 0, 2],
      ],
      [],
      [
        [0, 0, 2, 0],
        [2, 0, 2, 2],
        [4, 0, 2, 4],
      ],
    ]);
  });
});

function isOriginal(
  code: string,
  { line, column }: { line: number; column: number },
  character: string,
): boolean {
  return code.split('\n')[line - 1]?.charAt(column) === character;
}
