/** Sets up applications of NestJS as their developers would. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Project } from './e2e-project.ts';
import { run } from './e2e-service.ts';

export const NEST = 'node_modules/@nestjs/cli/bin/nest.js';

export type NestBuilder = 'webpack' | 'rspack';

/**
 * A node_modules of its own, with the plugin among the rest: the command leaves all that it finds there out of the bundle.
 *
 * @param installed the directory below fixtures/apps with what is installed
 */
export function installNest(project: Project, installed: string): void {
  const modules = project.path('node_modules');
  const from = resolve('fixtures/apps', installed, 'node_modules');
  rmSync(modules);
  mkdirSync(modules);
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(modules, name));
  project.link('unplugin-replaystack', 'unplugin-replaystack');
}

/** Adds the bundler's configuration, as docs/frameworks.md has it. */
export function configure(project: Project, builder: NestBuilder): void {
  const file = `${builder}.config.js`;
  const [, text] = readFileSync('docs/frameworks.md', 'utf8').split(`\`\`\`js\n// ${file}\n`);
  project.write(file, text?.split('```')[0] ?? '');
}

/** @returns what is to be run */
export async function buildNest(project: Project, directory: string): Promise<string> {
  const { code, stdout, stderr } = await run(project.dir, [NEST, 'build']);
  if (code !== 0) throw new Error(stdout + stderr);
  renameSync(project.path('dist'), project.path(directory));
  return project.path(directory, 'main.js');
}
