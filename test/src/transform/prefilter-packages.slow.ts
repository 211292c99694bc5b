/** The prefilter against everything that is installed here: what it holds back holds nothing for us when it is parsed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseModule } from '../../../src/transform/parse.ts';
import { planModule } from '../../../src/transform/plan.ts';
import { findPragmas } from '../../../src/transform/pragmas.ts';
import { isGenerated } from '../../../src/transform/prefilter.ts';
import { defaults, root } from '../../support/transform-fixtures.ts';

const SCRIPT = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** Of a package, so that none outweighs the others. */
const FILES = 12;

const modules = join(root, 'node_modules');

const packages = readdirSync(modules).flatMap((name) =>
  name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
);

function scripts(name: string): string[] {
  const folder = join(modules, name);
  if (name.startsWith('.') || name === 'unplugin-replaystack' || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => SCRIPT.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile() && statSync(file).size < 60_000)
    .slice(0, FILES);
}

test('in all packages', { timeout: 300_000 }, async () => {
  const { mayHoldTargets, mayRegister, patterns } = defaults.prefilter;
  const everything = { patterns, mayHoldTargets: () => true, mayRegister: () => true };
  const seen = { packages: 0, files: 0, heldBack: 0 };
  for (const name of packages) {
    const files = scripts(name);
    if (files.length > 0) seen.packages++;
    for (const file of files) {
      const code = readFileSync(file, 'utf8');
      const isHeldBack = !mayHoldTargets(code, file);
      if ((!isHeldBack && mayRegister(code)) || isGenerated(code)) continue;
      seen.files++;
      const module = parseModule(code, file);
      if ('reason' in module) continue;
      const pragmas = findPragmas(code, module);
      const plan = await planModule(code, file, module, pragmas, { ...defaults, prefilter: everything });
      const registered = plan.targets.filter(({ kind }) => kind !== 'function');
      expect([file, ...registered]).toEqual([file]);
      if (!isHeldBack) continue;
      seen.heldBack++;
      expect([file, ...plan.targets, ...plan.skipped, ...pragmas]).toEqual([file]);
    }
  }
  expect(seen.packages).toBeGreaterThan(150);
  expect(seen.heldBack).toBeGreaterThan(400);
});
