/** A fixture application as its developer has it: a directory of its own, under git, with the packed plugin installed. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

export interface Project {
  dir: string;
  /** The commit that is checked out. */
  commit: string;
  /** Commits everything, and returns the new hash. */
  commitAll(): string;
  path(...segments: string[]): string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Replaces a text that must be there. */
  edit(file: string, before: string, after: string): void;
  /** Loads a module as the project's own CommonJS code would. */
  require: NodeJS.Require;
  /** Puts a package of the fixtures, or of the repository under another name, into the project's own node_modules. */
  link(name: string, target: string): void;
}

/** What a developer's machine sets, and nothing that could name a release or an API key. */
export function cleanEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), GIT_CONFIG_GLOBAL: devNull, ...more };
}

/**
 * Copies a fixture and commits it.
 *
 * @param fixture its folder under fixtures/
 * @param files written over the copy before the commit, by path
 */
export function createProject(fixture: string, files: Record<string, string> = {}): Project {
  const dir = join(mkdtempSync(join(inject('workspace'), 'project-')), basename(fixture));
  cpSync(join(fixtures, fixture), dir, {
    recursive: true,
    filter: (source) => !/[\\/](?:node_modules|dist|\.tmp)$/.test(source),
  });
  const project: Project = {
    dir,
    commit: '',
    commitAll() {
      git(dir, 'add', '.');
      git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'Work');
      return (project.commit = git(dir, 'rev-parse', 'HEAD'));
    },
    path: (...segments) => join(dir, ...segments),
    read: (file) => readFileSync(join(dir, file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    },
    edit(file, before, after) {
      const text = project.read(file);
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
      project.write(file, text.replace(before, after));
    },
    require: createRequire(join(dir, 'package.json')),
    link(name, target) {
      const folder = join(dir, 'node_modules', name);
      mkdirSync(dirname(folder), { recursive: true });
      const own = join(fixtures, target);
      symlinkSync(existsSync(own) ? own : join(inject('workspace'), 'node_modules', target), folder);
    },
  };
  // Of the larger frameworks, each application has what it needs.
  const installed = join(fixtures, fixture, 'node_modules');
  if (existsSync(installed)) symlinkSync(installed, project.path('node_modules'));
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  project.write('.gitignore', 'node_modules\ndist\n');
  git(dir, 'init', '--quiet');
  project.commitAll();
  return project;
}

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'core.hooksPath='];
  // The same files give the same commit, today and tomorrow.
  const date = '2026-01-01T00:00:00Z';
  const env = cleanEnvironment({ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' }).trim();
}

/** Runs a task as a bundler's command line would run: in the project's directory, with a clean environment. */
export async function inProject<T>(
  project: Project,
  task: () => Promise<T>,
  environment: Record<string, string> = {},
): Promise<T> {
  const { env } = process;
  const cwd = process.cwd();
  process.env = cleanEnvironment(environment);
  process.chdir(project.dir);
  try {
    return await task();
  } finally {
    process.chdir(cwd);
    process.env = env;
  }
}

/** Where a text first stands in a source file, from 1: the positions that frames and breadcrumbs are compared with. */
export function positionOf(project: Project, file: string, text: string): { line: number; column: number } {
  const before = project.read(file).split(text, 2);
  if (before.length < 2) throw new Error(`${file} has no ${text}`);
  const lines = (before[0] ?? '').split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
