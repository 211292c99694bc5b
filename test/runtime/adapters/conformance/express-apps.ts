/** What is Express's own, in both versions: apps and routers are left as they are, and so is what is no Express at all. */
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { expressApp, expressHandler } from '../../../../runtime/adapters/express.ts';
import type { express5 } from '../../../support/express.ts';
import { startRuntime } from '../../../support/runtime.ts';
import { startServer } from '../../../support/server.ts';

export function describeExpressApps(name: string, express: typeof express5): void {
  const handler: RequestHandler = (_request, response) => void response.send('ok');

  describe(`an app of ${name}`, () => {
    it('is what it was', () => {
      const app = express();
      const before = { keys: Reflect.ownKeys(app), name: app.name, length: app.length };
      const { locals, mountpath, settings, handle } = app as Express & {
        settings: object;
        handle: RequestHandler;
      };
      expect(expressApp(app)).toBe(app);
      expect(expressApp(app)).toBe(app);
      expect({ keys: Reflect.ownKeys(app), name: app.name, length: app.length }).toEqual(before);
      expect(app.get('env')).toBe('test');
      expect(app.locals).toBe(locals);
      expect(app.mountpath).toBe(mountpath);
      expect((app as unknown as { settings: object }).settings).toBe(settings);
      const now = (app as unknown as { handle: RequestHandler }).handle;
      expect([now.name, now.length]).toEqual([handle.name, handle.length]);
    });

    it('is asked for settings as before', () => {
      const app = expressApp(express());
      app.set('title', 'Shop');
      expect(app.get(expressHandler(app, 'title'))).toBe('Shop');
    });
  });

  describe(`a handler of ${name}`, () => {
    it('is wrapped once for each owner, and looks like itself', () => {
      const app = express();
      const wrapped = expressHandler(app, handler);
      expect(wrapped).not.toBe(handler);
      expect(wrapped).toHaveLength(2);
      expect(wrapped.name).toBe('handler');
      expect(expressHandler(app, handler)).toBe(wrapped);
      expect(expressHandler(app, wrapped)).toBe(wrapped);
      expect(expressHandler(express.Router(), handler)).not.toBe(wrapped);
    });

    it('is told from an error handler by its four parameters', () => {
      const wrapped = expressHandler(express(), (_a: unknown, _b: unknown, _c: unknown, _d: unknown) => {});
      expect(wrapped).toHaveLength(4);
    });

    it('may be called as no handler is', () => {
      const add = expressHandler(express(), (a: number, b: number) => a + b);
      expect(add(1, 2)).toBe(3);
    });

    it('keeps its this, its arguments, and what it returns', async () => {
      await using test = await startRuntime();
      const seen: unknown[] = [];
      const app = expressApp(express());
      const returned = { fine: true };
      const wrapped = expressHandler(app, function (this: unknown, ...args: unknown[]): object {
        seen.push(this, args.length);
        (args[1] as Response).send('ok');
        return returned;
      });
      let got: unknown;
      app.get('/', ((request: Request, response: Response, next: NextFunction) => {
        got = wrapped.call('self', request, response, next, 'one more');
      }) as RequestHandler);
      await using server = await startServer(app);
      await fetch(server.url);
      expect(seen).toEqual(['self', 4]);
      expect(got).toBe(returned);
      await server.idle();
      expect(await test.events()).toHaveLength(1);
    });
  });

  describe(`what is handed back to ${name} unchanged`, () => {
    const app = express();

    it.each<[string, unknown]>([
      ['a router', express.Router()],
      ['an app', express()],
      ['a path', '/x'],
      ['a list of paths', ['/x', /y/]],
      ['nothing', undefined],
    ])('is %s', (_name, argument) => {
      expect(expressHandler(app, argument, '/x')).toBe(argument);
    });

    it.each<[string, unknown]>([
      ['a map', new Map()],
      ['an HTTP client', { get: () => {}, defaults: {} }],
      ['a function with methods', Object.assign(() => {}, { get: () => {}, use: () => {} })],
      ['an object with a stack', { stack: [] }],
      [
        'a hostile object',
        new Proxy(() => {}, {
          get: () => {
            throw new Error('trap');
          },
        }),
      ],
      ['nothing', undefined],
      ['a text', 'app'],
    ])('is a handler that is registered on %s', (_name, owner) => {
      expect(expressHandler(owner, handler)).toBe(handler);
    });

    it.each([[undefined], [null], [{}], [(): void => {}], [new Map()]])(
      'is %s in place of an app',
      (value) => {
        expect(expressApp(value)).toBe(value);
      },
    );
  });
}
