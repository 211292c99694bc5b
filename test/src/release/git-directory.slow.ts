import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRepository, readHead } from '../../../src/release/git-directory.ts';
import { commitSomething, createSandbox, type Sandbox } from '../../support/git-repository.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

/** What the files say, read from a directory of the sandbox. */
async function read(directory: string, env: Record<string, string> = {}) {
  const repository = await findRepository(join(sandbox.root, directory), env);
  return repository && readHead(repository);
}

/** Each makes a repository of the name given, and returns the directory to build in. */
const layouts: Record<string, (name: string) => string> = {
  'a branch': (name) => {
    commitSomething(sandbox, name);
    return name;
  },
  'a directory below the top': (name) => {
    commitSomething(sandbox, name);
    sandbox.write(`${name}/packages/api/index.ts`, '');
    return `${name}/packages/api`;
  },
  'a branch with slashes and letters of other alphabets': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'switch', '--quiet', '-c', 'feature/größe/№1');
    return name;
  },
  'a detached HEAD': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'checkout', '--quiet', '--detach');
    return name;
  },
  'packed refs': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'tag', '-a', 'main-1', '-m', 'An annotated tag, which has a peeled line');
    sandbox.git(name, 'branch', 'main-2');
    sandbox.git(name, 'pack-refs', '--all');
    rmSync(join(sandbox.root, name, '.git/refs/heads/main'), { force: true });
    return name;
  },
  'a loose ref that is newer than the packed one': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'pack-refs', '--all');
    sandbox.git(name, 'commit', '--quiet', '--allow-empty', '-m', 'Second');
    return name;
  },
  'a branch that is a symbolic ref to another': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'symbolic-ref', 'refs/heads/current', 'refs/heads/main');
    sandbox.git(name, 'symbolic-ref', 'HEAD', 'refs/heads/current');
    return name;
  },
  'SHA-256 hashes': (name) => {
    commitSomething(sandbox, name, '--object-format=sha256');
    return name;
  },
  'a linked worktree': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'worktree', 'add', '--quiet', '-b', 'topic', `../${name}-topic`);
    sandbox.git(`${name}-topic`, 'commit', '--quiet', '--allow-empty', '-m', 'Second');
    return `${name}-topic`;
  },
  'a linked worktree with packed refs': (name) => {
    commitSomething(sandbox, name);
    sandbox.git(name, 'worktree', 'add', '--quiet', '-b', 'topic', `../${name}-topic`);
    sandbox.git(name, 'pack-refs', '--all');
    return `${name}-topic`;
  },
  'a submodule': (name) => {
    commitSomething(sandbox, `${name}-library`);
    sandbox.git(`${name}-library`, 'commit', '--quiet', '--allow-empty', '-m', 'Not the one above it');
    commitSomething(sandbox, name);
    sandbox.git(name, 'submodule', '--quiet', 'add', `../${name}-library`, 'vendor/library');
    return `${name}/vendor/library`;
  },
  'a separate git directory': (name) => {
    commitSomething(sandbox, name, `--separate-git-dir=${name}.git`);
    return name;
  },
  'a shallow clone': (name) => {
    commitSomething(sandbox, `${name}-origin`);
    sandbox.git(`${name}-origin`, 'commit', '--quiet', '--allow-empty', '-m', 'Second');
    sandbox.git('.', 'clone', '--quiet', '--depth=1', `file://${sandbox.root}/${name}-origin`, name);
    return name;
  },
};

describe('says what `git rev-parse HEAD` says in', () => {
  test.each(Object.keys(layouts).map((layout, index) => [layout, `layout-${index}`] as const))(
    '%s',
    async (layout, name) => {
      const directory = layouts[layout]?.(name) ?? '';
      expect(await read(directory)).toEqual({ hash: sandbox.git(directory, 'rev-parse', 'HEAD') });
    },
  );
});

test('files written on Windows, with CRLF and a byte order mark, are read all the same', async () => {
  const hash = commitSomething(sandbox, 'windows');
  sandbox.git('windows', 'worktree', 'add', '--quiet', '-b', 'topic', '../windows-topic');
  sandbox.git('windows', 'pack-refs', '--all');
  const files = ['packed-refs', 'worktrees/windows-topic/HEAD', 'worktrees/windows-topic/commondir'];
  for (const file of [...files.map((path) => `windows/.git/${path}`), 'windows-topic/.git']) {
    const path = join(sandbox.root, file);
    writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
  }
  expect(await read('windows-topic')).toEqual({ hash });
});

test('GIT_DIR says where the repository is, relative to the project', async () => {
  const hash = commitSomething(sandbox, 'elsewhere');
  sandbox.write('app/index.ts', '');
  expect(await read('app')).toBeUndefined();
  expect(await read('app', { GIT_DIR: '../elsewhere/.git' })).toEqual({ hash });
});

test('GIT_COMMON_DIR says where the branches are', async () => {
  const hash = commitSomething(sandbox, 'common');
  sandbox.write('common-head/HEAD', 'ref: refs/heads/main\n');
  expect(await read('.', { GIT_DIR: 'common-head', GIT_COMMON_DIR: 'common/.git' })).toEqual({ hash });
});

test('a GIT_DIR that leads nowhere, as a hook leaves it to builds in subdirectories, is passed over', async () => {
  const hash = commitSomething(sandbox, 'hook');
  sandbox.write('hook/packages/api/index.ts', '');
  expect(await read('hook/packages/api', { GIT_DIR: '.git' })).toEqual({ hash });
});

test('an empty .git directory is no repository: the one above counts', async () => {
  const hash = commitSomething(sandbox, 'outer');
  sandbox.write('outer/inner/.git/nothing', '');
  expect(await read('outer/inner')).toEqual({ hash });
});

test('a branch without a commit is unborn', async () => {
  sandbox.git('.', 'init', '--quiet', 'unborn');
  expect(await read('unborn')).toBe('unborn');
});

describe('leaves to the binary', () => {
  test('refs in the reftable format', async () => {
    sandbox.write('reftable/.git/HEAD', 'ref: refs/heads/.invalid\n');
    sandbox.write('reftable/.git/reftable/tables.list', '0x000000000001-0x000000000002-40f7e3a7.ref\n');
    expect(await read('reftable')).toBe('unreadable');
  });

  test('symbolic refs in a circle', async () => {
    commitSomething(sandbox, 'circle');
    writeFileSync(join(sandbox.root, 'circle/.git/refs/heads/main'), 'ref: refs/heads/main\n');
    expect(await read('circle')).toBe('unreadable');
  });

  test('a worktree whose repository has been moved away', async () => {
    commitSomething(sandbox, 'moved');
    sandbox.git('moved', 'worktree', 'add', '--quiet', '-b', 'topic', '../moved-topic');
    renameSync(join(sandbox.root, 'moved'), join(sandbox.root, 'moved-away'));
    expect(await read('moved-topic')).toBe('unreadable');
  });

  test('a damaged ref', async () => {
    commitSomething(sandbox, 'damaged');
    writeFileSync(join(sandbox.root, 'damaged/.git/refs/heads/main'), '');
    expect(await read('damaged')).toBe('unreadable');
  });

  test('a ref that would lead out of the repository', async () => {
    commitSomething(sandbox, 'outside');
    sandbox.write('outside/hash', '0123456789'.repeat(4));
    writeFileSync(join(sandbox.root, 'outside/.git/HEAD'), 'ref: refs/../../hash\n');
    expect(await read('outside')).toBe('unreadable');
  });
});

test('the top of the working tree is where package.json is looked for last', async () => {
  commitSomething(sandbox, 'top');
  sandbox.write('top/src/index.ts', '');
  const top = join(sandbox.root, 'top');
  expect(await findRepository(join(top, 'src'), {})).toMatchObject({ top });
  const env = { GIT_DIR: join(top, '.git'), GIT_WORK_TREE: top };
  expect(await findRepository(sandbox.root, env)).toMatchObject({ top });
});

test('of thousands of packed refs, the one that is checked out is found', async () => {
  const hash = commitSomething(sandbox, 'many');
  sandbox.git('many', 'pack-refs', '--all');
  const others = Array.from(
    { length: 20_000 },
    (_, n) => `${'0'.repeat(40)} refs/remotes/origin/main-${n}\n`,
  );
  appendFileSync(join(sandbox.root, 'many/.git/packed-refs'), others.join(''));
  expect(await read('many')).toEqual({ hash });
});
