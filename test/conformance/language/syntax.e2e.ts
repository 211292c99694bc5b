/**
 * The parser tests of ECMAScript: what is a program stays one when all of its functions are instrumented, and what is none is
 * not made one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWhole } from '../extent.ts';
import { installLocked } from '../../support/install.ts';
import type { Child } from './children.ts';
import { buildChild, startChild } from './children.ts';
import { hookEverything } from './hook-everything.ts';

const directory = fileURLToPath(new URL('.', import.meta.url));
const tests = `${directory}node_modules/test262-parser-tests`;
const STEP = isWhole ? 1 : 4;

let child: Child;

beforeAll(async () => {
  installLocked(directory);
  child = startChild(await buildChild('syntax-child'), {});
});

afterAll(() => child.end());

test.each(['pass', 'pass-explicit', 'fail', 'early'])('%s', async (folder) => {
  const files = readdirSync(`${tests}/${folder}`).filter((_, index) => index % STEP === 0);
  const rows: { name: string; programs: string[] }[] = [];
  let functions = 0;
  for (const name of files) {
    const code = readFileSync(`${tests}/${folder}/${name}`, 'utf8');
    const result = await hookEverything(
      code,
      name.replace(/\.js$/, name.includes('.module.') ? '.mjs' : '.cjs'),
    );
    functions += result?.targets.length ?? 0;
    if (result?.output !== undefined) rows.push({ name, programs: [code, result.output.code] });
  }
  const verdicts = await child.ask<boolean[][]>(
    rows.map(({ name, programs }) => ({ module: name.includes('.module.'), programs })),
  );
  const changed = rows.filter((_, index) => verdicts[index]?.[0] !== verdicts[index]?.[1]);
  console.log(`| ${folder} | ${files.length} | ${rows.length} | ${functions} | ${changed.length} |`);
  expect(changed.map(({ name }) => name)).toEqual([]);
});
