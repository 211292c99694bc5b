import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitFromPlatform, PLATFORM_VARIABLES, SHARED_VARIABLES } from '../../../src/release/ci.ts';
import { createSandbox, type Sandbox } from '../../support/git-repository.ts';

const warn = (message: string) => expect.unreachable(message);

const variables = [...PLATFORM_VARIABLES, ...SHARED_VARIABLES].flatMap(([platform, ...names]) =>
  names.map((name) => ({ platform, name })),
);

/** A different hash for each place in the table. */
const hashOf = (index: number) => (index + 1).toString(16).padStart(40, 'a');

describe('each variable is read, and wins over all that come after it', () => {
  test.each(variables.map((variable, index) => ({ ...variable, index })))(
    '$name ($platform)',
    async ({ index }) => {
      const rest = variables.slice(index).map(({ name }, offset) => [name, hashOf(index + offset)] as const);
      expect(await commitFromPlatform(Object.fromEntries(rest), warn)).toBe(hashOf(index));
    },
  );
});

test('no variable is named twice', () => {
  expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
});

test.each([
  ['Azure Pipelines', 'SYSTEM_PULLREQUEST_SOURCECOMMITID', 'BUILD_SOURCEVERSION'],
  ['GitLab CI', 'CI_MERGE_REQUEST_SOURCE_BRANCH_SHA', 'CI_COMMIT_SHA'],
  ['AppVeyor', 'APPVEYOR_PULL_REQUEST_HEAD_COMMIT', 'APPVEYOR_REPO_COMMIT'],
  ['Travis CI', 'TRAVIS_PULL_REQUEST_SHA', 'TRAVIS_COMMIT'],
])('%s: the head of a pull request wins over the merge commit', async (_, head, merge) => {
  expect(await commitFromPlatform({ [merge]: hashOf(1), [head]: hashOf(2) }, warn)).toBe(hashOf(2));
});

test('outside the platforms there is no answer', async () => {
  expect(await commitFromPlatform({ PATH: '/usr/bin', CI: 'true' }, warn)).toBeUndefined();
});

describe('what is no commit is passed over:', () => {
  test.each([
    ['nothing', ''],
    ['spaces', '  '],
    ['the name of the variable itself', 'CF_PAGES_COMMIT_SHA'],
    ['a variable that the shell did not expand', '$CF_PAGES_COMMIT_SHA'],
    ['the same in braces', '${CF_PAGES_COMMIT_SHA}'],
    ['a macro of Azure Pipelines', '$(Build.SourceVersion)'],
    ['an expression of GitHub Actions', '${{ github.sha }}'],
    ['a variable that cmd.exe did not expand', '%CF_PAGES_COMMIT_SHA%'],
    ['what `process.env.X = undefined` leaves', 'undefined'],
    ['the word for "whatever is newest"', 'HEAD'],
  ])('%s', async (_, value) => {
    const env = { CF_PAGES_COMMIT_SHA: value, RENDER_GIT_COMMIT: hashOf(1) };
    expect(await commitFromPlatform(env, warn)).toBe(hashOf(1));
  });

  test('a branch, in a variable whose name is anybody’s', async () => {
    const env = { GIT_COMMIT: 'main', COMMIT_REF: hashOf(1) };
    expect(await commitFromPlatform(env, warn)).toBe(hashOf(1));
  });
});

describe('GitHub pull requests', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = createSandbox();
  });
  afterAll(() => sandbox.remove());

  const head = 'b'.repeat(40);
  const merge = 'c'.repeat(40);
  const payload = JSON.stringify({ number: 7, pull_request: { head: { ref: 'topic', sha: head } } });

  /** The commit in a run for this event, with this file as its payload. */
  function commitOf(event: string, text: string) {
    const env = {
      GITHUB_SHA: merge,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: sandbox.write('event.json', text),
    };
    return commitFromPlatform(env, warn);
  }

  test.each(['pull_request', 'pull_request_target'])(
    '%s: the head is in the payload, GITHUB_SHA is a merge commit made for the run',
    async (event) => {
      expect(await commitOf(event, payload)).toBe(head);
    },
  );

  test('other events keep GITHUB_SHA', async () => {
    expect(await commitOf('push', payload)).toBe(merge);
  });

  test.each([
    ['is no JSON', '{'],
    ['is about something else', '{"pull_request":null}'],
    ['holds no hash', '{"pull_request":{"head":{"sha":"refs/heads/topic"}}}'],
  ])('GITHUB_SHA is used when the payload %s', async (_, text) => {
    expect(await commitOf('pull_request', text)).toBe(merge);
  });

  test('GITHUB_SHA is used when there is no payload', async () => {
    const env = { GITHUB_SHA: merge, GITHUB_EVENT_NAME: 'pull_request' };
    expect(await commitFromPlatform(env, warn)).toBe(merge);
    const missing = { ...env, GITHUB_EVENT_PATH: `${sandbox.root}/missing.json` };
    expect(await commitFromPlatform(missing, warn)).toBe(merge);
  });
});
