/** A process that dies of an error dies in the same way, and shows the same place in the author's file. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';
import type { Workspace } from '../../support/transform-workspace.ts';
import { ACTIVE, createWorkspace } from '../../support/transform-workspace.ts';

const PROGRAMS = {
  'a rejection that nobody handles': `
    exports.f = async (id) => {
      await null;
      throw new TypeError('nobody handles ' + id);
    };
    exports.g = async () => exports.f(1);
    exports.g();
  `,
  'a synchronous throw': `
    // @replaystack-capture
    exports.f = (id) => {
      if (id)
        throw new RangeError('thrown');
      return 1;
    };
    // @replaystack-capture
    function g() {
      return exports.f(1);
    }
    g();
  `,
  'an async function that throws at once': `
    exports.f = async () => {
      throw Object.assign(new Error('at once'), { code: 'E_ONCE' });
    };
    exports.f().catch((error) => {
      throw error;
    });
  `,
  'something that is no error': `
    exports.f = async () => {
      throw { status: 418 };
    };
    exports.f();
  `,
  'no error at all': `
    exports.f = async (id) => {
      return Promise.reject(new Error(id));
    };
    exports.f('handled').catch((error) => console.log(error.message));
  `,
} as const;

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
});

afterAll(() => workspace.remove());

function run(version: string, code: string, environment: NodeJS.ProcessEnv): object {
  const directory = join(workspace.directory, version);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'program.cjs');
  writeFileSync(file, code);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });
  // Columns are for maps to find, and lines stay.
  return { status, stdout, stderr: stderr.replaceAll(directory, '').replaceAll(/(:\d+):\d+\)/g, '$1)') };
}

describe('H40: the end of a process', () => {
  test.each(Object.entries(PROGRAMS))('by %s', async (_, code) => {
    const output = (await transform(code, 'program.cjs'))?.output?.code ?? '';
    expect(output).toContain('$rsEnter');
    const before = run('input', code, {});
    expect(run('output', output, {})).toEqual(before);
    expect(run('output', output, ACTIVE)).toEqual(before);
  });
});
