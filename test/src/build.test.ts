/** One build: which conventions it follows. */
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
