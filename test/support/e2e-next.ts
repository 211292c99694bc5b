/** A Next.js application with all that it needs below its own directory. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import type { Project } from './e2e-project.ts';

export const NEXT = 'node_modules/next/dist/bin/next';

/** Turbopack follows no link out of the project: what is installed must lie in it. */
export function installNext(project: Project): void {
  const modules = project.path('node_modules');
  rmSync(modules);
  execFileSync('cp', ['-a', resolve('fixtures/apps/next/node_modules'), modules]);
  for (const name of ['unplugin-replaystack', 'undici']) {
    cpSync(join(inject('workspace'), 'node_modules', name), join(modules, name), {
      recursive: true,
      dereference: true,
    });
  }
}
