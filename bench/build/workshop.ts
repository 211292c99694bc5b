/** A temporary folder with the projects that are built, and the processes that build them. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cost, Task } from './child.ts';
import { writeProject } from './project.ts';
import type { Scenario } from './scenarios.ts';
import type { Variant } from './variants.ts';

export type Costs = Partial<Record<Variant, Cost[]>>;

export interface Workshop {
  /** Builds in turns: a round of all variants, and the next. */
  measure(scenario: Scenario, rounds: number): Costs;
  close(): void;
}

const SHARES = { 'a third': 1 / 3, every: 1, none: 0 };
/** Where a package has its entry. */
const ENTRIES = {
  mongodb: 'src/index.ts',
  openai: 'src/index.ts',
  '@trpc/server': 'src/@trpc/server/index.ts',
};

export function openWorkshop(): Workshop {
  // Outside of node_modules, where the plugin leaves everything alone.
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'replaystack-build-')));
  const made = new Map<string, { folder: string; entry: string }>();

  function projectOf(name: Scenario['project']): { folder: string; entry: string } {
    let project = made.get(name);
    if (project !== undefined) return project;
    const folder = join(base, name.replaceAll(/\W+/g, '-'));
    project = { folder, entry: join(folder, 'src/server.ts') };
    // What is kept between builds goes there.
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    if (name in SHARES) writeProject(folder, { modules: 1500, share: SHARES[name as keyof typeof SHARES] });
    else {
      for (const part of ['src', 'package.json']) {
        cpSync(resolve('bench/node_modules', name, part), join(folder, part), { recursive: true });
      }
      project.entry = join(folder, ENTRIES[name as keyof typeof ENTRIES]);
    }
    made.set(name, project);
    return project;
  }

  return {
    measure({ bundler, project, variants }, rounds) {
      const { folder, entry } = projectOf(project);
      const costs: Costs = {};
      for (let round = 0; round <= rounds; round++) {
        for (const variant of variants) {
          // Istanbul takes a minute, and needs no second to be told apart.
          if (variant === 'istanbul' && round !== 1) continue;
          const outDir = join(base, 'out', variant.replaceAll(/\W+/g, '-'));
          const cost = run({ bundler, folder, entry, outDir, variant });
          // The first round warms the disk's cache, and ours.
          if (round > 0) (costs[variant] ??= []).push(cost);
        }
      }
      return costs;
    },
    close: () => rmSync(base, { recursive: true, force: true }),
  };
}

function run(task: Task): Cost {
  const printed = execFileSync(process.execPath, [process.argv[1] ?? '', 'child', JSON.stringify(task)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Cost;
}
