/** What the runtime does with on platforms that have web standards alone. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAsyncStorage, readEnvironment } from '../../../runtime/platform/edge.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('the storage of scopes', () => {
  it('is AsyncLocalStorage where that is global, as on Vercel', () => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('AsyncLocalStorage', AsyncLocalStorage);
    expect(createAsyncStorage()).toBeInstanceOf(AsyncLocalStorage);
  });

  it('is AsyncLocalStorage where the platform has builtins of Node, as Workers may', () => {
    expect(createAsyncStorage()).toBeInstanceOf(AsyncLocalStorage);
  });

  it('is one that follows no await, where there is neither', async () => {
    vi.stubGlobal('process', undefined);
    const storage = createAsyncStorage<string>();
    expect(storage.synchronous).toBe(true);
    expect(storage.getStore()).toBeUndefined();
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(storage.getStore());
    const later = storage.run('outer', async () => {
      storage.run('inner', look);
      look();
      await Promise.resolve();
      look();
    });
    look();
    await later;
    expect(seen).toEqual(['inner', 'outer', undefined, undefined]);
    const boom = (): never => {
      throw new Error('boom');
    };
    expect(() => storage.run('outer', boom)).toThrow('boom');
    expect(storage.getStore()).toBeUndefined();
  });
});

it('there may be no environment', () => {
  vi.stubGlobal('process', undefined);
  expect(readEnvironment()).toEqual({});
  vi.stubGlobal('process', { env: { A: '1' } });
  expect(readEnvironment()).toEqual({ A: '1' });
});
