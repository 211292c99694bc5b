/** Which file a module is of. */
import { expect, test } from 'vitest';
import { fileOfModule } from '../../src/module-id.ts';

test.each([
  ['/project/src/a.ts', '/project/src/a.ts'],
  ['/project/src/a.ts?v=1', '/project/src/a.ts'],
  ['/project/src/a.ts#part', '/project/src/a.ts'],
  ['/project/src/a.mjs?v=1#part', '/project/src/a.mjs'],
  ['/project/src/a.ts?from=b.js?c', '/project/src/a.ts'],
  ['/projects/C#/src/a.tsx', '/projects/C#/src/a.tsx'],
  ['/projects/C#/src/a.tsx?v=1', '/projects/C#/src/a.tsx'],
  ['C:\\projects\\C#\\a.cts', 'C:\\projects\\C#\\a.cts'],
  ['/project/a.marko?server', '/project/a.marko'],
])('%s', (id, file) => {
  expect(fileOfModule(id)).toBe(file);
});
