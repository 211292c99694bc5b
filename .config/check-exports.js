// Packs the package as it would be published, and asks publint and are-the-types-wrong what a user would run into.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const directory = mkdtempSync(join(tmpdir(), 'pack-'));
let problems = 0;
try {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
      encoding: 'utf8',
    }),
  );
  const tarball = readFileSync(join(directory, filename));
  const { messages, pkg } = await publint({
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    strict: true,
  });
  for (const message of messages) {
    problems++;
    console.error(`publint: ${formatMessage(message, pkg)}`);
  }
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  // The package is ESM alone; `require()` of it is Node's own, which knows the export `module.exports`.
  const ignored = new Set(['CJSResolvesToESM', 'CJSOnlyExportsDefault']);
  for (const problem of result.problems ?? []) {
    if (ignored.has(problem.kind) || problem.resolutionKind === 'node10') continue;
    // The runtime declares itself as CommonJS to compilers that do not know of Node's require(esm).
    if (problem.kind === 'FalseCJS' && problem.typesFileName?.endsWith('/runtime/node.d.cts')) continue;
    problems++;
    console.error(`types: ${problem.kind} ${problem.entrypoint ?? ''} ${problem.resolutionKind ?? ''}`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (problems > 0) process.exit(1);
console.info('publint and are-the-types-wrong: no problems');
