/** Where Nitro hands out what was rendered in advance. */
import { expect, it } from 'vitest';
import { pagePaths } from '../../../src/bundlers/public-paths.ts';

it.each([
  [{ route: '/about', fileName: '/about/index.html' }, '/', ['/about', '/about/', '/about/index.html']],
  [{ route: '/caf\u00E9' }, '/shop/', ['/shop/caf%C3%A9', '/shop/caf%C3%A9/', '/shop/caf%C3%A9']],
  [{ route: '/', fileName: 'index.html' }, '/shop', ['/shop', '/shop/', '/shop/index.html']],
])('%j below %s', (page, root, paths) => {
  expect(pagePaths([page], root)).toEqual(paths);
});
