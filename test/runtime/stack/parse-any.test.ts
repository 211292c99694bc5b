/** Text that only looks like frames: what an error says of itself, and anything else. */
import fc from '../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { parseStackTrace } from '../../../runtime/stack/parse.ts';

describe('what the error says of itself', () => {
  const real = '    at charge (/app/a.js:1:7)';
  const fake = 'boom\n    at fake (/app/fake.js:1:1)\nfake@/app/fake.js:1:1';
  const names = (stack: string, header?: string) =>
    parseStackTrace(stack, header).map(({ functionName }) => functionName);

  it('is no frame, whatever it looks like', () => {
    expect(names(`Error: ${fake}\n${real}`, `Error: ${fake}`)).toEqual(['charge']);
  });

  it('is told by its message when the name was assigned later, or Node has added a code', () => {
    expect(names(`Error: ${fake}\n${real}`, `CardDeclined: ${fake}`)).toEqual(['charge']);
    expect(names(`TypeError [ERR_X]: ${fake}\n${real}`, `TypeError: ${fake}`)).toEqual(['charge']);
  });

  it('does no harm when it is not in the stack', () => {
    for (const header of ['', 'Error', 'Error: other', 'at', ': ', '\n', 'charge (/app/a.js:1:7)']) {
      expect(names(`Error: boom\n${real}`, header)).toEqual(['charge']);
    }
  });

  it('may be all there is', () => {
    expect(parseStackTrace('AggregateError: All promises were rejected')).toEqual([]);
    expect(parseStackTrace('')).toEqual([]);
  });

  it('is not taken for a frame without a place', () => {
    for (const line of [
      'at home',
      'at home (today)',
      'at noon: 12',
      'at',
      'at ()',
      'at the end of (the day)',
    ]) {
      expect(parseStackTrace(`Error: x\n    ${line}`)).toEqual([]);
    }
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    'at ',
    '    at ',
    'async ',
    '(',
    ')',
    ' (',
    'eval at ',
    '), <anonymous>:1:2',
    ':',
    '1',
    ':1:2',
    '@',
    '/',
    'file://',
    '%',
    'f',
    '\n',
    ' ',
    '[as x]',
    '<anonymous>',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  );

  it('is read without an error, into frames that are lines of it', () => {
    fc.assert(
      fc.property(texts, fc.option(texts, { nil: undefined }), (stack, header) => {
        const lines = stack.split('\n').map((line) => line.trim());
        for (const frame of parseStackTrace(stack, header)) {
          if (header === undefined) expect(lines).toContain(frame.raw);
          expect([frame.functionName, frame.fileName]).not.toContain('');
        }
      }),
    );
  });

  it('has no file where an address names none', () => {
    expect(parseStackTrace('file://:1:2')[0]?.fileName ?? null).toBeNull();
  });

  it('takes no more than linear time', () => {
    const repeated = [
      'at (',
      'at a (',
      '(',
      ')',
      ' (',
      ':1',
      ':1:1',
      '1',
      ' ',
      '@',
      'eval at (',
      'at eval at (',
      '\n    at f (/a.js:1:1)',
      ' [as ',
    ];
    for (const text of repeated) {
      for (const start of ['', 'at ', 'at f (', 'at f (eval at ']) {
        for (const end of ['', ')', 'x', ':1:1)'])
          parseStackTrace(`Error: ${text}\n${start}${text.repeat(50_000)}${end}`, 'E: x');
      }
    }
  }, 20_000);

  it('gives at most a hundred frames', () => {
    expect(parseStackTrace('\n    at f (/a.js:1:1)'.repeat(5000))).toHaveLength(100);
  });
});
