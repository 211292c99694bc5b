/** `replaystack explain`: two projects of fixtures/explain, with what is said of them beside them (`vitest -u` writes it). */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command, Ended } from '../../../support/command.ts';
import { bundleCommand } from '../../../support/command.ts';
import { root, transform } from '../../../support/transform-fixtures.ts';

const fixtures = join(root, 'fixtures/explain');
const shop = join(fixtures, 'shop');
let command: Command;
let directory: string;

beforeAll(async () => {
  command = await bundleCommand();
  directory = mkdtempSync(join(tmpdir(), 'replaystack explain '));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await command[Symbol.asyncDispose]();
});

const explain = (args: readonly string[], cwd = shop): Promise<Ended> =>
  command.run(['explain', ...args], { cwd });

async function candidatesOf(args: readonly string[], cwd = shop): Promise<string[]> {
  const { stdout } = await explain([...args, '--json'], cwd);
  const { files } = JSON.parse(stdout) as {
    files: { candidates: { verdict: string; name: string; why: string }[] }[];
  };
  return files.flatMap(({ candidates }) =>
    candidates.map(({ verdict, name, why }) => `${verdict}: ${name}, ${why}`),
  );
}

describe('what it says', () => {
  test.each(['shop', 'next'])('%s', async (project) => {
    const { code, stdout, stderr } = await explain(['.'], join(fixtures, project));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = stdout.replace(/\d+ ms$/m, '0 ms');
    await expect(told).toMatchFileSnapshot(join(fixtures, `${project}.txt`));
  });

  test('of functions that a platform calls by their names', async () => {
    const lambda = join(root, 'fixtures/apps/lambda');
    expect(await candidatesOf(['src/index.ts'], lambda)).toContain(
      'instrumented: handler, aws-lambda calls it by its name',
    );
  });

  test('as JSON, with the rewrite', async () => {
    const { stdout } = await explain(['src/server.ts', '--json', '--diff']);
    const { files } = JSON.parse(stdout) as { files: { file: string; rewritten: boolean; diff: string }[] };
    expect(files).toMatchObject([{ file: 'src/server.ts', rewritten: true }]);
    expect(files[0]?.diff).toBe((await explain(['src/server.ts', '--diff'])).stdout);
  });

  test('in colours only where they are asked for', async () => {
    const args = ['explain', 'src/server.ts'];
    const escape = String.fromCodePoint(27);
    const run = async (environment: Record<string, string>): Promise<boolean> =>
      (await command.run(args, { cwd: shop, environment })).stdout.includes(escape);
    expect(await run({})).toBe(false);
    expect(await run({ CI: 'true' })).toBe(false);
    expect(await run({ FORCE_COLOR: '1' })).toBe(true);
    expect(await run({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});

test('the diff, applied, is what a build makes of the files', async () => {
  const project = join(directory, 'applied');
  cpSync(shop, project, { recursive: true });
  const { stdout } = await explain(['src', '--diff']);
  execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: project, input: stdout });
  for (const file of ['src/server.ts', 'src/orders.ts', 'src/line ends.js', 'src/constants.ts']) {
    const before = readFileSync(join(shop, file), 'utf8');
    const built = (await transform(before, file))?.output?.code ?? before;
    expect(readFileSync(join(project, file), 'utf8')).toBe(built);
  }
});

describe('the options of the build', () => {
  const options = { functions: false, exclude: ['**/orders.ts'] };

  test.each([
    ['given as JSON', (): string => JSON.stringify(options)],
    ['in a JSON file', (): string => write('options.json', JSON.stringify(options))],
    ['in a module', (): string => write('options.mjs', `export default ${JSON.stringify(options)};`)],
    [
      'in a CommonJS module with a regular expression',
      (): string => write('options.cjs', 'module.exports = { functions: false, exclude: /orders[.]ts$/ };'),
    ],
  ])('%s', async (_, config) => {
    const told = await candidatesOf(['src/server.ts', 'src/orders.ts', '--config', config()]);
    expect(told).toContain('instrumented: POST /orders, `app` is of express');
    expect(told.join('\n')).not.toMatch(/exported and async|instrumented: place/);
  });

  test('decide on methods, routes and whether there is to be anything at all', async () => {
    expect(await candidatesOf(['src/orders.ts', '--config', '{"functions":{"methods":false}}'])).toContain(
      'left alone: Cart.add, the option `functions.methods` is false',
    );
    expect(await candidatesOf(['src/server.ts', '--config', '{"routes":["hono"]}'])).not.toContain(
      'instrumented: POST /orders, `app` is of express',
    );
    const { stdout } = await explain(['src/server.ts', '--config', '{"enabled":false}']);
    expect(stdout).toContain('src/server.ts: left alone, the option `enabled` is false');
  });

  test('that are wrong are told as the build tells them', async () => {
    expect(await explain(['src', '--config', '{"function":false,"guards":1}'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '[replaystack] RS1001 unknown option `function`. Did you mean `functions`?\n' +
        '[replaystack] RS1003 `guards` is the number 1. It takes true or false.\n',
    });
  });

  test.each([
    ['{"routes"', 2, /^--config is no JSON: .*\.\n$/],
    ['nowhere.json', 1, /^nowhere\.json cannot be read: ENOENT.*\.\n$/],
    ['nowhere.js', 1, /^nowhere\.js cannot be loaded: .*\.\n$/],
    ['package.json', 2, /^\[replaystack\] RS1002 unknown option `name`/],
  ])('that cannot be read: %s', async (config, code, sentence) => {
    const ended = await explain(['src', '--config', config]);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
  });

  test('that are in a module with another export', async () => {
    const file = write('named.mjs', 'export const options = {};');
    expect((await explain(['src', '--config', file])).stderr).toBe(
      `${file} has no default export with the plugin's options.\n`,
    );
  });
});

describe('the files', () => {
  const filesOf = async (args: readonly string[], cwd?: string): Promise<string[]> => {
    const { stdout } = await explain([...args, '--json'], cwd);
    return (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file }) => file);
  };

  test('may be globs, which leave packages out unless they name them', async () => {
    const project = join(directory, 'globs');
    cpSync(shop, project, { recursive: true });
    cpSync(join(shop, 'src'), join(project, 'node_modules/other'), { recursive: true });
    expect(await filesOf(['**/s*.ts'], project)).toEqual(['src/secret.ts', 'src/server.ts']);
    expect(await filesOf(['node_modules/*/s*.ts'], project)).toEqual([
      'node_modules/other/secret.ts',
      'node_modules/other/server.ts',
    ]);
  });

  test('are each told of once, whoever names them, and may be outside of the project', async () => {
    expect(await filesOf(['src/server.ts', 'src/s*.ts', './src/server.ts'])).toEqual([
      'src/server.ts',
      'src/secret.ts',
    ]);
    expect(await filesOf(['../next/app/orders/route.ts'])).toEqual(['../next/app/orders/route.ts']);
  });

  test('may have brackets in their names', async () => {
    const project = join(directory, 'brackets');
    cpSync(join(fixtures, 'next'), project, { recursive: true });
    cpSync(join(project, 'app/orders'), join(project, 'app/[id]'), { recursive: true });
    expect(await filesOf(['app/[id]/route.ts'], project)).toEqual(['app/[id]/route.ts']);
    expect(await filesOf(['app/[id]'], project)).toEqual(['app/[id]/route.ts']);
    expect(await candidatesOf(['app/[id]'], project)).toContain(
      'instrumented: GET /[id], next calls it by its name',
    );
  });

  test.each([
    ['src/nowhere.ts', 'There is no file src/nowhere.ts.'],
    ['src/*.vue', 'No file matches src/*.vue.'],
  ])('have to be there: %s', async (pattern, sentence) => {
    expect(await explain([pattern])).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
  });

  test('are told of that are no scripts, where they are named', async () => {
    const { stdout } = await explain(['package.json']);
    expect(stdout).toContain('package.json: left alone, it is not among what the option `include` names');
  });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}
