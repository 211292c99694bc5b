import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPackage } from '../../../src/release/package.ts';
import { createSandbox, type Sandbox } from '../../support/git-repository.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

const warn = (message: string) => expect.unreachable(message);

/** Reads in `<name>/packages/api`, with these files as the package.json there, and two directories up. */
function read(name: string, files: { api?: string; top?: string; above?: string }) {
  sandbox.write(`${name}/top/packages/api/index.ts`, '');
  if (files.above) sandbox.write(`${name}/package.json`, files.above);
  if (files.top) sandbox.write(`${name}/top/package.json`, files.top);
  if (files.api) sandbox.write(`${name}/top/packages/api/package.json`, files.api);
  return readPackage(join(sandbox.root, name, 'top/packages/api'), join(sandbox.root, name, 'top'), warn);
}

test('the nearest file has both', async () => {
  const files = {
    api: '{"name":"@shop/orders","version":"1.4.0"}',
    top: '{"name":"shop","version":"9.9.9"}',
  };
  expect(await read('both', files)).toEqual({ name: 'orders', version: '1.4.0' });
});

test('in a monorepo the version may be at the top alone', async () => {
  const files = { api: '{"name":"orders","private":true}', top: '{"name":"shop","version":"2.0.0"}' };
  expect(await read('monorepo', files)).toEqual({ name: 'orders', version: '2.0.0' });
});

test('a file that only sets the module type, or is no package at all, is passed over', async () => {
  const top = '{"name":"shop","version":"2.0.0"}';
  expect(await read('type', { api: '{"type":"module"}', top })).toEqual({ name: 'shop', version: '2.0.0' });
  expect(await read('broken', { api: '{ nonsense', top })).toEqual({ name: 'shop', version: '2.0.0' });
  expect(await read('null', { api: 'null', top })).toEqual({ name: 'shop', version: '2.0.0' });
  expect(await read('kinds', { api: '{"name":1,"version":{}}', top })).toEqual({
    name: 'shop',
    version: '2.0.0',
  });
});

test('a byte order mark does no harm', async () => {
  expect(await read('bom', { api: '\uFEFF{"name":"orders","version":"1.0.0"}\r\n' })).toEqual({
    name: 'orders',
    version: '1.0.0',
  });
});

test('nothing is read above the top of the repository', async () => {
  expect(await read('above', { above: '{"name":"home","version":"3.0.0"}' })).toEqual({});
});
