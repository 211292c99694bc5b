/** Processes that share the files among them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Script } from './scripts.ts';
import type { Tally } from './tally.ts';
import { add, createTally } from './tally.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../..');

/** What a process is given at once. */
const BATCH = { files: 200, bytes: 2_000_000 };

/** Checks all of them. */
export async function checkAll(scripts: readonly Script[]): Promise<Tally> {
  // Within the repository, so that packages are found: its own, not those that are looked at.
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const directory = mkdtempSync(join(root, '.tmp/registry-'));
  try {
    const outfile = join(directory, 'check-child.mjs');
    await build({
      entryPoints: [join(here, 'check-child.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'warning',
    });
    const tally = createTally();
    const waiting = batches(scripts);
    const work = async (): Promise<void> => {
      for (let more = true; more;) more = await employ(outfile, waiting, tally);
    };
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
    return tally;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The largest first, so that no process is left with one when the others are done. */
function batches(scripts: readonly Script[]): string[][] {
  const result: string[][] = [];
  let bytes = Infinity;
  for (const { path, size } of [...scripts].sort((a, b) => b.size - a.size)) {
    if (bytes + size > BATCH.bytes || (result.at(-1)?.length ?? 0) >= BATCH.files) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(path);
    bytes += size;
  }
  return result;
}

/** @returns whether there is more to do, for another process: this one has died of a batch, or done enough */
async function employ(outfile: string, waiting: string[][], tally: Tally): Promise<boolean> {
  const child = fork(outfile, {
    // Trees live long enough to be copied twice where the space for what is young is as small as it is by default.
    execArgv: ['--experimental-vm-modules', '--no-warnings', '--max-semi-space-size=128'],
  });
  const ended = once(child, 'exit');
  try {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      child.send(batch);
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Tally | number];
      if (typeof answer !== 'object' || answer === null) {
        const finding = `the process ended with ${String(answer)}`;
        tally.failures.push({ check: 'no crash', path: batch.join(' '), finding });
        return true;
      }
      add(tally, answer);
    }
    return false;
  } finally {
    child.kill();
  }
}
