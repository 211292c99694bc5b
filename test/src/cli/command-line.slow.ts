/** What the command says of a wrong command line, and of the command itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../support/command.ts';
import { bundleCommand } from '../../support/command.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let command: Command;

beforeAll(async () => {
  command = await bundleCommand();
});
afterAll(() => command[Symbol.asyncDispose]());

test('--version is the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  for (const option of ['--version', '-v']) {
    expect(await command.run([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  }
});

test.each([
  [[], 'Usage: replaystack <command>'],
  [['explain'], 'Usage: replaystack explain'],
  [['symbolicate'], 'Usage: replaystack symbolicate'],
])('%j --help says how it is used', async (args, usage) => {
  for (const option of ['--help', '-h']) {
    const { code, stdout, stderr } = await command.run([...args, option]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(usage);
  }
});

describe('a wrong command line is one sentence, and exit code 2', () => {
  test.each([
    [['explan', 'a.ts'], 'There is no command "explan", did you mean explain?'],
    [['publish'], 'There is no command "publish"; replaystack --help has all of them.'],
    [['--versoin'], "Unknown option '--versoin', did you mean --version?"],
    [['explain', '--dif', 'a.ts'], "Unknown option '--dif', did you mean --diff?"],
    [['explain', '--zzz', 'a.ts'], "Unknown option '--zzz'."],
    [['explain', 'a.ts', '--config'], "Option '--config <value>' argument missing."],
    [['explain', 'a.ts', '--json=yes'], "Option '--json' does not take an argument."],
    [['explain'], 'Name a file, a directory or a glob: replaystack explain src/server.ts'],
    [['symbolicate'], 'Name one file with events: replaystack symbolicate event.json --maps dist'],
    [['symbolicate', 'a', 'b'], 'Name one file with events: replaystack symbolicate event.json --maps dist'],
    [['symbolicate', 'a'], 'Say where the maps are: replaystack symbolicate event.json --maps dist'],
    [
      ['symbolicate', 'a', '--maps', '.', '--context', 'all'],
      '--context takes a number of lines, and not "all".',
    ],
  ])('%j', async (args, sentence) => {
    expect(await command.run(args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  test('nothing at all is answered with what there is', async () => {
    const { code, stdout, stderr } = await command.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: replaystack <command>');
  });
});
