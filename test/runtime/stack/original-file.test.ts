/** From a source's name in a map to a path in the project. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { originalFile, projectRoot } from '../../../runtime/stack/original-file.ts';

describe('originalFile', () => {
  it.each([
    ['../src/a.ts', 'src/a.ts'],
    ['./a.js', 'dist/a.js'],
    ['../../shared/b.ts', 'shared/b.ts'],
    ['../../../../../../c.ts', 'c.ts'],
    ['/srv/app/src/a.ts', 'src/a.ts'],
    ['file:///srv/app/src/a%20b.ts', 'src/a b.ts'],
    ['file:///srv/app/src/a.ts?v=1', 'src/a.ts'],
    [String.raw`..\src\a.ts`, 'src/a.ts'],
    ['../src/page.vue?vue&type=script&lang.ts', 'src/page.vue'],
    ['../src/c#/a.ts', 'src/c#/a.ts'],
    ['webpack://shop/./src/a.ts', 'src/a.ts'],
    ['webpack://shop/src/a.ts', 'src/a.ts'],
    ['webpack:///./src/a.ts?5f1a', 'src/a.ts'],
    ['webpack://@acme/shop/./src/a.ts', 'src/a.ts'],
    ['webpack://shop/../lib/b.ts', 'lib/b.ts'],
    ['turbopack:///[project]/src/a.ts', 'src/a.ts'],
  ])('%s is %s', (source, file) => {
    expect(originalFile(source, '/srv/app/dist', '/srv/app')).toBe(file);
  });

  it('keeps the path of a source from another machine, for none of it is known to be the project’s', () => {
    expect(originalFile('/home/ci/build/src/a.ts', '/srv/app/dist', '/srv/app')).toBe(
      '/home/ci/build/src/a.ts',
    );
  });

  it.each([
    '../node_modules/express/index.js',
    'webpack://shop/./node_modules/express/index.js',
    'webpack://shop/webpack/bootstrap',
    'webpack://shop/webpack/runtime/make namespace object',
    'webpack://shop/external node-commonjs "node:fs"',
    '../\0rolldown/runtime.js',
    '\0commonjsHelpers.js',
  ])('%j is no file of the project', (source) => {
    expect(originalFile(source, '/srv/app/dist', '/srv/app')).toBeUndefined();
  });
});

describe('projectRoot', () => {
  const dir = mkdtempSync(join(tmpdir(), 'replaystack-root-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'app/dist/server'), { recursive: true });
  writeFileSync(join(dir, 'app/package.json'), '{}');

  it('is the nearest directory above with a package.json', () => {
    expect(projectRoot(join(dir, 'app/dist/server/index.js'))).toBe(join(dir, 'app'));
    // Also of what is not there, as sources are not where an application was deployed.
    expect(projectRoot(join(dir, 'app/src/gone/a.ts'))).toBe(join(dir, 'app'));
  });

  it('is not where something was built, whose package.json has the type of its modules alone', () => {
    mkdirSync(join(dir, 'app/.next/dev/server'), { recursive: true });
    writeFileSync(join(dir, 'app/.next/dev/package.json'), '{\n  "type": "commonjs"\n}');
    expect(projectRoot(join(dir, 'app/.next/dev/server/chunk.js'))).toBe(join(dir, 'app'));
    // Of which nothing else may have been deployed.
    mkdirSync(join(dir, 'built'));
    writeFileSync(join(dir, 'built/package.json'), '{ "type": "module" }');
    expect(projectRoot(join(dir, 'built/server.js'))).toBe(join(dir, 'built'));
  });

  it('is where the process runs otherwise', () => {
    expect(projectRoot(join(dir, 'index.js'))).toBe(process.cwd());
  });
});
