/**
 * Reads the current commit out of a repository's own files. Build images often come without a git binary, and the binary
 * refuses a checkout that belongs to another user; the files answer in both cases. Nothing is ever written.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Env } from './values.ts';

export interface Repository {
  /** Where `HEAD` is: `.git`, or what a `.git` file points to. */
  gitDir: string;
  /** Where the branches are; differs from `gitDir` in a linked worktree. */
  commonDir: string;
  /** Top of the working tree; `undefined` when `GIT_DIR` alone says where the repository is. */
  top: string | undefined;
}

/** A hash; no commit yet; or something that only the git binary can read. */
export type Head = { hash: string } | 'unborn' | 'unreadable';

const HASH = /^(?:[\da-f]{40}|[\da-f]{64})$/i;

/** As deep as git itself follows one symbolic ref to the next. */
const MAX_SYMREFS = 5;

/** Finds the repository as git does: `GIT_DIR`, else the nearest `.git` at or above `root`. */
export async function findRepository(root: string, env: Env): Promise<Repository | undefined> {
  if (env.GIT_DIR) {
    const gitDir = await resolveGitDir(resolve(root, env.GIT_DIR));
    const top = env.GIT_WORK_TREE ? resolve(root, env.GIT_WORK_TREE) : undefined;
    if (gitDir !== undefined) return { gitDir, commonDir: await readCommonDir(gitDir, root, env), top };
  }
  for (let top = resolve(root); ; top = dirname(top)) {
    const gitDir = await resolveGitDir(join(top, '.git'));
    if (gitDir !== undefined) return { gitDir, commonDir: await readCommonDir(gitDir, root, env), top };
    if (top === dirname(top)) return undefined;
  }
}

/** The commit that is checked out. */
export async function readHead(repository: Repository): Promise<Head> {
  try {
    let text = await readText(join(repository.gitDir, 'HEAD'));
    for (let depth = 0; text !== undefined && depth <= MAX_SYMREFS; depth += 1) {
      if (HASH.test(text)) return { hash: text.toLowerCase() };
      const ref = /^ref:\s*(refs\/\S+)$/.exec(text)?.[1];
      // A reftable repository keeps its refs in binary tables and says so with a branch that cannot exist.
      if (ref === undefined || ref.endsWith('/.invalid') || ref.includes('..')) return 'unreadable';
      text = await readRef(repository, ref);
      if (text === undefined) return 'unborn';
    }
  } catch {
    // A file that is there but may not be read: the binary may know more.
  }
  return 'unreadable';
}

/** A few refs belong to one worktree (`refs/bisect/…`); branches and tags are common to all. Loose ones are newer. */
async function readRef({ gitDir, commonDir }: Repository, ref: string): Promise<string | undefined> {
  return (
    (await readText(join(gitDir, ref))) ??
    (await readText(join(commonDir, ref))) ??
    (await readPackedRef(commonDir, ref))
  );
}

/** The directory itself, or where a `gitdir:` file of a worktree or submodule points; `undefined` for anything else. */
async function resolveGitDir(path: string): Promise<string | undefined> {
  const entry = await stat(path).catch(() => undefined);
  // An empty `.git` directory is none, for git too.
  if (entry?.isDirectory()) return (await isFile(join(path, 'HEAD'))) ? path : undefined;
  if (!entry?.isFile()) return undefined;
  const text = await readText(path).catch(() => undefined);
  const target = /^gitdir:\s*(.+)$/.exec(text ?? '')?.[1];
  return target === undefined ? undefined : resolve(dirname(path), target);
}

async function readCommonDir(gitDir: string, root: string, env: Env): Promise<string> {
  if (env.GIT_COMMON_DIR) return resolve(root, env.GIT_COMMON_DIR);
  const target = await readText(join(gitDir, 'commondir')).catch(() => undefined);
  return target ? resolve(gitDir, target) : gitDir;
}

async function readPackedRef(commonDir: string, ref: string): Promise<string | undefined> {
  const packed = await readText(join(commonDir, 'packed-refs'));
  for (const line of packed?.split('\n') ?? []) {
    const [hash, name] = line.trim().split(' ');
    if (name === ref) return hash;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** A file without byte order mark and surrounding space; `undefined` when there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  try {
    // `trim` takes the byte order mark too.
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
