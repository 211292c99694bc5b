import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReleaseOptions, resolveRelease } from '../../../src/release/index.ts';
import { commitSomething, createSandbox, type Sandbox } from '../../support/git-repository.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

/** Resolves in a directory of the sandbox. Without a git binary, unless the environment says otherwise. */
async function resolve(directory: string, env: Record<string, string | undefined>, options?: ReleaseOptions) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const release = await resolveRelease({ root: join(sandbox.root, directory), env, options, warn });
  return { release, warnings };
}

const withoutGit = { PATH: '' };

describe('commitHash', () => {
  test('option, REPLAYSTACK_COMMIT_HASH, COMMIT_HASH, the CI platform, git: in this order', async () => {
    const head = commitSomething(sandbox, 'order');
    const env: Record<string, string> = {
      ...withoutGit,
      REPLAYSTACK_COMMIT_HASH: 'aaaaaa1',
      COMMIT_HASH: 'aaaaaa2',
      GITHUB_SHA: 'aaaaaa3',
    };
    const commit = async (options?: ReleaseOptions) =>
      (await resolve('order', env, options)).release.commitHash;
    expect(await commit({ commitHash: 'aaaaaa0' })).toBe('aaaaaa0');
    expect(await commit({ commitHash: '' })).toBe('aaaaaa1');
    delete env.REPLAYSTACK_COMMIT_HASH;
    expect(await commit()).toBe('aaaaaa2');
    env.COMMIT_HASH = '$COMMIT_HASH';
    expect(await commit()).toBe('aaaaaa3');
    delete env.GITHUB_SHA;
    expect(await commit()).toBe(head);
  });

  test('a repository that belongs to somebody else: the binary refuses it, its files do not', async () => {
    const commitHash = commitSomething(sandbox, 'dubious');
    const env = { ...sandbox.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    const { release, warnings } = await resolve('dubious', env);
    expect(release).toEqual({ commitHash, appVersion: '1.4.0', serviceName: 'orders' });
    expect(warnings).toEqual([]);
  });

  test('what the files do not tell, the binary is asked for', async () => {
    sandbox.write('reftable/.git/HEAD', 'ref: refs/heads/.invalid\n');
    const commitHash = 'e'.repeat(40);
    const git = sandbox.stub(`case "$*" in *rev-parse*) echo ${commitHash};; *) exit 128;; esac`);
    const { release, warnings } = await resolve('reftable', { PATH: git });
    expect(release).toEqual({ commitHash });
    expect(warnings).toEqual([]);
  });

  describe('there is one warning, which says what to set, when no commit can be told:', () => {
    const fix = /[Ss]et `release: \{ commitHash \}` or REPLAYSTACK_COMMIT_HASH/;

    test('outside a repository', async () => {
      mkdirSync(join(sandbox.root, 'plain'));
      const env = { ...sandbox.env, GIT_CEILING_DIRECTORIES: sandbox.root };
      const { release, warnings } = await resolve('plain', env);
      expect(release).not.toHaveProperty('commitHash');
      expect(release).not.toHaveProperty('dirty');
      expect(warnings).toEqual([
        expect.stringMatching(/^\[replaystack\] RS1101 .*COMMIT_HASH.* CI .*git repo/),
      ]);
      expect(warnings[0]).toMatch(fix);
    });

    test('before the first commit', async () => {
      sandbox.git('.', 'init', '--quiet', 'unborn');
      const { release, warnings } = await resolve('unborn', sandbox.env);
      expect(release).toEqual({ dirty: false });
      expect(warnings).toEqual([expect.stringContaining('RS1102')]);
      expect(warnings[0]).toMatch(fix);
    });

    test('in a repository that cannot be read', async () => {
      sandbox.write('unreadable/.git', 'gitdir: ../gone/.git/worktrees/unreadable\n');
      for (const env of [withoutGit, sandbox.env]) {
        const { release, warnings } = await resolve('unreadable', env);
        expect(release).toEqual({});
        expect(warnings).toEqual([expect.stringContaining('RS1103')]);
        expect(warnings[0]).toMatch(fix);
      }
    });
  });
});

describe('dirty', () => {
  test('changes of tracked files count, staged or not; untracked files do not', async () => {
    const commitHash = commitSomething(sandbox, 'dirty');
    const dirty = async () => (await resolve('dirty', sandbox.env)).release.dirty;
    expect(await dirty()).toBe(false);
    sandbox.write('dirty/untracked.txt', '');
    expect(await dirty()).toBe(false);
    sandbox.git('dirty', 'add', 'untracked.txt');
    expect(await dirty()).toBe(true);
    sandbox.git('dirty', 'reset', '--quiet');
    sandbox.write('dirty/package.json', '{}');
    expect(await dirty()).toBe(true);
    // It is about the tree that is built, also where CI says which commit that is.
    expect((await resolve('dirty', { ...sandbox.env, GITHUB_SHA: commitHash })).release.dirty).toBe(true);
  });

  test('cannot be told without the binary', async () => {
    commitSomething(sandbox, 'no-binary');
    expect((await resolve('no-binary', withoutGit)).release).not.toHaveProperty('dirty');
  });

  test('a list of changes without an end is a yes', async () => {
    commitSomething(sandbox, 'endless');
    const git = sandbox.stub("exec yes ' M file.ts'");
    expect((await resolve('endless', { PATH: [git, sandbox.env.PATH].join(delimiter) })).release.dirty).toBe(
      true,
    );
  });
});

describe('the git binary', () => {
  test('does not write to the repository, though its index is out of date, nor run its file system monitor', async () => {
    commitSomething(sandbox, 'read-only');
    const file = (path: string) => join(sandbox.root, 'read-only', path);
    sandbox.git('read-only', 'config', 'core.fsmonitor', `touch ${file('monitor-was-here')}; true`);
    utimesSync(file('package.json'), 1, 1);
    const index = readFileSync(file('.git/index'));
    expect((await resolve('read-only', sandbox.env)).release.dirty).toBe(false);
    expect(readFileSync(file('.git/index'))).toEqual(index);
    expect(existsSync(file('monitor-was-here'))).toBe(false);
  });

  test('is never one that lies in the project', async () => {
    commitSomething(sandbox, 'planted');
    const script = `#!/bin/sh\n: > ${join(sandbox.root, 'planted-was-run')}\n`;
    writeFileSync(join(sandbox.root, 'planted/git'), script, { mode: 0o755 });
    const before = process.cwd();
    process.chdir(join(sandbox.root, 'planted'));
    await resolve('planted', { PATH: ['', '.'].join(delimiter) }).finally(() => process.chdir(before));
    expect(existsSync(join(sandbox.root, 'planted-was-run'))).toBe(false);
  });

  test('is not waited for when it hangs', async () => {
    const commitHash = commitSomething(sandbox, 'hanging');
    const git = sandbox.stub('exec sleep 600');
    const { release } = await resolve('hanging', { PATH: [git, sandbox.env.PATH].join(delimiter) });
    expect(release).toEqual({ commitHash, appVersion: '1.4.0', serviceName: 'orders' });
  });
});

describe('appVersion', () => {
  test('option, REPLAYSTACK_APP_VERSION, APP_VERSION, package.json: in this order', async () => {
    commitSomething(sandbox, 'version');
    const env: Record<string, string> = {
      ...withoutGit,
      REPLAYSTACK_APP_VERSION: '2.0.0',
      APP_VERSION: '3.0.0',
    };
    const version = async (options?: ReleaseOptions) =>
      (await resolve('version', env, options)).release.appVersion;
    expect(await version({ appVersion: ' 1.0.0 ' })).toBe('1.0.0');
    expect(await version()).toBe('2.0.0');
    env.REPLAYSTACK_APP_VERSION = '';
    expect(await version()).toBe('3.0.0');
    delete env.APP_VERSION;
    expect(await version()).toBe('1.4.0');
  });

  test('the nearest tag, when no package.json has a version', async () => {
    commitSomething(sandbox, 'tagged');
    sandbox.write('tagged/package.json', '{"name":"orders"}');
    sandbox.git('tagged', 'commit', '--quiet', '-a', '-m', 'No version');
    sandbox.git('tagged', 'tag', 'v5.0.0');
    expect((await resolve('tagged', sandbox.env)).release.appVersion).toBe('v5.0.0');
    expect((await resolve('tagged', withoutGit)).release).not.toHaveProperty('appVersion');
  });

  test('a URL that somebody sets as version loses its credentials', async () => {
    const env = { ...withoutGit, APP_VERSION: 'https://ada:s3cret@ci.example.com/builds/14' };
    const { release } = await resolve('.', env, { commitHash: 'aaaaaa0' });
    expect(release.appVersion).toBe('https://ci.example.com/builds/14');
  });
});

test('serviceName: option, REPLAYSTACK_SERVICE_NAME, package.json without the scope: in this order', async () => {
  commitSomething(sandbox, 'service');
  const env: Record<string, string> = { ...withoutGit, REPLAYSTACK_SERVICE_NAME: 'checkout' };
  const name = async (options?: ReleaseOptions) =>
    (await resolve('service', env, options)).release.serviceName;
  expect(await name({ serviceName: 'billing' })).toBe('billing');
  expect(await name()).toBe('checkout');
  delete env.REPLAYSTACK_SERVICE_NAME;
  expect(await name()).toBe('orders');
});

test('environment: the option alone, since the same bundle may run in several', async () => {
  commitSomething(sandbox, 'environment');
  const env = { ...withoutGit, NODE_ENV: 'production', REPLAYSTACK_ENVIRONMENT: 'staging' };
  expect((await resolve('environment', env)).release).not.toHaveProperty('environment');
  expect((await resolve('environment', env, { environment: 'preview' })).release.environment).toBe('preview');
});

test('no remote is read: credentials in its URL cannot reach the bundle', async () => {
  commitSomething(sandbox, 'remote');
  sandbox.git('remote', 'remote', 'add', 'origin', 'https://ada:s3cret@git.example.com/shop.git');
  expect(JSON.stringify(await resolve('remote', sandbox.env))).not.toContain('s3cret');
});
