/** Which names stand for packages: as the package.json files of a project, and of the repository around it, say. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBuild } from '../../src/build.ts';
import { declaredPackages } from '../../src/dependencies.ts';

let root: string;
let project: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dependencies-'));
  project = join(root, 'apps/api');
  mkdirSync(project, { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const declare = (directory: string, manifest: unknown): void =>
  writeFileSync(
    join(directory, 'package.json'),
    typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
  );

test('all that are declared, here and above', () => {
  declare(project, { dependencies: { express: '^5.0.0' }, peerDependencies: { '@scope/kit': '1 || 2' } });
  declare(root, { devDependencies: { vite: '8.0.0' }, optionalDependencies: { fsevents: 'npm:other@2' } });
  expect([...(declaredPackages(project) ?? [])]).toEqual(['express', '@scope/kit', 'vite', 'fsevents']);
});

test("but for the project's own, which others of its workspaces depend on", () => {
  const dependencies = { a: 'workspace:*', b: '*', c: 'file:../c', d: 'link:../d', e: 'portal:../e', f: '1' };
  declare(project, { dependencies });
  expect([...(declaredPackages(project) ?? [])]).toEqual(['f']);
});

test('a file that is broken, or declares nothing, says nothing', () => {
  declare(project, '{');
  declare(join(root, 'apps'), 'null');
  declare(root, { type: 'module', dependencies: null });
  expect(declaredPackages(project)?.size).toBe(0);
});

test('a build takes those of its root for packages, and all others for the application', async () => {
  declare(project, { dependencies: { '@app/kit': '^1.0.0' } });
  const build = startBuild({ cache: false }, []);
  if (build === undefined) throw new Error('It is not switched off');
  build.root = project;
  const transform = async (source: string): Promise<string | undefined> =>
    (
      await build.transform(
        `import { app } from '${source}';\napp.get('/x', h);\n`,
        join(project, 'a.ts'),
        () => {},
      )
    )?.code;
  expect(await transform('@app/core')).toContain('$rsExpressHandler(app,h)');
  expect(await transform('@app/kit')).toBeUndefined();
});
