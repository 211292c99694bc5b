import type { Context, Next } from 'hono';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { honoApp, honoHandler } from '../../../runtime/adapters/hono.ts';
import { express5 } from '../../support/express.ts';
import { HONO } from '../../support/hono.ts';
import { startRuntime } from '../../support/runtime.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(HONO);

const handler = (context: Context): Response => context.text('ok');

describe('an app of Hono', () => {
  it('is what it was', () => {
    const app = new Hono();
    const keys = Object.keys(app);
    const { fetch } = app;
    expect(honoApp(app)).toBe(app);
    const adopted = app.fetch;
    expect(honoApp(app)).toBe(app);
    expect(app.fetch).toBe(adopted);
    expect(Object.keys(app)).toEqual(keys);
    expect([app.fetch.name, app.fetch.length]).toEqual([fetch.name, fetch.length]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a map', new Map()],
    ['an HTTP client', { get: () => {}, fetch: () => {} }],
    [
      'a hostile object',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('trap');
          },
        },
      ),
    ],
    ['an app of Express', express5()],
  ])('is not %s, whose handlers are handed back', (_name, owner) => {
    expect(honoHandler(owner, handler)).toBe(handler);
    expect(honoApp(owner)).toBe(owner);
  });
});

describe('a handler of Hono', () => {
  it('is wrapped once, and looks like itself: Hono counts parameters to tell middleware', () => {
    const app = new Hono();
    const middleware = async (_context: Context, next: Next): Promise<void> => await next();
    const wrapped = honoHandler(app, middleware);
    expect(wrapped).not.toBe(middleware);
    expect([wrapped.name, wrapped.length]).toEqual(['middleware', 2]);
    expect(wrapped.constructor.name).toBe('AsyncFunction');
    expect(honoHandler(app, middleware)).toBe(wrapped);
    expect(honoHandler(app, wrapped)).toBe(wrapped);
    expect(honoHandler(app, ['/path', [middleware]])).toEqual(['/path', [wrapped]]);
  });

  it('does not hide who awaits it from the stacks of errors', async () => {
    await using test = await startRuntime();
    const app = honoApp(new Hono());
    const middleware = async function authenticate(_: Context, next: Next): Promise<void> {
      await next();
    };
    const handler = async function order(): Promise<Response> {
      await new Promise(setImmediate);
      throw new RangeError('no order');
    };
    app.use(honoHandler(app, middleware));
    app.get('/x', honoHandler(app, handler));
    expect((await app.request('/x')).status).toBe(500);
    const [event] = await test.events();
    expect(event?.stackTrace).toMatch(/at order .*\n(.*\n)*?.*at (async )?authenticate /);
  });

  it('may be called as no handler is', () => {
    const add = honoHandler(new Hono(), (a: number, b: number) => a + b);
    expect(add(1, 2)).toBe(3);
  });
});
