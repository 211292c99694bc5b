/** Hono on Node: base path, sub-applications, middleware, thrown answers, forms, text and event streams. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline, STREAMED } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { scenarios } from './scenarios/hono.ts';

describeApplication(
  'a Hono application',
  {
    app: 'apps/hono',
    // The other three build Express 4; all of them build orders-api.
    bundlers: ['rollup', 'webpack', 'rspack'],
    scenarios,
    session: { path: '/v1/session', metadata: { framework: 'hono', route: '/v1/session' } },
    pieces: { path: '/v1/pieces', metadata: { framework: 'hono', route: '/v1/pieces' } },
    concurrent: {
      path: (id) => `/v1/notes/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { id } }, {}] });
        expect(outline(breadcrumbs).slice(1, 4)).toEqual(['use *', 'GET /:id!', 'read!']);
      },
    },
  },
  (running) => {
    test('server-sent events arrive, and are not captured', async () => {
      const { service, receiver } = running();
      const { headers, body } = await send(service.url, { path: '/v1/ticks' });
      expect(body).toBe('event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n');
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({ responsePayload: STREAMED, metadata: { route: '/v1/ticks' } });
    });

    test('HEAD is answered by the handler of GET', async () => {
      const { service, receiver } = running();
      const { status, headers } = await send(service.url, { method: 'HEAD', path: '/v1/notes/1' });
      expect(status).toBe(200);
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({ method: 'HEAD', statusCode: 200, metadata: { route: '/v1/notes/:id' } });
      expect(event).not.toHaveProperty('responsePayload');
    });
  },
);
