/** Observing a function changes nothing that a program could tell: no order of microtasks, and no rejection's fate. */
import fc from '../../support/properties.ts';
import { describe, expect, it, vi } from 'vitest';
import { enter, exit, fail, settle } from '../../../runtime/observe/hooks.ts';
import { runtime } from '../../../runtime/state.ts';
import type { Ended } from '../../support/program.ts';
import { bundleProgram } from '../../support/program.ts';
import { forgetClient, macrotasks, startRuntime } from '../../support/runtime.ts';

/** As the build writes it. */
async function observed(make: () => unknown): Promise<unknown> {
  const call = enter('src/orders.ts:12:create');
  try {
    return settle(call, make(), call && { make });
  } catch (error) {
    throw fail(call, error, { make });
  } finally {
    exit(call);
  }
}

/** What a function can return or throw, and when it settles. */
const RESULTS: Record<string, () => unknown> = {
  value: () => 1,
  resolved: () => Promise.resolve(1),
  rejected: () => Promise.reject(new Error('rejected')),
  later: () => Promise.resolve().then(() => Promise.resolve(1)),
  'rejected later': () => Promise.resolve().then(() => Promise.reject(new Error('rejected'))),
  // oxlint-disable-next-line unicorn/no-thenable -- one of the things that a function can return
  thenable: () => ({ then: (resolve: (value: number) => void) => resolve(1) }),
  subclass: () => class extends Promise<number> {}.resolve(1),
  throws: () => {
    throw new Error('thrown');
  },
};

/** Every call's outcome and at which tick of the microtask queue it was seen. */
async function logOf(
  f: typeof observed,
  calls: [result: string, depth: number, awaits: boolean][],
): Promise<string[]> {
  const log: string[] = [];
  let ticks = 0;
  const ticking = (async () => {
    for (; ticks < 30; ticks++) await Promise.resolve();
  })();
  const nested = (make: () => unknown, depth: number): Promise<unknown> =>
    f(depth === 0 ? make : () => nested(make, depth - 1));
  const all = calls.map(([result, depth, awaits], index) => {
    const make = RESULTS[result] as () => unknown;
    const note = (outcome: string) => (value: unknown) =>
      void log.push(`${ticks} ${index} ${outcome} ${String(value)}`);
    return nested(awaits ? async () => await make() : make, depth).then(note('resolved'), note('rejected'));
  });
  await Promise.all([ticking, ...all]);
  return log;
}

describe('the order of everything that happens', () => {
  const calls = fc.array(fc.tuple(fc.constantFrom(...Object.keys(RESULTS)), fc.nat(3), fc.boolean()), {
    minLength: 1,
    maxLength: 8,
  });
  const plain = async (make: () => unknown): Promise<unknown> => make();

  it('is the same with hooks that are active', async () => {
    await using _test = await startRuntime();
    await fc.assert(
      fc.asyncProperty(calls, async (calls) => {
        expect(await logOf(observed, calls)).toEqual(await logOf(plain, calls));
      }),
    );
  });

  it('is the same with hooks that are dormant', async () => {
    forgetClient();
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    await fc.assert(
      fc.asyncProperty(calls, async (calls) => {
        expect(await logOf(observed, calls)).toEqual(await logOf(plain, calls));
      }),
    );
    expect(runtime().client).toBeUndefined();
    vi.unstubAllEnvs();
  });
});

describe('the stack of an error', () => {
  const failing = async (): Promise<never> => {
    await macrotasks();
    throw new Error('deep');
  };
  async function awaiting(f: typeof observed, make: () => unknown): Promise<string | undefined> {
    async function inner(): Promise<void> {
      await f(make);
    }
    return await inner().then(
      () => undefined,
      (error: Error) => error.stack,
    );
  }
  const namesIn = (stack = ''): string[] =>
    [...stack.matchAll(/^ {4}at (?:async )?([\w.]+) \(/gm)].map(([, name = '']) => name);

  it.each<[string, () => unknown]>([
    ['of an async function', failing],
    ['behind others', () => failing().finally(() => {})],
    ['of a function that returns one itself', async () => failing()],
    ['of an observed function that returns one itself', () => observed(failing)],
  ])('leads to who awaits the promise that was returned: %s', async (_, make) => {
    await using _test = await startRuntime();
    const wanted = namesIn(await awaiting(async (make) => make(), make));
    expect(wanted).toContain('inner');
    expect(namesIn(await awaiting(observed, make))).toEqual(wanted);
  });
});

describe('whether a rejection ends the process', () => {
  const cases = [
    ['floating rejected', 1],
    ['floating later', 1],
    ['floating thrown', 1],
    ['floating twice', 1],
    ['handled rejected', 0],
    ['handled later', 0],
    ['handled thrown', 0],
    ['handled by await', 0],
    ['handled too late', 1],
    ['the promise that was returned is floating as well', 0],
  ] as const;

  it('does not depend on us', async () => {
    await using program = await bundleProgram('rejections.ts');
    for (const [what, code] of cases) {
      const [plain, ...others] = await Promise.all(
        ['plain', 'active', 'dormant'].map((mode) => program.run([mode, what])),
      );
      expect([what, plain?.code]).toEqual([what, code]);
      for (const other of others) expect([what, withoutStack(other)]).toEqual([what, withoutStack(plain)]);
    }
  });
});

/** All but the stack, which names the observed function. */
function withoutStack(ended: Ended | undefined): object {
  return { ...ended, stderr: ended?.stderr.replace(/^ {4}at .*\n/gm, '') };
}
