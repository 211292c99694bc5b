/** What is kept comes back as it was, or not at all. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../../support/properties.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPack } from '../../../src/cache/pack.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pack-'));
  file = join(directory, 'cache', `${'0'.repeat(16)}.pack`);
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function keep(texts: Record<string, string>): void {
  const pack = openPack(file);
  for (const [key, text] of Object.entries(texts)) pack.set(key, text);
  pack.save();
}

describe('a pack', () => {
  test('gives back what was saved', () => {
    keep({ a: '{"text":"größe 🙂"}', b: '' });
    const pack = openPack(file);
    expect([pack.get('a'), pack.get('b'), pack.get('c')]).toEqual(['{"text":"größe 🙂"}', '', undefined]);
  });

  test('gives back nothing else, whatever happens to the file', () => {
    const texts = { a: '{"insertions":[[10,"enter()"]]}', b: '"none"', c: '{"insertions":[]}' };
    keep(texts);
    const written = readFileSync(file);
    const damage = fc.record({
      at: fc.nat({ max: written.length - 1 }),
      bytes: fc.uint8Array({ maxLength: 4 }),
      isCut: fc.boolean(),
    });
    fc.assert(
      fc.property(damage, ({ at, bytes, isCut }) => {
        const rest = isCut ? Buffer.alloc(0) : written.subarray(at + bytes.length);
        writeFileSync(file, Buffer.concat([written.subarray(0, at), bytes, rest]));
        const pack = openPack(file);
        for (const [key, text] of Object.entries(texts)) expect([undefined, text]).toContain(pack.get(key));
      }),
    );
  });

  test('is as good as none where there can be none', () => {
    writeFileSync(join(directory, 'cache'), 'a file in the place of the directory');
    expect(() => keep({ a: '1' })).not.toThrow();
    expect(openPack(file).get('a')).toBeUndefined();
    rmSync(join(directory, 'cache'));
    mkdirSync(file, { recursive: true });
    expect(() => keep({ a: '1' })).not.toThrow();
    expect(readdirSync(join(directory, 'cache'))).toHaveLength(1);
  });

  test('keeps what builds wrote that ran at the same time', () => {
    const [one, other] = [openPack(file), openPack(file)];
    one.set('a', '1');
    other.set('b', '2');
    one.save();
    other.save();
    const pack = openPack(file);
    expect([pack.get('a'), pack.get('b')]).toEqual(['1', '2']);
    expect(readdirSync(join(directory, 'cache'))).toHaveLength(1);
  });

  test('is not written again when nothing is new', () => {
    keep({ a: '1' });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}extra`);
    const pack = openPack(file);
    pack.get('a');
    pack.save();
    expect(readFileSync(file, 'utf8')).toBe(`${text}extra`);
  });

  test('drops first what was not asked for when room is short', () => {
    const large = 'x'.repeat(12 * 1024 * 1024);
    keep({ a: large, b: large });
    const pack = openPack(file);
    pack.get('b');
    pack.set('c', large);
    pack.save();
    const after = openPack(file);
    expect([after.get('a'), after.get('b') === large, after.get('c') === large]).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  test('removes others that were not used for a month, and nothing that is not its own', () => {
    keep({ a: '1' });
    const names = [`${'1'.repeat(16)}.pack`, `${'2'.repeat(16)}.pack.1f0e`, 'notes.txt'];
    const long = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000);
    for (const name of names) {
      writeFileSync(join(directory, 'cache', name), '');
      utimesSync(join(directory, 'cache', name), long, long);
    }
    keep({ b: '2' });
    expect(readdirSync(join(directory, 'cache')).sort()).toEqual([`${'0'.repeat(16)}.pack`, 'notes.txt']);
  });
});
