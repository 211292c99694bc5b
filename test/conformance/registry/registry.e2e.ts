/**
 * The transform over what the world has written: each script of hundreds of packages, with all that is known looked for. What
 * comes out is read by parsers that are not ours, exports what it exported, differs where it is said to differ and nowhere
 * else, and leads back to the source. See README.md.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installLocked } from '../../support/install.ts';
import { root } from '../../support/transform-fixtures.ts';
import { isWhole } from '../extent.ts';
import { checkAll } from './crew.ts';
import { findScripts } from './scripts.ts';
import { toMarkdown } from './table.ts';
import type { Failure } from './tally.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Of what the repository has installed anyway; the same packages each time. */
const SLICE = 0.3;

test('code of other people stays what it is', { timeout: 3_600_000 }, async () => {
  if (isWhole) installLocked(here);
  const scripts = findScripts(join(root, 'node_modules'), isWhole ? 1 : SLICE);
  if (isWhole) scripts.push(...findScripts(join(here, 'node_modules')));
  const tally = await checkAll(scripts);
  console.info(toMarkdown(tally));
  expect(tally.failures.map(describe)).toEqual([]);
  expect(tally.files).toBeGreaterThan(isWhole ? 50_000 : 2_000);
  expect(tally.rewritten).toBeGreaterThan(isWhole ? 3_000 : 100);
});

function describe({ check, path, finding }: Failure): string {
  return `${check}: ${path}\n${finding}`;
}
