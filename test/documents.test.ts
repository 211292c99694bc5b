/** README and docs: links lead somewhere, and names are those of the code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { astro } from '../src/transform/conventions/astro.ts';
import { conventions } from '../src/transform/conventions/index.ts';
import { next } from '../src/transform/conventions/next.ts';
import { recognisers } from '../src/transform/frameworks/index.ts';
import { jobs } from '../src/transform/jobs/index.ts';

const root = new URL('../', import.meta.url);
const documents = ['README.md', ...readdirSync(new URL('docs', root)).map((file) => `docs/${file}`)];

function read(file: string): string {
  return readFileSync(new URL(file, root), 'utf8');
}

function slugsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

test.each(documents)('every link of %s within the repository leads somewhere', (document) => {
  for (const [, target = ''] of read(document).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [path = '', slug] = target.split('#');
    const file = path === '' ? document : posix.join(posix.dirname(document), path);
    expect(existsSync(new URL(file, root)), target).toBe(true);
    if (slug !== undefined) expect(slugsOf(file), target).toContain(slug);
  }
});

test.each(documents)('the variables of %s are those of the client', (document) => {
  const known = new Set(read('runtime/options/resolve-options.ts').match(/REPLAYSTACK_[A-Z_]+/g));
  for (const [variable] of read(document).matchAll(/REPLAYSTACK_[A-Z_]+/g)) expect(known).toContain(variable);
});

test('the names that `routes` and `jobs` take are written down', () => {
  const namesOf = (option: string): string[] => {
    const [, list = ''] =
      new RegExp(`^\\| \`${option}\`.*\\[(.*)\\]`, 'm').exec(read('docs/options.md')) ?? [];
    return list.split(', ').map((name) => name.slice(1, -1));
  };
  const routes = new Set([...recognisers, ...conventions, astro, next].map(({ name }) => name));
  expect(namesOf('routes')).toEqual([...routes].sort());
  expect(namesOf('jobs')).toEqual([...new Set(jobs.map(({ name }) => name))].sort());
});
