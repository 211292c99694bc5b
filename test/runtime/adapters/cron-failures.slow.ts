/** Jobs that fail, in processes of their own: nobody but the receiver of events may notice that they are captured. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended, Program } from '../../support/program.ts';
import { bundleProgram } from '../../support/program.ts';

let program: Program;

beforeAll(async () => {
  program = await bundleProgram('cron-failures.ts');
});

afterAll(() => program[Symbol.asyncDispose]());

/**
 * What a developer sees, but for times, for where in the bundle and in the libraries it was, and for what a busy machine is
 * late with. The line that throws is among them: an error that is thrown on was last thrown by us.
 */
function seen({ code, stdout, stderr }: Ended): unknown {
  const noise = /^events: |^\s+at |^file:|^\s*\^?$|^\s+throw |missed/i;
  const lines = stderr.split('\n').filter((line) => !noise.test(line));
  return { code, stdout, stderr: lines.map((line) => line.replaceAll(/\d+/g, '#')) };
}

function events({ stderr }: Ended): unknown {
  return JSON.parse(/^events: (.*) exit/m.exec(stderr)?.[1] ?? '0');
}

describe.each(['thrown', 'rejected', 'later with a listener'])('a failure that is %s', (way) => {
  it.concurrent.each(['node-cron', 'croner', 'cron', 'node-schedule', 'setInterval'])(
    'in a job of %s is one event, and its fate is what it was',
    async (library) => {
      const run = (mode: string): Promise<Ended> => program.run([mode, way, library]);
      const [plain, active] = await Promise.all([run('plain'), run('active')]);
      expect(seen(active)).toEqual(seen(plain));
      expect(events(plain)).toEqual([]);
      expect(events(active)).toEqual([`cron failed ${way} failure`]);
    },
  );
});
