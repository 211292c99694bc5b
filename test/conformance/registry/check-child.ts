/** Checks the files that its parent names, a few at a time, and sends back what it counted. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkBuild, checkEveryFunction, createSubject } from './check.ts';
import { createTally } from './tally.ts';

/** How many of its functions are rewritten whether or not a build would: of one file in so many. */
const SAMPLE = Number(process.env['EVERY_FUNCTION_OF'] ?? 4);

const seen = new Set<string>();

process.on('message', (paths: string[]) => {
  void check(paths).then((tally) => process.send?.(tally));
});

async function check(paths: readonly string[]): Promise<object> {
  const tally = createTally();
  for (const path of paths) {
    const code = readFileSync(path, 'utf8');
    const digest = createHash('md5').update(code).digest();
    const key = digest.toString('latin1') + path.slice(path.lastIndexOf('.'));
    if (seen.has(key)) {
      tally.repeated++;
      continue;
    }
    seen.add(key);
    const file = path.replace(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//, '');
    try {
      const subject = createSubject(code, path, file, tally);
      await checkBuild(subject);
      if (digest.readUInt16BE() % SAMPLE === 0) await checkEveryFunction(subject);
    } catch (error) {
      tally.failures.push({ check: 'no crash', path, finding: (error as Error).stack ?? String(error) });
    }
  }
  return tally;
}
