/** Fastify 5: plugins with a prefix, schemas, hooks, decorators, error handlers, streams and bytes. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { scenarios } from './scenarios/fastify.ts';

describeApplication(
  'a Fastify application',
  {
    app: 'apps/fastify',
    bundlers: ['esbuild', 'vite'],
    scenarios,
    session: { path: '/session', metadata: { framework: 'fastify', route: '/session' } },
    pieces: { path: '/files/pieces', metadata: { framework: 'fastify', route: '/files/pieces' } },
    concurrent: {
      path: (id) => `/v1/books/${id}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { id } }, {}] });
        expect(outline(breadcrumbs).slice(1, 4)).toEqual(['GET /:id!', 'find!', 'addHook onSend']);
      },
    },
  },
  (running) => {
    test('HEAD is answered by the route of GET', async () => {
      const { service, receiver } = running();
      const { status, headers } = await send(service.url, { method: 'HEAD', path: '/v1/books/1' });
      expect(status).toBe(200);
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({ method: 'HEAD', statusCode: 200, metadata: { route: '/v1/books/:id' } });
      expect(event).not.toHaveProperty('responsePayload');
    });
  },
);
