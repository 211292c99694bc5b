/** The release in a bundle: it reaches every event, and a new commit changes one place in one file and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, type BuildResult, bundlerNames } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const request = { entry: { main: 'src/main.js' }, hashes: true };

describe.each(bundlerNames)('two commits built by %s', (bundler) => {
  let project: Project;
  let receiver: Receiver;
  const commits: string[] = [];
  const builds: BuildResult[] = [];

  beforeAll(async () => {
    receiver = await startReceiver();
    project = createProject('apps/chunks');
    commits.push(project.commit);
    builds.push(await build(project, bundler, { ...request, outDir: 'dist/first' }));
    // Whatever happens to a repository between two releases, but for the code.
    project.edit('package.json', '1.4.0', '2.0.0-beta.12+build.7');
    project.write('README.md', 'Hello');
    commits.push(project.commitAll());
    builds.push(await build(project, bundler, { ...request, outDir: 'dist/second' }));
  });

  afterAll(async () => receiver?.close());

  test('have several chunks, of the same names, with hashes in them', () => {
    const [first, second] = builds.map(({ files }) => Object.keys(files)) as [string[], string[]];
    expect(first.filter((name) => /\.[cm]js$/.test(name)).length).toBeGreaterThanOrEqual(3);
    expect(first.every((name) => /[.-][\w-]{8,}\.[cm]js(\.map)?$/.test(name))).toBe(true);
    expect(second).toEqual(first);
  });

  test('differ in the text of one chunk, and there in the release alone', () => {
    const [first, second] = builds.map(({ files }) => files) as [
      Record<string, string>,
      Record<string, string>,
    ];
    const differing = Object.keys(first).filter((name) => first[name] !== second[name]);
    expect(differing).toEqual([expect.stringMatching(/\.[cm]js$/)]);
    const [name = ''] = differing;
    const [before = '', after = ''] = [first[name], second[name]];
    expect(after).toHaveLength(before.length);
    const release = /%7B%22commitHash%22[\w%.-]*[\w%]/g;
    expect(before.match(release)).toHaveLength(1);
    expect(after.replace(release, '').replaceAll(' ', '')).toBe(
      before.replace(release, '').replaceAll(' ', ''),
    );
  });

  test('send events that name their own commit and version', async () => {
    for (const [index, { file }] of builds.entries()) {
      const { code, stdout, stderr } = await run(project.dir, [file], {
        REPLAYSTACK_API_KEY: 'rs_test',
        REPLAYSTACK_ENDPOINT: receiver.url,
      });
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'reported by report:2\nfailed: no invoice for 2026-11\n',
        stderr: '',
      });
      const event = await receiver.waitFor(({ commitHash }) => commitHash === commits[index]);
      expect(event).toMatchObject({
        errorMessage: 'no invoice for 2026-11',
        serviceName: 'chunks',
        appVersion: index === 0 ? '1.4.0' : '2.0.0-beta.12+build.7',
        stackFrames: [{ functionName: 'invoice', fileName: 'src/invoice.js', lineNumber: 5 }, {}],
      });
    }
    expect(receiver.events).toHaveLength(2);
  });

  test('are no different from each other when nothing was committed between them, wherever they are built', async () => {
    const again = await build(project, bundler, { ...request, outDir: 'dist/third' });
    expect(again.files).toEqual(builds[1]?.files);
    const elsewhere = createProject('apps/chunks', {
      'package.json': project.read('package.json'),
      'README.md': 'Hello',
    });
    const commit = { REPLAYSTACK_COMMIT_HASH: project.commit };
    const copy = await build(elsewhere, bundler, { ...request, outDir: 'dist/second', environment: commit });
    expect(copy.files).toEqual(builds[1]?.files);
  });
});
