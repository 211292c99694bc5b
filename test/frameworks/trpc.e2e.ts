/** tRPC on the server that it comes with: one event for each request, with its procedures and their errors. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { MASKED, outline, STREAMED } from '../support/e2e-event.ts';
import { open, send } from '../support/e2e-http.ts';
import { scenarios } from './scenarios/trpc.ts';

describeApplication(
  'a tRPC application',
  {
    app: 'apps/trpc',
    bundlers: ['rollup'],
    // Else its answers to errors have their stacks.
    environment: { NODE_ENV: 'production' },
    columns: true,
    scenarios,
    session: {
      path: '/session',
      metadata: { framework: 'http', procedure: 'session' },
      payloads: { responsePayload: { result: { data: { name: 'Ada', token: MASKED } } } },
    },
    concurrent: {
      path: (id) => `/stalls.price?input=%22${id}%22`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ trail: [{ arguments: { item: id } }] });
        expect(outline(breadcrumbs)).toContain('price!');
      },
    },
  },
  (running) => {
    test('a subscription arrives piece by piece, and is not captured', async () => {
      const { service, receiver } = running();
      const { headers, next, rest } = await open(service.url, { path: '/bell.calls' });
      let seen = '';
      while (!seen.includes('data: "open"')) seen += await next();
      // Only now is the rest asked for: had anything held the first piece back, this would never end.
      await send(service.url, { method: 'POST', path: '/bell.ring', body: {} });
      expect(await rest()).toContain('data: "closed"');
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({
        responsePayload: STREAMED,
        metadata: { framework: 'http', procedure: 'bell.calls' },
      });
    });
  },
);
