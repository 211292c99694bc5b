/** How the call of a handler ends: what is told of it, and that nobody else can tell. */
import { describe, expect, test, vi } from 'vitest';
import { telling } from '../../../runtime/adapters/outcome.ts';

const error = new RangeError('no order');

function call(handle: () => unknown): { run: () => unknown; noteError: unknown; noteValue: unknown } {
  const [noteError, noteValue] = [vi.fn(), vi.fn()];
  return { run: () => telling(handle, noteError, noteValue), noteError, noteValue };
}

describe('what a handler gives', () => {
  test.each([1, undefined, { id: 7 }])('is told and handed on: %j', (value) => {
    const { run, noteError, noteValue } = call(() => value);
    expect(run()).toBe(value);
    expect(noteValue).toHaveBeenCalledExactlyOnceWith(value);
    expect(noteError).not.toHaveBeenCalled();
  });

  test('is told when its promise settles', async () => {
    const { run, noteValue } = call(async () => 'order');
    const promise = run();
    expect(noteValue).not.toHaveBeenCalled();
    expect(await promise).toBe('order');
    expect(noteValue).toHaveBeenCalledExactlyOnceWith('order');
  });

  test('is told at once if it is a promise of another kind, which is handed on as it is', () => {
    class Query extends Promise<unknown> {}
    const query = Query.resolve(1);
    const { run, noteValue } = call(() => query);
    expect(run()).toBe(query);
    expect(noteValue).toHaveBeenCalledExactlyOnceWith(query);
  });
});

describe('what a handler throws', () => {
  test('is told and thrown on', () => {
    const { run, noteError, noteValue } = call(() => {
      throw error;
    });
    expect(run).toThrow(error);
    expect(noteError).toHaveBeenCalledExactlyOnceWith(error);
    expect(noteValue).not.toHaveBeenCalled();
  });

  test('is told and rejected on', async () => {
    const { run, noteError } = call(() => Promise.reject(error));
    await expect(run()).rejects.toBe(error);
    expect(noteError).toHaveBeenCalledExactlyOnceWith(error);
  });

  test('has the frames of all who await the handler', async () => {
    async function order(): Promise<never> {
      await new Promise(setImmediate);
      throw new RangeError('no order');
    }
    async function authenticate(): Promise<void> {
      await telling(order, () => {});
    }
    const { stack } = (await authenticate().catch((thrown: unknown) => thrown)) as Error;
    expect(stack?.split('\n').slice(1, 3)).toEqual([
      expect.stringContaining('at order '),
      expect.stringMatching(/at (async )?authenticate /),
    ]);
  });
});

test('an error of who is told disturbs nobody', async () => {
  const broken = (): never => {
    throw new TypeError('ours');
  };
  expect(telling(() => 1, broken, broken)).toBe(1);
  expect(await telling(async () => 1, broken, broken)).toBe(1);
  await expect(telling(() => Promise.reject(error), broken, broken)).rejects.toBe(error);
});
