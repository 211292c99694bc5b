/** Which files are looked at: all scripts under a directory of packages, each as it was published. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Script {
  /** Absolute. */
  path: string;
  size: number;
}

/** Declarations hold no code. */
const SCRIPT = /(?<!\.d)(?<!\.d\.\w+)\.[cm]?[jt]sx?$/;

/**
 * @param modules a `node_modules`
 * @param share of the packages, the same ones each time: 0.25 for a quarter
 */
export function findScripts(modules: string, share = 1): Script[] {
  return packages(modules)
    .filter((name) => isChosen(name, share))
    .flatMap((name) => scripts(join(modules, name)));
}

function packages(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.') && name !== 'unplugin-replaystack')
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
    );
}

function isChosen(name: string, share: number): boolean {
  return createHash('md5').update(name).digest().readUInt16BE() < share * 0x1_00_00;
}

/** Those of a package, and of the packages within it. */
function scripts(directory: string): Script[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SCRIPT.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, size: statSync(path).size };
    });
}
