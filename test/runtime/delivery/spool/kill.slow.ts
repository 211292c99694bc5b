/** What becomes of events when processes are killed: real ones, by SIGKILL, at moments that nobody chose. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../../../support/program.ts';
import { bundleProgram } from '../../../support/program.ts';
import type { Receiver } from '../../../support/receiver.ts';
import { startReceiver } from '../../../support/receiver.ts';
import { spoolDirectory, startSpoolProcess } from '../../../support/spool.ts';

let program: Program;

beforeAll(async () => {
  program = await bundleProgram('spool.ts');
});

afterAll(() => program[Symbol.asyncDispose]());

/** How often each trace id arrived, whether the answer was read or not. */
function arrivals(receiver: Receiver): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { traceId } of receiver.accepted()) counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  return counts;
}

/** How many events more than once arrived. */
function repetitions(counts: Map<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
}

function doubts(said: string[]): number {
  return said.reduce((sum, line) => sum + Number(/may arrive twice: (\d+)$/.exec(line)?.[1] ?? 0), 0);
}

describe('a process that is killed under load', () => {
  it.each([1, 40, 80, 120, 200, 300])(
    'after %i events loses none of them, and doubles none that it does not count',
    async (count) => {
      await using receiver = await startReceiver();
      using directory = spoolDirectory();
      receiver.answer = () => ({ status: 200, afterMs: Math.random() * 20 });
      const load = startSpoolProcess(program, ['load', receiver.url, directory.path, 'a']);
      await load.acceptedMany(count);
      await load.kill();

      const heir = startSpoolProcess(program, ['drain', receiver.url, directory.path]);
      const { pending, repeated = 0 } = await heir.ended();
      const counts = arrivals(receiver);
      expect(load.accepted.filter((id) => !counts.has(id))).toEqual([]);
      expect(pending).toBe(0);
      expect(repetitions(counts)).toBeLessThanOrEqual(repeated);
      expect(doubts(heir.said)).toBe(repeated);
      // No more than were on their way.
      expect(repeated).toBeLessThanOrEqual(3 * 20);
      expect(readdirSync(directory.path)).toEqual([]);
    },
  );

  it('doubles none while nobody answers, and they arrive in order', async () => {
    const receiver = await startReceiver();
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    using directory = spoolDirectory();
    const load = startSpoolProcess(program, ['load', url, directory.path, 'a']);
    await load.acceptedMany(200);
    await load.kill();

    await using later = await startReceiver();
    const heir = startSpoolProcess(program, ['drain', later.url, directory.path]);
    expect(await heir.ended()).toEqual({ pending: 0 });
    const ids = later.accepted().map(({ traceId }) => traceId);
    expect(ids.slice(0, load.accepted.length)).toEqual(load.accepted);
    expect(repetitions(arrivals(later))).toBe(0);
  });

  it('again and again, with a receiver that fails in every way, loses none', async () => {
    await using receiver = await startReceiver();
    using directory = spoolDirectory();
    receiver.answer = () =>
      Math.random() < 0.5
        ? { status: 200, afterMs: Math.random() * 20 }
        : ((['reset', { status: 503 }, { status: 429 }] as const)[Math.floor(Math.random() * 3)] ?? 'reset');
    const accepted: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const load = startSpoolProcess(program, ['load', receiver.url, directory.path, name]);
      await load.acceptedMany(60 + Math.random() * 60);
      await load.kill();
      accepted.push(...load.accepted);
    }
    receiver.answer = () => ({ status: 200 });
    const heir = startSpoolProcess(program, ['drain', receiver.url, directory.path]);
    expect((await heir.ended()).pending).toBe(0);
    const counts = arrivals(receiver);
    expect(accepted.filter((id) => !counts.has(id))).toEqual([]);
  });

  it('with threads loses the events of none', async () => {
    await using receiver = await startReceiver();
    using directory = spoolDirectory();
    const load = startSpoolProcess(program, ['threads', receiver.url, directory.path, 'a']);
    await load.acceptedMany(150);
    await load.kill();
    const heir = startSpoolProcess(program, ['drain', receiver.url, directory.path]);
    const { pending, repeated = 0 } = await heir.ended();
    const counts = arrivals(receiver);
    expect(pending).toBe(0);
    expect(load.accepted.filter((id) => !counts.has(id))).toEqual([]);
    expect(repetitions(counts)).toBeLessThanOrEqual(repeated);
  });
});

describe('processes that share a spool', () => {
  it('leave each other alone, and one of them takes over what another left', async () => {
    await using receiver = await startReceiver();
    using directory = spoolDirectory();
    let down = true;
    receiver.answer = () => ({ status: down ? 503 : 200, afterMs: 5 });
    const loads = ['a', 'b', 'c', 'd'].map((name) =>
      startSpoolProcess(program, ['load', receiver.url, directory.path, name]),
    );
    await Promise.all(loads.map((load) => load.acceptedMany(80)));
    const [first, second, ...survivors] = loads;
    await Promise.all([first?.kill(), second?.kill()]);
    down = false;
    const heirs = [1, 2, 3].map(() => startSpoolProcess(program, ['drain', receiver.url, directory.path]));
    for (const { child } of survivors) child.stdin?.end();
    const results = await Promise.all([...survivors, ...heirs].map((one) => one.ended()));
    expect(results.every(({ pending }) => pending === 0)).toBe(true);
    const counts = arrivals(receiver);
    const accepted = loads.flatMap((load) => load.accepted);
    expect(accepted.filter((id) => !counts.has(id))).toEqual([]);
    expect(repetitions(counts)).toBeLessThanOrEqual(
      results.reduce((sum, { repeated = 0 }) => sum + repeated, 0),
    );
    expect(readdirSync(directory.path)).toEqual([]);
  });
});
