/** Packs what `npm run build` left, and lays it out as a user would find it: in a node_modules, with its dependencies beside it. */
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A directory whose node_modules has the packed package, and whatever the repository has installed. */
    workspace: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export default function setup(project: TestProject): () => void {
  if (!existsSync(join(root, 'dist/runtime/node.js'))) throw new Error('Nothing to test yet: npm run build');
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'replaystack-e2e-')));
  const modules = join(workspace, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    // Caches of tools are not ours to write into, and the package must not be found by way of the repository.
    if (!name.startsWith('.') && name !== 'unplugin-replaystack')
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const printed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', workspace],
    options,
  );
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  const target = join(modules, 'unplugin-replaystack');
  mkdirSync(target);
  execFileSync('tar', ['-xzf', join(workspace, filename), '-C', target, '--strip-components=1'], options);
  project.provide('workspace', workspace);
  return () => rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
}
