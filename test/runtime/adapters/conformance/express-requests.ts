/** What is Express's own, in both versions: routers and their patterns, and middleware that changes the response. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { expressApp, expressHandler } from '../../../../runtime/adapters/express.ts';
import type { express5 } from '../../../support/express.ts';
import { forgetClient, startRuntime } from '../../../support/runtime.ts';
import { startServer } from '../../../support/server.ts';

export function describeExpressRequests(name: string, express: typeof express5): void {
  const handler: RequestHandler = (_request, response) => void response.send('ok');

  describe(`requests to ${name}`, () => {
    it('are captured when only the handler could be wrapped', async () => {
      await using test = await startRuntime();
      const router = express.Router();
      router.get('/:id', expressHandler(router, handler));
      router.get(
        '/fails/:id',
        expressHandler(router, () => {
          throw new Error('broken');
        }),
      );
      const app = express();
      app.use('/items', router);
      await using server = await startServer(app);
      await fetch(`${server.url}/items/7?a=1`);
      await fetch(`${server.url}/items/fails/7`);
      await server.idle();
      expect(await test.events()).toMatchObject([
        { endpoint: '/items/7', requestUrl: `${server.url}/items/7?a=1`, metadata: { route: '/items/:id' } },
        { endpoint: '/items/fails/7', statusCode: 500, errorMessage: 'broken' },
      ]);
    });

    it('are captured for chains that begin with the app, and with lists of handlers', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      const before: RequestHandler = (_request, _response, next) => next();
      app.route('/chained').get(expressHandler(true, [before, [handler]]) as RequestHandler[]);
      await using server = await startServer(app);
      expect(await (await fetch(`${server.url}/chained`)).text()).toBe('ok');
      await server.idle();
      expect(await test.events()).toMatchObject([{ metadata: { route: '/chained' } }]);
    });

    it('failed when an error comes after headers that tell of success', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      app.get(
        '/x',
        expressHandler(app, (_request: Request, response: Response, next: NextFunction) => {
          response.write('some');
          next(new Error('broken'));
        }),
      );
      await using server = await startServer(app);
      await expect((async () => await (await fetch(`${server.url}/x`)).text())()).rejects.toThrow();
      await server.idle();
      expect(await test.events()).toMatchObject([
        {
          status: 'failed',
          statusCode: 200,
          errorMessage: 'broken',
          metadata: { aborted: true, handled: false },
        },
      ]);
    });

    it('are one event with their own pattern, when one handler is registered in several places', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      const next: RequestHandler = (_request, _response, next) => next();
      const items = express.Router();
      const orders = express.Router();
      for (const [router, path] of [
        [items, '/items'],
        [orders, '/orders'],
      ] as const) {
        router.get(
          '/:id',
          expressHandler(router, next),
          expressHandler(router, next),
          expressHandler(router, handler),
        );
        app.use(path, expressHandler(app, router, path));
      }
      await using server = await startServer(app);
      for (const path of ['/items/7', '/orders/8']) await fetch(server.url + path);
      await server.idle();
      const events = await test.events();
      expect(events.map(({ metadata }) => metadata?.['route'])).toEqual(['/items/:id', '/orders/:id']);
    });

    it('have the pattern that fits, when their router hangs in several places', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      const comments = express.Router({ mergeParams: true });
      const version = 'v2';
      comments.get('/c/:cid', expressHandler(comments, handler));
      app.use('/users/:uid/comments', expressHandler(app, comments, '/users/:uid/comments'));
      app.use('/posts/:pid/comments', expressHandler(app, comments, '/posts/:pid/comments'));
      app.use('/comments', expressHandler(app, comments, '/comments'));
      app.use(`/${version}`, expressHandler(app, comments, '/${}'));
      await using server = await startServer(app);
      for (const path of ['/users/5/comments', '/posts/6/comments', '/comments', '/v2']) {
        await fetch(`${server.url}${path}/c/7`);
      }
      await server.idle();
      expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
        '/users/:uid/comments/c/:cid',
        '/posts/:pid/comments/c/:cid',
        '/comments/c/:cid',
        '/v2/c/:cid',
      ]);
    });

    it('have the one of several paths that was asked for', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      const router = express.Router();
      router.get(['/', '/b/:i', /^\/c+$/g], expressHandler(router, handler));
      app.get(['/one', '/two/:i', '/Two/three'], expressHandler(app, handler));
      app.use('/in', expressHandler(app, router, '/in'));
      await using server = await startServer(app);
      const paths = ['/one/?a=/b', '/two/5', '/two/three', '/in', '/in/b/5', '/in/cc'];
      for (const path of paths) await fetch(server.url + path);
      await server.idle();
      expect((await test.events()).map(({ metadata }) => metadata?.['route'])).toEqual([
        '/one',
        '/two/:i',
        '/two/:i',
        '/in',
        '/in/b/:i',
        '/in/^\\/c+$/g',
      ]);
    });

    it('have a response that nobody touched, without an API key', async () => {
      forgetClient();
      vi.stubEnv('REPLAYSTACK_API_KEY', '');
      const app = expressApp(express());
      const touched: boolean[] = [];
      app.get(
        '/x',
        expressHandler(app, (_request: Request, response: Response) => {
          touched.push(Object.hasOwn(response, 'write'), Object.hasOwn(response, 'end'));
          touched.push(response.listenerCount('close') > 1);
          response.end();
        }),
      );
      await using server = await startServer(app);
      await fetch(`${server.url}/x`);
      vi.unstubAllEnvs();
      expect(touched).toEqual([false, false, false]);
    });

    it('keep the pattern of their route when they go on to middleware behind it', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      const router = express.Router();
      router.get(
        '/:id',
        expressHandler(router, (_request: Request, _response: Response, next: NextFunction) => next()),
      );
      app.use('/items', expressHandler(app, router, '/items'));
      app.use(
        expressHandler(
          app,
          (_request: Request, response: Response) => void response.status(404).send('none'),
        ),
      );
      await using server = await startServer(app);
      await fetch(`${server.url}/items/7`);
      await server.idle();
      expect(await test.events()).toMatchObject([{ statusCode: 404, metadata: { route: '/items/:id' } }]);
    });

    it('tell the pattern as far as it is known, when a router hangs under a pattern', async () => {
      await using test = await startRuntime();
      const version = 'v1';
      const app = expressApp(express());
      const router = express.Router();
      router.get('/x', expressHandler(router, handler));
      app.use(`/api/${version}`, expressHandler(app, router, '/api/${}'));
      await using server = await startServer(app);
      await fetch(`${server.url}/api/v1/x`);
      await server.idle();
      expect(await test.events()).toMatchObject([{ metadata: { route: '/api/v1/x' } }]);
    });

    it('show the body as the handler wrote it, behind middleware that compresses it', async () => {
      await using test = await startRuntime();
      const app = expressApp(express());
      app.use(
        expressHandler(app, (_request: Request, response: Response, next: NextFunction) => {
          // As compression does: puts itself around both.
          const { write, end } = response;
          response.end = function (this: Response, chunk: unknown) {
            write.call(this, Buffer.from(String(chunk).toUpperCase()), 'utf8');
            return end.call(this, undefined, 'utf8');
          } as typeof end;
          next();
        }),
      );
      app.get(
        '/x',
        expressHandler(app, (_request: Request, response: Response) => void response.end('whole')),
      );
      await using server = await startServer(app);
      expect(await (await fetch(`${server.url}/x`)).text()).toBe('WHOLE');
      await server.idle();
      expect(await test.events()).toMatchObject([{ responsePayload: 'whole' }]);
    });
  });
}
