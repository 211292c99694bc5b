/** Middleware for Express applications that no build has seen: what the build's hooks do, and options of its own. */
import type { ErrorRequestHandler, Express, Request } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { expressApp } from '../../../runtime/adapters/express.ts';
import { replayStackExpress } from '../../../runtime/adapters/express-middleware.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { jsonBody } from '../../support/application.ts';
import { express4, express5, MIDDLEWARE_4, MIDDLEWARE_5 } from '../../support/express.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(MIDDLEWARE_4);
describeAdapter(MIDDLEWARE_5);

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('middleware for %s', (_name, express) => {
  /** Serves an app, and gives the events of what is asked of it. */
  async function events(
    define: (app: Express, middleware: ReturnType<typeof replayStackExpress>) => void,
    ask: (url: string) => Promise<unknown>,
    options: Parameters<typeof replayStackExpress>[1] = {},
    app: Express = express(),
  ): Promise<ReplayStackEvent[]> {
    await using test = await startRuntime({ ignoredPaths: ['/internal'], captureHeaders: false });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    define(app, replayStackExpress(test.client, options));
    await using server = await startServer(app as never);
    await ask(server.url);
    await server.idle();
    return await test.events();
  }

  const boom = (): never => {
    throw new RangeError('boom');
  };
  const outcome = ({ statusCode, errorMessage, metadata }: ReplayStackEvent): unknown[] => [
    statusCode,
    errorMessage,
    metadata?.['handled'],
  ];

  it('tells errors that the application answers from those that nobody does, at the first request already', async () => {
    const answer: ErrorRequestHandler = (_error, _request, response, _next) =>
      void response.status(422).end();
    const pass: ErrorRequestHandler = (error, _request, _response, next) => next(error);
    const handled = await events(
      (app, middleware) => app.use(middleware).get('/x', boom).use(answer),
      (url) => fetch(`${url}/x`),
    );
    const unhandled = await events(
      (app, middleware) => app.use(middleware).get('/x', boom).use(pass),
      (url) => fetch(`${url}/x`),
    );
    const mounted = await events(
      (app, middleware) => app.use(middleware).use('/in', express.Router().get('/x', boom).use(answer)),
      (url) => fetch(`${url}/in/x`),
    );
    expect(handled.map(outcome)).toEqual([[422, 'boom', true]]);
    expect(unhandled.map(outcome)).toEqual([[500, 'boom', false]]);
    expect(mounted.map(outcome)).toEqual([[422, 'boom', true]]);
    vi.restoreAllMocks();
  });

  it('sees what is registered after the first request', async () => {
    const [first, second] = await events(
      (app, middleware) => {
        app.use(middleware);
        app.get('/later', (_request, response) => {
          app.get('/x', boom);
          app.use(((_error, _request, response, _next) => response.status(418).end()) as ErrorRequestHandler);
          response.end();
        });
      },
      async (url) => {
        await fetch(`${url}/later`);
        await fetch(`${url}/x`);
      },
    );
    expect(outcome(first as ReplayStackEvent)).toEqual([200, undefined, undefined]);
    expect(outcome(second as ReplayStackEvent)).toEqual([418, 'boom', true]);
    vi.restoreAllMocks();
  });

  it('captures below the path that it is registered under, and nowhere else', async () => {
    const seen = await events(
      (app, middleware) => {
        app.use('/api', middleware);
        app.get(['/api/x', '/x'], (_request, response) => void response.end());
      },
      async (url) => {
        await fetch(`${url}/x`);
        await fetch(`${url}/api/x`);
      },
    );
    expect(seen.map(({ endpoint }) => endpoint)).toEqual(['/api/x']);
  });

  it('takes options for its requests, over those of the client', async () => {
    const [event, ...others] = await events(
      (app, middleware) => {
        app.use(middleware, express.json());
        app.use((request, response) => void response.status(201).json({ got: request.body as unknown }));
      },
      async (url) => {
        for (const path of ['/internal/x', '/private', '/unwanted']) await fetch(url + path);
        await fetch(`${url}/orders`, {
          ...jsonBody({ n: 1 }),
          headers: { 'content-type': 'application/json', 'x-request-id': 'mine', authorization: 'Bearer x' },
        });
      },
      {
        captureHeaders: true,
        captureRequestBody: false,
        captureResponseBody: false,
        ignoredPaths: ['/private'],
        getTraceId: (request: Request) => request.get('x-request-id'),
        shouldCapture: ({ path }) => path !== '/unwanted',
      },
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      endpoint: '/orders',
      traceId: 'mine',
      authMode: 'bearer',
      requestHeaders: { authorization: '[MASKED]' },
      responseHeaders: { 'x-trace-id': 'mine' },
    });
    expect(event).not.toHaveProperty('requestPayload');
    expect(event).not.toHaveProperty('responsePayload');
  });

  it('leaves out headers, and tells how the request was authorised all the same', async () => {
    await using test = await startRuntime();
    const app = express();
    app.use(replayStackExpress(test.client, { captureHeaders: false, captureRequestBody: undefined }));
    app.post('/x', express.json(), (_request, response) => void response.end());
    await using server = await startServer(app as never);
    await fetch(`${server.url}/x`, {
      ...jsonBody({ n: 1 }),
      headers: { 'content-type': 'application/json', 'x-api-key': 'k' },
    });
    await server.idle();
    const [event] = await test.events();
    expect(event).toMatchObject({ authMode: 'api_key', requestPayload: { n: 1 } });
    expect(event).not.toHaveProperty('requestHeaders');
    expect(event).not.toHaveProperty('responseHeaders');
  });

  it('makes one event of a request that the build captures as well, with its options for the end', async () => {
    const define = (app: Express, middleware: ReturnType<typeof replayStackExpress>): void => {
      app.use(middleware, middleware);
      app.get(['/x', '/private'], (_request, response) => void response.json({ a: 1 }));
    };
    const ask = async (url: string): Promise<void> => {
      await fetch(`${url}/private`);
      await fetch(`${url}/x`);
    };
    const options = { captureResponseBody: false, ignoredPaths: ['/private'] };
    const [event, ...others] = await events(define, ask, options, expressApp(express()));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ endpoint: '/x', metadata: { framework: 'express' } });
    expect(event).not.toHaveProperty('responsePayload');
  });

  it('reports options that do not fit, and goes by those of the client', async () => {
    await using test = await startRuntime({ captureResponseBody: false });
    const app = express();
    const options = { captureResponseBody: 7, shouldCapture: 'no', captureCookies: true };
    app.use(replayStackExpress(test.client, options as never));
    app.get('/x', (_request, response) => void response.json({ a: 1 }));
    await using server = await startServer(app as never);
    await fetch(`${server.url}/x`);
    await server.idle();
    const [event] = await test.events();
    expect(event?.endpoint).toBe('/x');
    expect(event).not.toHaveProperty('responsePayload');
    expect(test.errors).toHaveLength(3);
  });

  it('does nothing with a client that is not enabled', async () => {
    await using test = await startRuntime({ enabled: false });
    const app = express();
    app.use(replayStackExpress(test.client));
    app.get('/x', (_request, response) => void response.end());
    await using server = await startServer(app as never);
    const response = await fetch(`${server.url}/x`);
    expect(response.headers.has('x-trace-id')).toBe(false);
    expect(await test.events()).toEqual([]);
  });

  it('captures with the client that it was given, even if there is another', async () => {
    await using first = await startRuntime();
    await using second = await startRuntime();
    const app = express();
    app.use(replayStackExpress(first.client));
    app.get('/x', boom);
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await using server = await startServer(app as never);
    await fetch(`${server.url}/x`);
    await server.idle();
    expect((await first.events()).map(outcome)).toEqual([[500, 'boom', false]]);
    expect(await second.events()).toEqual([]);
    vi.restoreAllMocks();
    forgetClient();
  });
});
