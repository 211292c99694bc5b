/** Texts that come again are written once; a memory that is shown nothing twice gives up. */
import { expect, it, vi } from 'vitest';
import { createMemo, MAX_WORD } from '../../../runtime/event/memo.ts';

const quoted = vi.fn((text: string) => JSON.stringify(text));

function memo(most = 3): { json: (text: string) => string | undefined; written: () => number } {
  quoted.mockClear();
  return { json: createMemo(quoted, most), written: () => quoted.mock.calls.length };
}

it('writes a text once', () => {
  const { json, written } = memo();
  for (let time = 0; time < 5; time++) expect(json('GET')).toBe('"GET"');
  expect(written()).toBe(1);
});

it('does not remember what is not to be, nor what is too long', () => {
  const write = vi.fn(() => undefined);
  const json = createMemo(write, 3);
  expect([json('secret'), json('secret')]).toEqual([undefined, undefined]);
  expect(write).toHaveBeenCalledTimes(2);
  expect(json('x'.repeat(MAX_WORD + 1))).toBeUndefined();
  expect(write).toHaveBeenCalledTimes(2);
});

it('forgets everything when there is too much, and goes on if it was of use', () => {
  const { json, written } = memo();
  for (const text of ['a', 'b', 'c', 'a', 'b', 'c', 'd']) json(text);
  expect(written()).toBe(4);
  json('d');
  json('a');
  expect(written()).toBe(5);
});

it('gives up when nothing comes again, and still answers', () => {
  const { json, written } = memo();
  for (const text of ['1', '2', '3', '4']) expect(json(text)).toBe(JSON.stringify(text));
  expect([json('4'), json('4')]).toEqual(['"4"', '"4"']);
  expect(written()).toBe(6);
});
