/** Real git repositories in a temporary directory, untouched by the configuration of whoever runs the tests. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Sandbox {
  root: string;
  /** The environment of a build: the git binary is on the path, and nothing of the outside is set. */
  env: Record<string, string | undefined>;
  /** Runs git in a directory of the sandbox and returns what it prints. */
  git(directory: string, ...args: string[]): string;
  /** Writes a file, with its directories, and returns its path. */
  write(path: string, text: string): string;
  /** A directory to put on the path, in which `git` is this shell script. */
  stub(script: string): string;
  remove(): void;
}

export function createSandbox(): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'replaystack-release-')));
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  const identity = [
    'user.name=Ada',
    'user.email=ada@example.com',
    'protocol.file.allow=always',
    'init.defaultBranch=main',
  ];
  const write = (path: string, text: string) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return {
    root,
    env,
    git: (directory, ...args) =>
      execFileSync('git', [...identity.flatMap((value) => ['-c', value]), ...args], {
        cwd: join(root, directory),
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim(),
    write,
    stub(script) {
      const binary = write(`stub-${Math.random().toString(36).slice(2)}/git`, `#!/bin/sh\n${script}\n`);
      chmodSync(binary, 0o755);
      return dirname(binary);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A repository with one commit, in the directory of this name. Returns the hash of the commit. */
export function commitSomething(sandbox: Sandbox, name: string, ...initArgs: string[]): string {
  sandbox.write(`${name}/package.json`, JSON.stringify({ name: '@shop/orders', version: '1.4.0' }));
  sandbox.git('.', 'init', '--quiet', ...initArgs, name);
  sandbox.git(name, 'add', '.');
  sandbox.git(name, 'commit', '--quiet', '-m', 'First');
  return sandbox.git(name, 'rev-parse', 'HEAD');
}
