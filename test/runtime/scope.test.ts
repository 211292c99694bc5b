import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addNote, toBreadcrumbs } from '../../runtime/observe/breadcrumbs.ts';
import { runWithReplayStackContext } from '../../runtime/context.ts';
import { enter, exit } from '../../runtime/observe/hooks.ts';
import { activeScope, createScope, runInScope } from '../../runtime/scope.ts';
import { runtime } from '../../runtime/state.ts';
import { forgetClient, startRuntime } from '../support/runtime.ts';

beforeEach(forgetClient);
afterEach(() => void vi.unstubAllEnvs());

describe('AsyncLocalStorage', () => {
  it('is not made before the first scope, and then once', () => {
    expect(activeScope()).toBeUndefined();
    expect(runtime().storage).toBeUndefined();
    runInScope(createScope('a', 1), () => {});
    const { storage } = runtime();
    expect(storage).toBeInstanceOf(AsyncLocalStorage);
    runInScope(createScope('b', 1), () => {});
    expect(runtime().storage).toBe(storage);
  });

  it('is not made by a context either, as long as there is no client', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    expect(runWithReplayStackContext(() => activeScope())).toBeUndefined();
    expect(runtime().storage).toBeUndefined();
  });

  it('can be missing', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    expect(runInScope(createScope('a', 1), () => activeScope() ?? 'none')).toBe('none');
    vi.restoreAllMocks();
  });
});

describe('a scope', () => {
  it('holds for what runs in it and what that starts, and hands on what it returns and throws', async () => {
    const scope = createScope('a', 5);
    const error = new Error('x');
    expect(runInScope(scope, () => activeScope())).toBe(scope);
    expect(() =>
      runInScope(scope, () => {
        throw error;
      }),
    ).toThrow(error);
    const promise = Promise.resolve(1);
    expect(runInScope(scope, () => promise)).toBe(promise);
    const later = runInScope(scope, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return activeScope();
    });
    expect(activeScope()).toBeUndefined();
    expect(await later).toBe(scope);
  });

  it('nests: the innermost one counts', () => {
    const outer = createScope('outer', 5);
    const inner = createScope('inner', 5);
    runInScope(outer, () => {
      runInScope(inner, () => {
        expect(activeScope()).toBe(inner);
        addNote(inner.trail, 'inside');
      });
      expect(activeScope()).toBe(outer);
    });
    expect(toBreadcrumbs(outer.trail)).toEqual([]);
    expect(toBreadcrumbs(inner.trail)).toHaveLength(1);
  });

  it('takes the breadcrumbs and logs of the client and of observed functions', async () => {
    await using test = await startRuntime();
    const scope = createScope('a', 5);
    runInScope(scope, () => {
      exit(enter('src/x.ts:1:f'));
      test.client.addBreadcrumb('by hand', { metadata: { token: 'SECRET', n: 1 } });
      test.client.captureLog({ level: 'error', message: 'logged' });
      expect(test.client.getBreadcrumbs()).toHaveLength(2);
    });
    expect(toBreadcrumbs(scope.trail)).toMatchObject([
      { message: 'f' },
      { message: 'by hand', metadata: { token: '[MASKED]', n: 1 } },
    ]);
    expect(scope.logs).toMatchObject([{ message: 'logged' }]);
    expect(test.client.getBreadcrumbs()).toEqual([]);
    expect(test.client.getLogs()).toEqual([]);
  });
});

describe('outside of any scope', () => {
  it('observed functions and the client share one buffer', async () => {
    await using test = await startRuntime({ maxBreadcrumbs: 3 });
    test.client.addBreadcrumb('first');
    exit(enter('src/x.ts:1:f'));
    test.client.addBreadcrumb('second');
    await test.client.captureException(new Error('x'));
    exit(enter('src/x.ts:2:g'));
    await test.client.captureEvent({ endpoint: 'job' });
    const events = await test.events();
    // In either order: the stack of the first has to be mapped.
    expect(events.map(({ breadcrumbs }) => breadcrumbs?.map(({ message }) => message).join()).sort()).toEqual(
      ['f,second,g', 'first,f,second'],
    );
    test.client.clearBreadcrumbs();
    expect(test.client.getBreadcrumbs()).toEqual([]);
  });
});

describe('the state of the process', () => {
  it('is shared by every copy of the runtime', async () => {
    vi.resetModules();
    const copy = await import('../../runtime/state.ts');
    expect(copy.runtime).not.toBe(runtime);
    expect(copy.runtime()).toBe(runtime());
  });
});
