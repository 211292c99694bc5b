/** Packages as a build would leave them that is told to leave nothing out: each function of each file is observed. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { buildModule } from '../../../src/build-module.ts';
import { readOptions, selectTargets } from '../../../src/selection.ts';
import { conventions } from '../../../src/transform/conventions/index.ts';
import { fastify } from '../../../src/transform/frameworks/fastify.ts';
import type { TransformOptions } from '../../../src/transform/index.ts';
import { transformModule } from '../../../src/transform/index.ts';
import { askForEverything } from '../ask-for-everything.ts';
import type { Suite } from './suites.ts';
import type { Workspace } from './workspace.ts';

/** How much of a package is instrumented, by what it is. */
export interface Instrumented {
  files: number;
  functions: number;
  /** Apps, and handlers that are registered. */
  routes: number;
}

/** Rewrites a package where it is, with its tests: where they register handlers, they are the application. */
export async function instrumentPackage(workspace: Workspace, suite: Suite): Promise<Instrumented> {
  const settings = settingsFor(suite);
  const counts: Instrumented = { files: 0, functions: 0, routes: 0 };
  const directory = workspace.packageOf(suite.name);
  for (const path of globSync('**/*.{js,cjs,mjs,ts,cts,mts}', {
    cwd: directory,
    absolute: true,
    dot: true,
    ignore: ['**/node_modules/**', '**/*.d.*', ...(suite.leftAlone ?? [])],
  })) {
    const file = relative(workspace.directory, path);
    const code = askForEverything(readFileSync(path, 'utf8'), path);
    const result = await transformModule(code, path, file, settings);
    if (result?.output === undefined) continue;
    writeFileSync(path, result.output.code);
    counts.files++;
    for (const { kind } of result.targets) counts[kind === 'function' ? 'functions' : 'routes']++;
  }
  return counts;
}

/** Gives a workspace the packed package, with the module that a build hands to it. */
export function addRuntime(workspace: Workspace, packed: string): void {
  const own = join(workspace.directory, 'node_modules/unplugin-replaystack');
  cpSync(packed, own, { recursive: true });
  const info = { release: {}, captureErrors: true, guards: true };
  writeFileSync(join(own, 'dist/runtime/build.js'), buildModule(info, false));
}

function settingsFor({ itself }: Suite): TransformOptions {
  const recognisers = itself && [{ ...fastify, name: 'fastify itself', packages: itself }];
  return selectTargets(readOptions({ recognisers }, conventions), conventions);
}
