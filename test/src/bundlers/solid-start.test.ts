/** What becomes of a configuration of SolidStart's. */
import { expect, test } from 'vitest';
import { extendSolidStart } from '../../../src/bundlers/solid-start.ts';

const ours = expect.objectContaining({ name: 'unplugin-replaystack' }) as unknown;

test('what the user has set stays', () => {
  const config = {
    middleware: 'src/middleware.ts',
    vite: { plugins: ['theirs'], base: '/shop' },
    server: { preset: 'node-server', modules: ['theirs'] },
  };
  expect(extendSolidStart(config, {})).toEqual({
    middleware: 'src/middleware.ts',
    vite: { plugins: [ours, 'theirs'], base: '/shop' },
    server: { preset: 'node-server', modules: ['theirs', ours] },
  });
  expect(config.server.modules).toEqual(['theirs']);
});

test('a configuration of Vite may be a function of the router', async () => {
  const config = { vite: async (router: object) => ({ plugins: [router] }) };
  const { vite } = extendSolidStart(config, {}) as typeof config;
  expect(await vite({ router: 'client' })).toEqual({ plugins: [ours, { router: 'client' }] });
});

test('none, and the plugin switched off', () => {
  expect(extendSolidStart({}, {})).toEqual({ vite: { plugins: [ours] }, server: { modules: [ours] } });
  const config = { server: { modules: ['theirs'] } };
  expect(extendSolidStart(config, { enabled: false })).toBe(config);
});

test('wrong options are told at once', () => {
  expect(() => extendSolidStart({}, { rotes: [] } as object)).toThrow('rotes');
});
