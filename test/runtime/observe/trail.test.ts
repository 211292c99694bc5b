import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { build } from '../../../runtime/build.ts';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import { enter, exit, fail, settle } from '../../../runtime/observe/hooks.ts';
import type { ReplayStackEvent, TrailEntry } from '../../../runtime/protocol.ts';
import { createScope, runInScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { macrotasks, startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

/** As the build writes an async function of that name. */
async function observed(
  name: string,
  body: () => unknown,
  args: Record<string, unknown> = {},
): Promise<unknown> {
  const call = enter(`src/${name}.ts:${name.length}:${name}`);
  try {
    return settle(call, body(), args);
  } catch (error) {
    throw fail(call, error, args);
  } finally {
    exit(call);
  }
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

const ignore = (): void => {};

function trailNames(event: ReplayStackEvent | undefined): string[] {
  return ((event?.metadata?.['trail'] ?? []) as TrailEntry[]).map(({ functionName }) => functionName);
}

describe('an error outside of any request', () => {
  it('becomes one event, with the way it took and the arguments of every call', async () => {
    test.client.addBreadcrumb('before');
    const inner = (id: number): Promise<unknown> =>
      observed(
        'inner',
        async () => {
          await Promise.resolve();
          throw new TypeError('broken');
        },
        { id },
      );
    const outer = (options: object): Promise<unknown> =>
      observed('outer', async () => await inner(7), { options });
    await outer({ password: 'SECRET', deep: [1] }).catch(ignore);
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventType: 'custom',
      endpoint: 'outer',
      status: 'failed',
      errorName: 'TypeError',
      errorMessage: 'broken',
    });
    expect(event?.metadata).toEqual({
      trail: [
        { functionName: 'inner', fileName: 'src/inner.ts', lineNumber: 5, arguments: { id: 7 } },
        {
          functionName: 'outer',
          fileName: 'src/outer.ts',
          lineNumber: 5,
          arguments: { options: { password: '[MASKED]', deep: [1] } },
        },
      ],
    });
    expect(event?.breadcrumbs?.map(({ message, level }) => [message, level])).toEqual([
      ['before', 'info'],
      ['outer', 'error'],
      ['inner', 'error'],
    ]);
  });

  it('is one event even if it goes on climbing later', async () => {
    const slow = observed('outer', async () => {
      try {
        await observed('inner', throwing(new Error('broken')));
      } finally {
        await macrotasks();
      }
    });
    await slow.catch(ignore);
    const events = await test.events();
    expect(events.map(trailNames)).toEqual([['inner']]);
  });

  it('is one event even if many wait for it', async () => {
    const shared = observed('shared', async () => {
      await macrotasks();
      throw new Error('broken');
    });
    await Promise.all(['a', 'b', 'c'].map((name) => observed(name, async () => await shared).catch(ignore)));
    expect(await test.events()).toHaveLength(1);
  });

  it.each([['text'], [42], [undefined], [null]])('is one event if it is %s', async (thrown) => {
    const climb = observed('outer', () =>
      observed('middle', async () => await observed('inner', throwing(thrown))),
    );
    await climb.catch(ignore);
    const events = await test.events();
    expect(events.map(({ errorMessage }) => errorMessage)).toEqual([String(thrown)]);
    expect(events.map(trailNames)).toEqual([['inner', 'middle', 'outer']]);
  });

  it('is another event each time if it is no object', async () => {
    for (let time = 0; time < 2; time++) {
      await observed('f', throwing('text')).catch(ignore);
      await macrotasks();
    }
    expect(await test.events()).toHaveLength(2);
  });

  it('is one event if it is captured by hand, and that tells its way as well', async () => {
    try {
      await observed('f', throwing(new Error('broken')));
    } catch (error) {
      void test.client.captureException(error, { endpoint: 'by hand', metadata: { own: true } });
    }
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ endpoint: 'by hand', metadata: { own: true } });
    expect(trailNames(event)).toEqual(['f']);
  });

  it('is told with the innermost of very many calls', async () => {
    const recurse = (depth: number): Promise<unknown> =>
      observed(
        'recurse',
        async () => (depth === 0 ? throwing(new Error('deep'))() : await recurse(depth - 1)),
        { depth },
      );
    await recurse(100).catch(ignore);
    const [event] = await test.events();
    const trail = event?.metadata?.['trail'] as TrailEntry[];
    expect(trail.map(({ arguments: { depth } }) => depth)).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
  });

  it.each<[string, unknown]>([
    ['frozen', Object.freeze(new Error('x'))],
    [
      'hostile',
      new Proxy(new Error('x'), {
        get: throwing(new Error('trap')),
        getPrototypeOf: throwing(new Error('trap')),
      }),
    ],
    ['a function', (): void => {}],
  ])('may be %s', async (_name, thrown) => {
    const caught = await observed('f', throwing(thrown)).catch((error: unknown) => [error]);
    expect((caught as unknown[])[0]).toBe(thrown);
    expect((await test.events()).map(({ status }) => status)).toEqual(['failed']);
    expect(test.errors).toEqual([]);
  });

  it('is none of ours with captureErrors off, but a breadcrumb', async () => {
    const mutable = build as { captureErrors: boolean };
    mutable.captureErrors = false;
    try {
      await observed('f', throwing(new Error('broken'))).catch(ignore);
      expect(await test.events()).toEqual([]);
      expect(test.client.getBreadcrumbs()).toMatchObject([{ message: 'f', level: 'error' }]);
    } finally {
      mutable.captureErrors = true;
    }
  });

  it('is reported internally when the client fails', async () => {
    test.client.captureException = throwing(new Error('inside'));
    await observed('f', throwing(new Error('broken'))).catch(ignore);
    await macrotasks();
    test.client.captureException = () => Promise.reject(new Error('later'));
    await observed('f', throwing(new Error('broken'))).catch(ignore);
    await macrotasks();
    expect(test.errors.map(({ message }) => message)).toEqual(['inside', 'later']);
  });
});

describe('an error inside of a request', () => {
  it('is a breadcrumb of it, and the request decides whether it is more', async () => {
    const scope = createScope('trace', 10);
    await runInScope(scope, () => observed('f', throwing(new Error('broken')))).catch(ignore);
    expect(await test.events()).toEqual([]);
  });

  it('is an event of its own once that of the request is out', async () => {
    const scope = createScope('trace', 10);
    scope.closed = true;
    await runInScope(scope, () => observed('f', throwing(new Error('broken')))).catch(ignore);
    expect(await test.events()).toMatchObject([{ traceId: 'trace', endpoint: 'f', errorMessage: 'broken' }]);
  });

  it('leaves nothing when the request is ignored', async () => {
    const scope = createScope('', 0, true);
    await runInScope(scope, () => observed('f', throwing(new Error('broken')))).catch(ignore);
    expect(await test.events()).toEqual([]);
  });
});

describe('an error in a context made by hand', () => {
  it('is an event of its own, with what belongs to the context', async () => {
    await runWithReplayStackContext(
      async () => {
        test.client.addBreadcrumb('in the context');
        await observed('f', throwing(new Error('broken')));
      },
      { traceId: 'job-1' },
    ).catch(ignore);
    const [event] = await test.events();
    expect(event).toMatchObject({ traceId: 'job-1', endpoint: 'f' });
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual(['in the context', 'f']);
    expect(test.client.getBreadcrumbs()).toEqual([]);
  });
});

describe('the error itself', () => {
  it('is never decorated, and its stack is not read before it is needed', async () => {
    const error = new Error('broken');
    const stack = vi.fn(() => 'Error: broken');
    Object.defineProperty(error, 'stack', { get: stack, configurable: true });
    const before = Reflect.ownKeys(error);
    await runInScope(createScope('trace', 10), () => observed('f', throwing(error))).catch(ignore);
    await macrotasks();
    expect(Reflect.ownKeys(error)).toEqual(before);
    expect(stack).not.toHaveBeenCalled();
  });
});
