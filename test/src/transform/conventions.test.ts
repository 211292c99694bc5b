/** Handlers that are known by their files: what becomes of each module, whose first line says where it is in its project. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseModule } from '../../../src/transform/parse.ts';
import type { TransformResult } from '../../../src/transform/index.ts';
import { conventions } from '../../../src/transform/conventions/index.ts';
import { next } from '../../../src/transform/conventions/next.ts';
import { solidStart } from '../../../src/transform/conventions/solid-start.ts';
import { createPrefilter } from '../../../src/transform/prefilter.ts';
import { transformModule } from '../../../src/transform/index.ts';
import { defaults, findFixtures } from '../../support/transform-fixtures.ts';

async function transform(code: string, name = ''): Promise<TransformResult | undefined> {
  const [, file = ''] = /^\/\/ (\S+)\n/.exec(code) ?? [];
  const known = name.includes('solid-start') ? [solidStart] : [next, ...conventions];
  const options = { ...defaults, conventions: known };
  return transformModule(code, `/project/${file}`, file, { ...options, prefilter: createPrefilter(options) });
}

describe('what is written', () => {
  test.each(findFixtures('conventions'))('$name', async ({ name, input, directory, extension }) => {
    const { output } = (await transform(input, name)) ?? {};
    const file = join(directory, `output${extension}`);
    if (process.env['UPDATE_FIXTURES'] !== undefined) writeFileSync(file, output?.code ?? input);
    expect(output?.code).toBe(existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    expect(output?.code.split('\n')).toHaveLength(input.split('\n').length);
    expect(parseModule(output?.code ?? '', file)).not.toHaveProperty('reason');
  });
});

async function skippedIn(name: string): Promise<unknown[]> {
  const fixture = findFixtures('conventions/next').find((one) => one.name.endsWith(name));
  const { skipped = [] } = (await transform(fixture?.input ?? '')) ?? {};
  return skipped.map(({ name, reason }) => [name, reason]);
}

test('server functions that are left alone, and why', async () => {
  expect(await skippedIn('server-values')).toEqual([
    ['shared', 'declared in another module'],
    ['first', 'neither a function nor a call'],
    ['same', 'neither a function nor a call'],
  ]);
});

test('what is left alone, and why', async () => {
  expect(await skippedIn('left-alone')).toEqual([
    ['HEAD /things', 'declared in another module'],
    ['GET /things', 'a generator is no handler'],
    ['POST /things', 'declares a variable under the name of a parameter'],
    ['PUT /things', 'ignored by a pragma'],
    ['PUT', 'ignored by a pragma'],
    ['PATCH /things', 'a directive that changes where or how it runs'],
    ['DELETE /things', 'taken apart with a rest element'],
  ]);
});

test.each([
  ['app/route.ts', '/'],
  ['src/app/(marketing)/about/route.js', '/about'],
  ['app/@team/orders/[...path]/route.tsx', '/orders/[...path]'],
  ['app/route.api.ts', '/'],
  ['app/route/page.tsx', undefined],
  ['lib/app/orders/route.ts', undefined],
  ['pages/api/index.ts', '/api'],
  ['src/pages/api/orders/index.ts', '/api/orders'],
  ['pages/orders/api.ts', undefined],
  ['middleware.ts', ''],
  ['src/proxy.ts', ''],
  ['lib/proxy.ts', undefined],
])('Next.js: %s is for %s', (file, route) => {
  expect(next.entries.map((entry) => entry.route(file)).find((found) => found !== undefined)).toBe(route);
});
