import fc from '../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { createKeeper, MAX_NOTE_BYTES } from '../../../runtime/masking/keep.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { serialise } from '../../../runtime/masking/serialise.ts';

const masker = createMasker([], true);
const keeper = createKeeper(masker, 2049);

describe('metadata that is kept', () => {
  const names = fc.oneof(
    fc.constantFrom('id', 'password', 'userToken', '4111111111111111', '__proto__', 'a b'),
    fc.string(),
  );
  const values = fc.oneof(
    fc.constantFrom(
      4111111111111111,
      1e9,
      -0,
      NaN,
      Infinity,
      undefined,
      7n,
      'Bearer abc.def',
      '/x?token=abc',
    ),
    fc.constantFrom(
      'password=secret1',
      '4111 1111 1111 1111',
      '{"password":"x"}',
      'eyJhbGciOi.eyJzdWIi.c2ln',
    ),
    fc.string({ maxLength: 200 }),
    fc.anything(),
  );

  it('is the same by the short way and by the long one', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 12 }), (metadata) => {
        const long: unknown = JSON.parse(serialise(metadata, masker, MAX_NOTE_BYTES) ?? '{}');
        expect(JSON.parse(JSON.stringify(keeper.copy(metadata)))).toEqual(long);
      }),
      { numRuns: 2000 },
    );
  });

  it('has no secret in a short word, whatever fields are secret', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.stringMatching(/^[\w-]{0,12}$/), (fields, word) => {
        expect(createMasker(fields, true).text(word)).toBe(word);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds on to nothing that no event shows', () => {
    const copy = keeper.copy({ id: 1, [Symbol('token')]: 'a secret' });
    expect(Reflect.ownKeys(copy)).toEqual(['id']);
  });

  it('is a copy', () => {
    const metadata = { id: 1 };
    const copy = keeper.copy(metadata);
    metadata.id = 2;
    expect(copy).toEqual({ id: 1 });
  });

  it.each<[string, object]>([
    [
      'a getter',
      {
        get id() {
          throw new Error('getter');
        },
      },
    ],
    [
      'a proxy',
      new Proxy(
        {},
        {
          getPrototypeOf() {
            throw new Error('trap');
          },
        },
      ),
    ],
  ])('may have %s that throws', (_what, metadata) => {
    expect(() => keeper.copy(metadata as Record<string, unknown>)).not.toThrow();
  });
});

describe('a text that is kept', () => {
  it('is masked, whether it was seen before or not', () => {
    for (const _time of [1, 2]) expect(keeper.text('password=secret1')).toBe('password=[MASKED]');
  });

  it('is remembered no more often than so many times', () => {
    for (let index = 0; index < 2000; index++) expect(keeper.text(`order ${index}`)).toBe(`order ${index}`);
  });
});

it('remembers no text that had a secret in it', () => {
  const looked: string[] = [];
  const counting = createKeeper(
    {
      ...masker,
      text(text, end) {
        looked.push(text);
        return masker.text(text, end);
      },
    },
    2049,
  );
  for (let time = 0; time < 2; time++) {
    expect(counting.text('order priced')).toBe('order priced');
    expect(counting.text('password=hunter22')).toBe('password=[MASKED]');
  }
  expect(looked).toEqual(['order priced', 'password=hunter22', 'password=hunter22']);
});
