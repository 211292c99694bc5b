/** Under which name each CI and hosting platform hands the commit to a build, and in which order they are asked. */
import { readFile } from 'node:fs/promises';
import { type Env, fromVariables, type Warn } from './values.ts';

/**
 * Variables that only one platform sets. Where a platform has two, the head of a pull request comes before the merge
 * commit that the platform made up for the build and that is in nobody's history.
 */
export const PLATFORM_VARIABLES: readonly (readonly [platform: string, ...variables: string[]])[] = [
  ['GitHub Actions', 'GITHUB_SHA'],
  ['GitLab CI, Woodpecker', 'CI_MERGE_REQUEST_SOURCE_BRANCH_SHA', 'CI_BUILD_REF', 'CI_COMMIT_SHA'],
  ['Bitbucket Pipelines', 'BITBUCKET_COMMIT'],
  ['AppVeyor', 'APPVEYOR_PULL_REQUEST_HEAD_COMMIT', 'APPVEYOR_REPO_COMMIT'],
  ['AWS CodeBuild', 'CODEBUILD_RESOLVED_SOURCE_VERSION'],
  ['AWS Amplify', 'AWS_COMMIT_ID'],
  ['Azure Pipelines', 'SYSTEM_PULLREQUEST_SOURCECOMMITID', 'BUILD_SOURCEVERSION'],
  ['Bitrise', 'GIT_CLONE_COMMIT_HASH', 'BITRISE_GIT_COMMIT'],
  ['Buddy', 'BUDDY_EXECUTION_REVISION'],
  ['Buildkite', 'BUILDKITE_COMMIT'],
  ['CircleCI', 'CIRCLE_SHA1'],
  ['Cirrus CI', 'CIRRUS_CHANGE_IN_REPO'],
  ['Codefresh', 'CF_REVISION'],
  ['Codemagic', 'CM_COMMIT'],
  ['Cloudflare Pages', 'CF_PAGES_COMMIT_SHA'],
  ['Cloudflare Workers Builds', 'WORKERS_CI_COMMIT_SHA'],
  ['Drone', 'DRONE_COMMIT_SHA'],
  ['Flightcontrol', 'FC_GIT_COMMIT_SHA'],
  ['Heroku', 'HEROKU_TEST_RUN_COMMIT_VERSION', 'HEROKU_BUILD_COMMIT', 'HEROKU_SLUG_COMMIT'],
  ['Railway', 'RAILWAY_GIT_COMMIT_SHA'],
  ['Render', 'RENDER_GIT_COMMIT'],
  ['Semaphore', 'SEMAPHORE_GIT_SHA'],
  ['Travis CI', 'TRAVIS_PULL_REQUEST_SHA', 'TRAVIS_COMMIT'],
  [
    'Vercel',
    'VERCEL_GIT_COMMIT_SHA',
    'VERCEL_GITHUB_COMMIT_SHA',
    'VERCEL_GITLAB_COMMIT_SHA',
    'VERCEL_BITBUCKET_COMMIT_SHA',
    'ZEIT_GITHUB_COMMIT_SHA',
    'ZEIT_GITLAB_COMMIT_SHA',
    'ZEIT_BITBUCKET_COMMIT_SHA',
  ],
];

/**
 * Variables of a platform whose names others use too, for a branch (`COMMIT_REF=main`) or a product's version: they are
 * asked last, and only believed when they hold a hash.
 */
export const SHARED_VARIABLES: readonly (readonly [platform: string, ...variables: string[]])[] = [
  ['CodeShip', 'CI_COMMIT_ID'],
  ['Coolify', 'SOURCE_COMMIT'],
  ['Heroku', 'SOURCE_VERSION'],
  ['Jenkins', 'JENKINS_GIT_COMMIT', 'GIT_COMMIT'],
  ['Netlify', 'COMMIT_REF'],
  ['TeamCity', 'BUILD_VCS_NUMBER'],
];

const HASH = /^[\da-f]{6,64}$/i;

/** The commit that the platform says it is building, or `undefined` outside the platforms above. */
export async function commitFromPlatform(env: Env, warn: Warn): Promise<string | undefined> {
  const head = await pullRequestHead(env);
  if (head !== undefined) return head;
  for (const [, ...names] of PLATFORM_VARIABLES) {
    for (const name of names) {
      const value = fromVariables(env, [name], warn);
      // Amplify and Buildkite write HEAD for a build that was started by hand.
      if (value !== undefined && value !== 'HEAD') return value;
    }
  }
  for (const [, ...names] of SHARED_VARIABLES) {
    for (const name of names) {
      const value = fromVariables(env, [name], warn);
      if (value !== undefined && HASH.test(value)) return value;
    }
  }
  return undefined;
}

/** In a pull request `GITHUB_SHA` is a merge commit made for the run; the head is in the event's payload alone. */
async function pullRequestHead(env: Env): Promise<string | undefined> {
  if (!env.GITHUB_EVENT_NAME?.startsWith('pull_request') || !env.GITHUB_EVENT_PATH) return undefined;
  try {
    const payload = JSON.parse(await readFile(env.GITHUB_EVENT_PATH, 'utf8')) as {
      pull_request?: { head?: { sha?: unknown } };
    };
    const sha = payload.pull_request?.head?.sha;
    return typeof sha === 'string' && HASH.test(sha) ? sha : undefined;
  } catch {
    return undefined;
  }
}
