/** What becomes of a request that goes wrong: the error and the way it took are in its one event. */
import { expect, it } from 'vitest';
import { enter, exit, fail } from '../../../../runtime/observe/hooks.ts';
import type { ReplayStackEvent } from '../../../../runtime/protocol.ts';
import type { Application, Driver, Handler } from '../../../support/application.ts';
import { startApplication } from '../../../support/application.ts';

/** The ways of failing that every framework knows. */
const FAILURES: Record<string, Handler> = {
  'a synchronous throw': () => {
    throw new TypeError('broken');
  },
  'a rejection': async () => {
    await Promise.resolve();
    throw new TypeError('broken');
  },
  'a rejection with a promise that was returned': () => Promise.reject(new TypeError('broken')),
  'an error that is handed on': (exchange) => exchange.pass(new TypeError('broken')),
  'a frozen error': () => {
    throw Object.freeze(new TypeError('broken'));
  },
};

/** As the build writes it into a function that fails. */
async function observed(id: number, password: string): Promise<never> {
  const call = enter('src/services/orders.ts:12:loadOrder');
  try {
    await Promise.resolve();
    throw new RangeError(`no order ${id}`);
  } catch (error) {
    throw fail(call, error, { id, password });
  } finally {
    exit(call);
  }
}

export function failures(driver: Driver): void {
  const unhandled = Object.entries(FAILURES).filter(
    ([name]) => !(driver.marksErrors && name === 'a frozen error'),
  );
  const answering = (app: Application): void =>
    app.onError((error, exchange) => exchange.json({ sorry: String(error) }, 503));

  it.each(unhandled)('are told of by their error, unhandled: %s', async (_name, handler) => {
    await using test = await startApplication(driver, (app) => app.on('get', '/x', handler));
    const response = await test.request('/x');
    expect(response.status).toBe(500);
    expect(await test.events()).toEqual([
      expect.objectContaining({
        status: 'failed',
        statusCode: 500,
        errorName: 'TypeError',
        errorMessage: 'broken',
        stackTrace: expect.stringContaining('failures.ts'),
        metadata: { framework: driver.framework, route: '/x', handled: false },
      }),
    ]);
  });

  it.each(Object.entries(FAILURES))('are told of by their error, handled: %s', async (_name, handler) => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', handler);
      answering(app);
    });
    const response = await test.request('/x');
    expect(await response.json()).toEqual({ sorry: 'TypeError: broken' });
    expect(await test.events()).toEqual([
      expect.objectContaining({
        status: 'failed',
        statusCode: 503,
        errorMessage: 'broken',
        responsePayload: { sorry: 'TypeError: broken' },
        metadata: { framework: driver.framework, route: '/x', handled: true },
      }),
    ]);
  });

  it('are found in middleware, and in nested routers and apps', async () => {
    await using test = await startApplication(driver, (app) => {
      app.mount('/middleware', (router) => {
        router.use(async () => {
          throw new Error('in middleware');
        });
        router.on('get', '/', (exchange) => exchange.send('never'));
      });
      app.mount('/router', (router) => router.on('get', '/', FAILURES['a rejection'] as Handler));
      app.mountApp('/app', (inner) => {
        inner.on('get', '/', FAILURES['a synchronous throw'] as Handler);
        inner.onError((_error, exchange) => exchange.json({ inner: true }, 502));
      });
    });
    for (const path of ['/middleware', '/router', '/app']) await test.request(path);
    expect((await test.events()).map(summary)).toEqual([
      ['/middleware', 500, 'in middleware', false],
      ['/router', 500, 'broken', false],
      ['/app', 502, 'broken', true],
    ]);
  });

  if (driver.endsAtErrorHandlers !== true) {
    it('are unhandled when the error handler fails as well', async () => {
      await using test = await startApplication(driver, (app) => {
        app.on('get', '/x', FAILURES['a synchronous throw'] as Handler);
        app.onError(() => {
          throw new Error('in the error handler');
        });
      });
      expect((await test.request('/x')).status).toBe(500);
      expect((await test.events()).map(summary)).toEqual([['/x', 500, 'broken', false]]);
    });
  }

  it('show the way of the error through observed functions, with their arguments', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', () => observed(7, 'SECRET'));
      answering(app);
    });
    await test.request('/x');
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event?.metadata?.['trail']).toEqual([
      {
        functionName: 'loadOrder',
        fileName: 'src/services/orders.ts',
        lineNumber: 12,
        arguments: { id: 7, password: '[MASKED]' },
      },
    ]);
    expect(event?.breadcrumbs?.map(({ message, level }) => [message, level])).toEqual([
      ['HTTP request started', 'info'],
      ['loadOrder', 'error'],
      ['Unhandled exception captured', 'error'],
      ['HTTP request finished', 'info'],
    ]);
  });

  it('leave but a breadcrumb when the handler catches them', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', async (exchange) => {
        await observed(7, 'SECRET').catch(() => {});
        return exchange.json({ fine: true });
      });
    });
    await test.request('/x');
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ status: 'success', statusCode: 200 });
    expect(event).not.toHaveProperty('errorName');
    expect(event?.breadcrumbs).toContainEqual(
      expect.objectContaining({
        message: 'loadOrder',
        level: 'error',
        metadata: expect.objectContaining({ error: 'RangeError: no order 7' }),
      }),
    );
  });

  it.each([
    ['a text', 'just a text', 'just a text'],
    ['a number', 42, '42'],
    ['an object', { code: 'E_CODE' }, '{"code":"E_CODE"}'],
  ])('are told of by %s that was thrown', async (_name, thrown, message) => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', async () => {
        await Promise.resolve();
        throw thrown;
      });
    });
    expect((await test.request('/x')).status).toBe(500);
    expect(await test.events()).toEqual([
      expect.objectContaining({ status: 'failed', statusCode: 500, errorMessage: message }),
    ]);
  });

  it('are failed requests even if what was thrown steers rather than fails', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', async () => {
        await Promise.resolve();
        throw new Response('answer', { status: 202 });
      });
    });
    const { status } = await test.request('/x');
    const [event, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ statusCode: status });
    expect(event).not.toHaveProperty('errorName');
  });

  it('do not mix the ways of one error that several requests throw', async () => {
    const single = new Error('made once');
    let arrived = 0;
    let release: (() => void) | undefined;
    const both = new Promise<void>((resolve) => (release = resolve));
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/:name', async (exchange) => {
        const name = exchange.param('name') as string;
        const call = enter(`src/x.ts:1:${name}`);
        try {
          if (++arrived === 2) release?.();
          await both;
          throw single;
        } catch (error) {
          throw fail(call, error, { name });
        } finally {
          exit(call);
        }
      });
    });
    await Promise.all(['ada', 'bob'].map((name) => test.request(`/${name}`)));
    const events = await test.events();
    expect(events.map(({ endpoint, errorMessage }) => `${endpoint} ${errorMessage}`).sort()).toEqual([
      '/ada made once',
      '/bob made once',
    ]);
    for (const { endpoint = '', metadata } of events) {
      const name = endpoint.slice(1);
      expect(metadata?.['trail']).toMatchObject([{ functionName: name, arguments: { name } }]);
    }
  });

  it('are events of their own once the response is out', async () => {
    let fails: (() => void) | undefined;
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', (exchange) => {
        const late = new Promise<void>((resolve) => (fails = resolve));
        void late.then(() => observed(7, 'SECRET')).catch(() => {});
        return exchange.json({ fine: true });
      });
    });
    await test.request('/x');
    const [event] = await test.events();
    fails?.();
    const [, late, ...others] = await test.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ eventType: 'api', status: 'success' });
    expect(late).toMatchObject({
      eventType: 'custom',
      endpoint: 'loadOrder',
      traceId: event?.traceId,
      status: 'failed',
      errorMessage: 'no order 7',
    });
    expect(late?.breadcrumbs?.map(({ message }) => message)).toContain('HTTP request started');
  });
}

function summary({ endpoint, statusCode, errorMessage, metadata }: ReplayStackEvent): unknown[] {
  return [endpoint, statusCode, errorMessage, metadata?.['handled']];
}
