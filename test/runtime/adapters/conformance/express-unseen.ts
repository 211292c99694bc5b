/** An app whose making the build has seen, and none of its registrations: what Express itself calls tells of them. */
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { expressApp, expressHandler } from '../../../../runtime/adapters/express.ts';
import type { ReplayStackEvent } from '../../../../runtime/protocol.ts';
import type { express5 } from '../../../support/express.ts';
import { startRuntime } from '../../../support/runtime.ts';
import { startServer } from '../../../support/server.ts';

export function describeUnseenRegistrations(name: string, express: typeof express5): void {
  const boom: RequestHandler = () => {
    throw new RangeError('boom');
  };
  const ok: RequestHandler = (_request, response) => void response.send('ok');
  const answer: ErrorRequestHandler = (error: Error, _request, response, _next) =>
    void response.status(503).json({ sorry: error.message });
  const pass: ErrorRequestHandler = (error, _request, _response, next) => next(error);

  /** What the events say of requests to these paths. */
  async function ask(define: (app: Express) => void, ...paths: string[]): Promise<unknown[]> {
    await using test = await startRuntime();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = expressApp(express());
    define(app);
    await using server = await startServer(app);
    for (const path of paths) await fetch(server.url + path);
    await server.idle();
    vi.restoreAllMocks();
    expect(test.errors).toEqual([]);
    return (await test.events()).map(summary);
  }

  describe(`what is registered on ${name}, and the build did not see`, () => {
    it('has its route, and the error that it leaves to an error handler', async () => {
      const define = (app: Express): void => {
        app.get('/users/:id', boom).get('/fine/:id', ok).use(pass, answer);
      };
      expect(await ask(define, '/users/7', '/fine/7')).toEqual([
        [503, '/users/:id', 'boom', true],
        [200, '/fine/:id', undefined, undefined],
      ]);
    });

    it('has its error when all error handlers hand it on', async () => {
      const define = (app: Express): void => void app.get('/x', boom).use(pass);
      expect(await ask(define, '/x')).toEqual([[500, '/x', 'boom', false]]);
    });

    it('has both in routers and apps below, however they are reached and whenever they are filled', async () => {
      const define = (app: Express): void => {
        const router = express.Router();
        app.use('/in', (request, response, next) => router(request, response, next));
        const late: RequestHandler = (_request, response) => {
          router.get('/:id', boom).use(answer);
          response.end();
        };
        app.get('/late', late);
        app.use('/app', express().get('/:id', boom).use(answer));
      };
      expect(await ask(define, '/late', '/in/7', '/app/7')).toEqual([
        [200, '/late', undefined, undefined],
        [503, '/in/:id', 'boom', true],
        [503, '/app/:id', 'boom', true],
      ]);
    });

    it('has the error of middleware, which has no route', async () => {
      const define = (app: Express): void => void app.use(boom).use(answer);
      expect(await ask(define, '/x')).toEqual([[503, undefined, 'boom', true]]);
    });

    it('keeps its route when it goes on to middleware that the build saw', async () => {
      const define = (app: Express): void => {
        app.use(
          '/in',
          express.Router().get('/:id', (_request, _response, next) => next()),
        );
        app.use(expressHandler(app, ok));
      };
      expect(await ask(define, '/in/7')).toEqual([[200, '/in/:id', undefined, undefined]]);
    });

    it('gives way to what a handler of the same route knows, which the build saw', async () => {
      const define = (app: Express): void => {
        const router = express.Router();
        router.get('/x', (_request, _response, next) => next(), expressHandler(router, ok));
        app.use('/in/:id', expressHandler(app, router, '/in/:id'));
      };
      expect(await ask(define, '/in/7/x')).toEqual([[200, '/in/:id/x', undefined, undefined]]);
    });
  });
}

function summary({ statusCode, errorMessage, metadata }: ReplayStackEvent): unknown[] {
  return [statusCode, metadata?.['route'], errorMessage, metadata?.['handled']];
}
