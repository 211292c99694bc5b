/** A kept result is used for the same text under the same path with the same options, and for nothing else. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/index.ts';
import type { Analysis } from '../../../src/transform/index.ts';
import { defaults, transform } from '../../support/transform-fixtures.ts';
import { transformModule } from '../../../src/transform/index.ts';

const CODE = '// @replaystack-capture\n\nexport async function load(id) {\n  return find(id);\n}\n';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cache-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const open = (
  option: boolean | string = 'kept',
  options = defaults,
): NonNullable<ReturnType<typeof openCache>> => {
  const cache = openCache(option, root, options);
  if (cache === undefined) throw new Error('there is none');
  return cache;
};

describe('the cache', () => {
  test('gives the same result as the first time, problems included, without a parser', async () => {
    const cold = open();
    const first = await transformModule(CODE, '/project/a.js', 'a.js', defaults, () => cold);
    cold.save();
    const warm = open();
    const analyse = (): never => {
      throw new Error('it was analysed again');
    };
    const kept = { get: warm.get, set: analyse };
    expect(await transformModule(CODE, '/project/a.js', 'a.js', defaults, () => kept)).toEqual(first);
    expect(first).toEqual(await transform(CODE, 'a.js'));
    expect(first?.targets).toHaveLength(1);
  });

  test('remembers that there is nothing in a module', () => {
    const cold = open();
    cold.set(CODE, 'a.js', 'none');
    cold.save();
    expect(open().get(CODE, 'a.js')).toBe('none');
  });

  test('knows the text, the path and the options', () => {
    const analysis: Analysis = { insertions: [], targets: [], skipped: [], fileReason: 'x', problems: [] };
    const cold = open();
    cold.set(CODE, 'a.js', analysis);
    cold.save();
    expect(open().get(CODE, 'a.js')).toEqual(analysis);
    expect(open().get(`${CODE} `, 'a.js')).toBeUndefined();
    expect(open().get(CODE, 'a.ts')).toBeUndefined();
    expect(open('kept', { ...defaults, functions: false }).get(CODE, 'a.js')).toBeUndefined();
    expect(open('kept', { ...defaults, packages: new Set(['a']) }).get(CODE, 'a.js')).toBeUndefined();
    expect(open('kept', { ...defaults, recognisers: [] }).get(CODE, 'a.js')).toBeUndefined();
    const renamed = defaults.recognisers.map((known) => ({ ...known, receivers: /^other$/ }));
    expect(open('kept', { ...defaults, recognisers: renamed }).get(CODE, 'a.js')).toBeUndefined();
  });

  test('keeps nothing of what cannot be parsed', async () => {
    const cache = open();
    await transformModule('export async function (', '/project/a.js', 'a.js', defaults, () => cache);
    cache.save();
    expect(existsSync(join(root, 'kept'))).toBe(false);
  });

  test('holds no source text', async () => {
    const cache = open();
    await transformModule(CODE, '/project/a.js', 'a.js', defaults, () => cache);
    cache.save();
    const [name = ''] = readdirSync(join(root, 'kept'));
    const text = readFileSync(join(root, 'kept', name), 'utf8');
    expect(text).toContain('a.js:3:load');
    expect(text).not.toContain('find(');
  });

  test('is in the nearest node_modules', () => {
    const project = join(root, 'packages/api');
    mkdirSync(join(root, 'node_modules'));
    mkdirSync(project, { recursive: true });
    const cache = openCache(true, project, defaults);
    cache?.set(CODE, 'a.js', 'none');
    cache?.save();
    expect(readdirSync(join(root, 'node_modules/.cache/replaystack'))).toHaveLength(1);
  });

  test('is not there when it is switched off', () => {
    expect(openCache(false, root, defaults)).toBeUndefined();
  });
});
