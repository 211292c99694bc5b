/**
 * Asks the git binary what its files do not tell by themselves. Every question only reads: no lock is taken, no hook or
 * file system monitor started, nothing fetched, nobody prompted; and it ends after a few seconds whatever happens.
 */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Env } from './values.ts';

/** What a question prints, or `undefined` when git cannot answer it. */
export type Git = (...args: string[]) => Promise<string | undefined>;

const TIMEOUT_MS = 5000;

/** More than any answer needs but a list of changed files, of which the first is enough. */
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Git as it answers in `root`; where there is no binary on the path, it answers nothing. */
export async function createGit(root: string, env: Env): Promise<Git> {
  const binary = await findBinary(env);
  if (binary === undefined) return async () => undefined;
  return (...args) => run(binary, args, root, env);
}

/** `HEAD` as a hash. */
export async function headOf(git: Git): Promise<string | undefined> {
  const hash = await git('rev-parse', '--verify', '--quiet', 'HEAD');
  return hash !== undefined && /^[\da-f]{40,64}$/.test(hash) ? hash : undefined;
}

/** Whether tracked files have changes that are not committed; untracked ones do not count. */
export async function isDirty(git: Git): Promise<boolean | undefined> {
  // Looking for renames reads file contents, which a partial clone would first have to fetch.
  const changes = await git('status', '--porcelain', '--untracked-files=no', '--no-renames');
  return changes === undefined ? undefined : changes !== '';
}

/** The nearest tag, with the distance to it: `v1.4.0-3-gdeadbee`. */
export function describe(git: Git): Promise<string | undefined> {
  return git('describe', '--tags');
}

/**
 * Looked up by hand, in absolute directories only: the system's own lookup may also run a `git` that lies in the
 * directory being built, on Windows always.
 */
async function findBinary(env: Env): Promise<string | undefined> {
  const windows = process.platform === 'win32';
  const path = env.PATH ?? (windows ? env.Path : undefined) ?? '';
  for (const directory of path.split(delimiter)) {
    if (!isAbsolute(directory)) continue;
    const candidate = join(directory, windows ? 'git.exe' : 'git');
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here: the next directory.
    }
  }
  return undefined;
}

function run(binary: string, args: string[], cwd: string, env: Env): Promise<string | undefined> {
  const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile(
      binary,
      ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...args],
      {
        cwd,
        env: { ...env, ...quiet },
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
      },
      (error, stdout) => {
        // Cut off for length is still an answer: there was something to print.
        const answered = !error || error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
        resolve(answered ? stdout.trim() : undefined);
      },
    );
  });
}
