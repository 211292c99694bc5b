/** Which modules the plugin looks at, whatever the bundler calls them. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unplugin } from '../../src/index.ts';

const code = 'export async function load(id) {\n  return find(id);\n}\n';

async function transform(id: string): Promise<string | undefined> {
  const plugin = unplugin.raw({ summary: false, cache: false }, { framework: 'rollup', versions: {} });
  const { transform } = [plugin].flat()[0] ?? {};
  if (typeof transform !== 'object') throw new TypeError('the plugin does not filter');
  const result = await transform.handler.call({ warn: console.warn } as never, code, id);
  return typeof result === 'object' && result !== null ? result.code : undefined;
}

test.each(['src/a.js', 'src/a.js?v=1', 'src/C#/a.js'])('in files: %s', async (path) => {
  const file = path.replace(/\?.*/, '');
  expect(await transform(join(process.cwd(), path))).toContain(`Enter("${file}:1:load")`);
});

test.each(['virtual:a.js', 'data:text/javascript,a.js', 'routes.js'])('and not in none: %s', async (id) => {
  expect(await transform(id)).toBeUndefined();
});

test('jobs go by the names of their libraries', () => {
  const make = (jobs: string[]): unknown => unplugin.raw({ jobs }, { framework: 'rollup', versions: {} });
  expect(() => make(['bullmq', 'node-cron', 'setInterval'])).not.toThrow();
  expect(() => make(['bulmq'])).toThrow('`jobs` holds an unknown name, `bulmq`. Did you mean `bullmq`?');
});
