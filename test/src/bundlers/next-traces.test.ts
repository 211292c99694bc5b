/** What a trace of Next.js's names when the maps are in it. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { traceMaps } from '../../../src/bundlers/next-traces.ts';

const root = mkdtempSync(join(tmpdir(), 'next-traces-'));
const server = join(root, '.next/server');
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text = ''): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

write('.next/server/chunks/a.js', 'finished');
write('.next/server/chunks/a.js.map', '{"version":3}');
write('.next/server/chunks/known.js.map', '{"version":3}');
write('node_modules/next/dist/server.js.map', '{"version":3}');

const files = [
  '../chunks/a.js',
  '../chunks/without.js',
  '../chunks/known.js',
  '../chunks/known.js.map',
  '../../../node_modules/next/dist/server.js',
  '../chunks/manifest.json',
];

test('maps of the scripts of the output, those that are there and are not in it', async () => {
  const trace = write('.next/server/app/page.js.nft.json', JSON.stringify({ version: 1, files }));
  expect(JSON.parse((await traceMaps(trace, server)) ?? '')).toEqual({
    version: 1,
    files: [...files, '../chunks/a.js.map'],
  });
});

test('as many hashes as files, of what is in the scripts now', async () => {
  const fileHashes = files.map((_, index) => `hash ${index}`);
  const trace = write(
    '.next/server/app/other.js.nft.json',
    JSON.stringify({ files, fileHashes, symlinks: [] }),
  );
  expect(JSON.parse((await traceMaps(trace, server)) ?? '')).toEqual({
    files: [...files, '../chunks/a.js.map'],
    fileHashes: [
      createHash('md5').update('finished').digest('hex'),
      ...fileHashes.slice(1),
      expect.stringMatching(/^[\da-f]{32}$/),
    ],
    symlinks: [],
  });
});

test('nothing to add', async () => {
  const trace = write(
    '.next/server/app/none.js.nft.json',
    JSON.stringify({ files: ['../chunks/without.js'] }),
  );
  expect(await traceMaps(trace, server)).toBeUndefined();
});
