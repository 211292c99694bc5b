import fc from '../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { maskText } from '../../../runtime/masking/patterns.ts';
import { isSuspicious } from '../../../runtime/masking/suspicion.ts';
import { serialise } from '../../../runtime/masking/serialise.ts';
import { walk } from '../../../runtime/masking/walk.ts';

const masker = createMasker(['customField', 'x.ssn', 'Größe'], true);

/** Pieces of names, credentials and of what stands between them, which make credentials when they meet. */
const WORDS =
  'password pass word Pass_Word api Key API-KEY token user custom Field x ssn Größe sess\u212aion card Number o t p cookie ' +
  'Authorization secret isoToken = : > " \' \\ \\" [ ] . { } , - _ + & ? # Bearer dXNlcjpwYXNz eyJ hbGciOiJI .abc https :// / @ ' +
  'u:p@h 4111 1111 41111111 4111111111111111 1 2026-11-26 1732612345678 378282246310005 ----- %5B %5D %3D %20 < </ a \ud800 é';
const SPACED = [
  ' ',
  '  ',
  '\t',
  '\n',
  'bearer ',
  'Basic ',
  '\u00a0',
  '4242 4242 4242 4242',
  '-----BEGIN ',
  'PRIVATE KEY',
  '\u2028',
];
const pieces = fc.constantFrom(...WORDS.split(' '), ...SPACED, 'ordinary words ');
const texts = fc.array(pieces, { maxLength: 9 }).map((list) => list.join(''));

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.constantFrom(0, -0, 1.5, 4111111111111111, 1732612345678, 1e21, true, null, undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
})).value;

describe('A text that is not suspicious', () => {
  it('has nothing in it that would be masked', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!isSuspicious(text, masker.suspicion));
        expect(maskText(text, text.length, (name) => masker.isSecret(name), true)).toBe(text);
        // What is encoded is suspicious, so that the whole is looked at.
        expect(masker.url(`${text}&a=%41`)).toBe(`${text}&a=%41`);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is no JSON with a secret field', () => {
    fc.assert(
      fc.property(texts, (name) => {
        fc.pre(masker.isSecret(name));
        expect(isSuspicious(JSON.stringify({ [name]: 1 }), masker.suspicion)).toBe(true);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });

  it.each([
    'The quick brown fox jumps over the lazy dog, at 9:14.',
    '2026-11-26T09:14:37.349Z',
    '550e8400-e29b-41d4-a716-446655440000',
    'https://shop.example.com/orders/12?page=2',
    'Mozilla/5.0 (X11; Linux x86_64; rv:109.0) AppleWebKit/537.36',
    '{"id":1732612345678,"tokens":3,"note":"say \\"hi\\""}',
  ])('is the rule: %s', (text) => {
    expect(isSuspicious(text, masker.suspicion)).toBe(false);
  });
});

describe('What is masked as it stands in JSON', () => {
  it('is what it would be if it were taken apart', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(value !== undefined);
        expect(serialise(value, masker, 1e6)).toBe(walk(value, masker, 1e6, false).json);
      }),
      { numRuns: 10_000 },
    );
  });
});
