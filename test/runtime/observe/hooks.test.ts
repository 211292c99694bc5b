import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../../runtime/observe/breadcrumbs.ts';
import { toBreadcrumbs } from '../../../runtime/observe/breadcrumbs.ts';
import { done, enter, exit, fail, leave, settle } from '../../../runtime/observe/hooks.ts';
import { runtime } from '../../../runtime/state.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { macrotasks, startRuntime } from '../../support/runtime.ts';

const SITE = 'src/orders.ts:12:create';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(async () => {
  vi.restoreAllMocks();
  await test[Symbol.asyncDispose]();
});

function crumbs(): [message: string, level: string, metadata: Record<string, unknown>][] {
  return toBreadcrumbs(test.client.trail).map(({ message, level, metadata }) => [message, level, metadata]);
}

/** As the build writes it. */
async function observed(make: () => unknown, site = SITE): Promise<unknown> {
  const call = enter(site);
  try {
    return settle(call, make(), call && { make });
  } catch (error) {
    throw fail(call, error, { make });
  } finally {
    exit(call);
  }
}

describe('an observed async function', () => {
  it('leaves a breadcrumb with its duration', async () => {
    await observed(() => 1);
    expect(crumbs()).toEqual([
      ['create', 'info', { fileName: 'src/orders.ts', lineNumber: 12, durationMs: expect.any(Number) }],
    ]);
  });

  it('is running until the promise that it returned is settled', async () => {
    let resolve: ((value: string) => void) | undefined;
    const result = observed(() => new Promise((give) => (resolve = give)));
    await macrotasks();
    expect(crumbs()[0]?.[2]).toMatchObject({ running: true });
    resolve?.('value');
    expect(await result).toBe('value');
    expect(crumbs()[0]?.[2]).not.toHaveProperty('running');
  });

  it('failed when the promise that it returned rejects', async () => {
    const error = new Error('later');
    await expect(observed(() => Promise.reject(error))).rejects.toBe(error);
    expect(crumbs()).toMatchObject([['create', 'error', { error: 'Error: later' }]]);
  });

  it('failed when it throws, whatever it is', async () => {
    const thrown: unknown[] = [
      undefined,
      null,
      0,
      'text',
      Symbol('s'),
      Object.create(null),
      Object.freeze(new Error('x')),
    ];
    for (const error of thrown) {
      const caught = await observed(() => {
        throw error;
      }).catch((caught: unknown) => [caught]);
      expect(caught).toEqual([error]);
    }
    expect(crumbs().map(([, level]) => level)).toEqual(thrown.map(() => 'error'));
    expect(crumbs().map(([, , { error }]) => error)).toEqual([
      'undefined',
      'null',
      '0',
      'text',
      'Symbol(s)',
      'unreadable error',
      'Error: x',
    ]);
  });

  it('did not fail when what it throws steers', async () => {
    const thrown = new Response(null, { status: 302 });
    await expect(
      observed(() => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
    expect(crumbs()).toMatchObject([['create', 'info', {}]]);
    expect(await test.events()).toEqual([]);
  });
});

describe('an observed synchronous function', () => {
  function total(prices: number[], fails = false): number {
    const call = enter('src/orders.ts:20:total');
    try {
      if (fails) throw new Error('no total');
      return done(
        call,
        prices.reduce((sum, price) => sum + price, 0),
      );
    } finally {
      leave(call);
    }
  }

  it('leaves a breadcrumb, and calls in a row leave one', () => {
    for (let index = 0; index < 3; index++) expect(total([1, 2])).toBe(3);
    expect(crumbs()).toMatchObject([['total', 'info', { calls: 3 }]]);
  });

  it('failed when it was never done', () => {
    expect(() => total([], true)).toThrow('no total');
    total([]);
    expect(crumbs()).toMatchObject([
      ['total', 'error', {}],
      ['total', 'info', {}],
    ]);
  });
});

describe('hooks', () => {
  it('hand back what they were given', () => {
    const call = enter(SITE);
    const value = {};
    const error = new Error('x');
    expect(settle(call, value)).toBe(value);
    expect(done(call, value)).toBe(value);
    expect(fail(call, error)).toBe(error);
    expect(settle(undefined, value)).toBe(value);
    expect(done(undefined, value)).toBe(value);
    expect(fail(undefined, error)).toBe(error);
    exit(undefined);
    leave(undefined);
  });

  it('never throw, whatever fails inside of them', async () => {
    const call = enter(SITE) as Call;
    vi.spyOn(runtime().errors, 'get').mockImplementation(() => {
      throw new Error('inside');
    });
    expect(fail(call, new TypeError('x'))).toBeInstanceOf(TypeError);
    Object.defineProperty(test.client, 'trail', {
      get() {
        throw new Error('inside');
      },
    });
    expect(enter(SITE)).toBeUndefined();
    expect(await observed(() => 1)).toBe(1);
  });

  it('do not touch what is no plain promise', async () => {
    class Lazy extends Promise<string> {}
    const touched: string[] = [];
    const watch = <T extends object>(name: string, value: T): T => {
      // oxlint-disable-next-line unicorn/no-thenable -- what must not be asked for it
      Object.defineProperty(value, 'then', {
        get() {
          touched.push(name);
          return undefined;
        },
      });
      return value;
    };
    const call = enter(SITE);
    const values: object[] = [
      watch('thenable', {}),
      watch('subclass', Lazy.resolve('x')),
      watch('own then', Promise.resolve('x')),
      Object.setPrototypeOf(
        Promise.resolve('x'),
        watch('changed prototype', Object.create(Promise.prototype) as object),
      ) as object,
      Object.defineProperty(Promise.resolve('x'), 'constructor', {
        get() {
          touched.push('constructor');
          return Lazy;
        },
      }),
      watch('other realm', runInNewContext('Promise.resolve(1)') as object),
    ];
    for (const value of values) expect(settle(call, value)).toBe(value);
    const species = vi.spyOn(Lazy, Symbol.species, 'get');
    void settle(call, Lazy.resolve('x'));
    expect(species).not.toHaveBeenCalled();
    // To look at a constructor is to find out; a `then` that is called would have asked it for its species as well.
    expect(touched.filter((name) => name !== 'constructor')).toEqual([]);
    expect(touched.length).toBeLessThanOrEqual(1);
    expect(call?.pending).toBe(false);
  });

  it('survive proxies, around promises and with traps that throw', async () => {
    const call = enter(SITE);
    const around = new Proxy(Promise.resolve(1), {});
    const hostile = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('trap');
        },
      },
    );
    expect(settle(call, hostile)).toBe(hostile);
    exit(call);
    const plain = (async () => around)();
    await expect(plain).rejects.toThrow(TypeError);
    await expect(observed(() => around)).rejects.toThrow(await plain.catch(({ message }: Error) => message));
    for (const [, , metadata] of crumbs()) expect(metadata).not.toHaveProperty('running');
  });

  it('hold on to no error', async () => {
    await observed(() => {
      throw new Error('x');
    }).catch(() => {});
    await macrotasks();
    for (const record of test.client.trail.records) {
      expect(Object.values(record).some((value) => value instanceof Error)).toBe(false);
    }
  });
});
