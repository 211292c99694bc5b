/**
 * Which release is being built: the plugin's `release` option, then variables, then the repository and package.json.
 * No remote is ever read, so that no credential in one can reach a bundle.
 */
import type { Release } from '../../runtime/protocol.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { commitFromPlatform } from './ci.ts';
import { createGit, describe, type Git, headOf, isDirty } from './git-binary.ts';
import { findRepository, readHead, type Repository } from './git-directory.ts';
import { readPackage } from './package.ts';
import { type Env, fromVariables, toValue, type Warn } from './values.ts';

/** The plugin option `release`: whatever is set here wins over what the build finds. */
export interface ReleaseOptions {
  /**
   * Commit that is being built.
   *
   * Environment: `REPLAYSTACK_COMMIT_HASH`, `COMMIT_HASH`, then the variables of CI and hosting platforms.
   * @default the current commit of the git repository
   */
  commitHash?: string | undefined;
  /**
   * Version of the application.
   *
   * Environment: `REPLAYSTACK_APP_VERSION`, `APP_VERSION`.
   * @default `version` of the nearest package.json that has one, else `git describe --tags`
   */
  appVersion?: string | undefined;
  /**
   * Name under which events appear.
   *
   * Environment: `REPLAYSTACK_SERVICE_NAME`.
   * @default `name` of the nearest package.json that has one, without its scope
   */
  serviceName?: string | undefined;
  /**
   * Environment to write into the bundle. Leave it out for a bundle that is promoted from stage to stage: then the running
   * process decides, by `REPLAYSTACK_ENVIRONMENT` or `NODE_ENV`.
   * @default none
   */
  environment?: string | undefined;
}

export interface ReleaseContext {
  /** Absolute directory in which the bundler runs. */
  root: string;
  env: Env;
  options?: ReleaseOptions | undefined;
  warn: Warn;
}

/**
 * Resolves what the build can say about the release. A value that no source has is absent. When no commit can be told,
 * there is exactly one warning about it. `dirty` is about the tree that is built, so it is there whenever a repository
 * and a git binary are, wherever the hash came from. Never rejects, never prompts, never writes.
 */
export async function resolveRelease(context: ReleaseContext): Promise<Release> {
  const { env, options = {}, root, warn } = context;
  const [repository, git] = await Promise.all([findRepository(root, env), createGit(root, env)]);
  // Asked at once: it takes longest, and the rest needs nothing of it.
  const changed = isDirty(git);

  const commitHash =
    toValue(options.commitHash, 'release.commitHash', warn) ??
    fromVariables(env, ['REPLAYSTACK_COMMIT_HASH', 'COMMIT_HASH'], warn) ??
    (await commitFromPlatform(env, warn)) ??
    (await commitFromGit(repository, git, warn));

  const manifest = await readPackage(root, repository?.top, warn);
  const appVersion =
    toValue(options.appVersion, 'release.appVersion', warn) ??
    fromVariables(env, ['REPLAYSTACK_APP_VERSION', 'APP_VERSION'], warn) ??
    manifest.version ??
    toValue(await describe(git), 'git describe', warn);

  const serviceName =
    toValue(options.serviceName, 'release.serviceName', warn) ??
    fromVariables(env, ['REPLAYSTACK_SERVICE_NAME'], warn) ??
    manifest.name;

  const environment = toValue(options.environment, 'release.environment', warn);
  const dirty = await changed;

  return {
    ...(commitHash !== undefined && { commitHash }),
    ...(appVersion !== undefined && { appVersion }),
    ...(serviceName !== undefined && { serviceName }),
    ...(environment !== undefined && { environment }),
    ...(dirty !== undefined && { dirty }),
  };
}

async function commitFromGit(
  repository: Repository | undefined,
  git: Git,
  warn: Warn,
): Promise<string | undefined> {
  const head = repository ? await readHead(repository) : 'unreadable';
  if (typeof head === 'object') return head.hash;
  const hash = head === 'unborn' ? undefined : await headOf(git);
  if (hash === undefined) warn(formatDiagnostic(noCommitCode(repository, head), {}));
  return hash;
}

function noCommitCode(repository: Repository | undefined, head: 'unborn' | 'unreadable') {
  if (repository === undefined) return 'RS1101';
  return head === 'unborn' ? 'RS1102' : 'RS1103';
}
