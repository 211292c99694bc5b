/** Where the parts of the repository are, and where in its source the sample application fails. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './cleanup.ts';

/** The folder of the nearest package.json that lies above both this source file and what it is compiled to. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('The demo runs in a checkout of the repository');
    folder = dirname(folder);
  }
  return folder;
}

export const root: string = findRoot();

/** The sample application. */
export const application: string = join(root, 'fixtures/orders-api');

export interface Position {
  /** Relative to the application. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/**
 * Finds the place that the application's source marks with `// @bug <token>`: the first such token on that line.
 *
 * @param file relative to the application
 */
export function findBug(file: string): Position {
  const lines = readFileSync(join(application, file), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    const token = /\/\/ @bug (\S+)/.exec(line)?.[1];
    if (token !== undefined) return { file, line: index + 1, column: line.indexOf(token) + 1 };
  }
  throw new Error(`${file} has no line marked with // @bug`);
}

/** A new folder inside the application, where its dependencies can be found; it goes when the process ends. */
export function createBuildFolder(): string {
  const parent = join(application, '.tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'demo-'));
  atEnd(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    try {
      rmdirSync(parent);
    } catch {
      // Another demo still builds there.
    }
  });
  return folder;
}
