/** One build: which conventions it follows, and what it says of itself. */
import { expect, test } from 'vitest';
import { startBuild } from '../../src/build.ts';
import { conventions } from '../../src/transform/conventions/index.ts';

const loader = 'export const loader = (input) => input.params;\n';

async function transform(vitePlugins: string[]): Promise<string | undefined> {
  const build = startBuild({ cache: false }, conventions);
  if (build === undefined) throw new Error('It is not switched off');
  build.vitePlugins = vitePlugins;
  return (await build.transform(loader, `${build.root}/app/order.ts`, () => {}))?.code;
}

test('the conventions of a framework are followed where Vite has its plugin', async () => {
  expect(await transform(['react-router'])).toContain('$rsReactRouterEntry("loader"');
});

test('elsewhere, modules with such names are as they were', async () => {
  expect(await transform([])).toBeUndefined();
  expect(await transform(['vite-plugin-sveltekit-compile'])).toBeUndefined();
});

test('the summary counts what looks like a route, on what is no app that is known', async () => {
  const build = startBuild({ cache: false }, conventions);
  if (build === undefined) throw new Error('It is not switched off');
  const said: string[] = [];
  build.log = (message) => void said.push(message.replace(/\d+ ms/, '… ms'));
  const code = 'const app = new Map();\napp.get("/x", h);\nexport {};\n';
  await build.transform(code, `${build.root}/app/other.js`, () => {});
  await build.end();
  expect(said).toEqual([
    '[replaystack] 0 routes and 0 functions in 0 files, 1 left alone (1 nothing here tells that it is called on an app or a ' +
      'router of a framework that is known), … ms',
  ]);
});
