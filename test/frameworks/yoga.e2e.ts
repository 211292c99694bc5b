/** GraphQL Yoga on Node's own server: errors of resolvers behind answers that say 200, subscriptions, several operations at once. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { MASKED, outline } from '../support/e2e-event.ts';
import { open, send } from '../support/e2e-http.ts';
import type { SessionCase } from '../support/e2e-session.ts';
import { scenarios } from './scenarios/yoga.ts';

const variables = { name: 'Ada', password: 'hunter2' };
const ENTER =
  'mutation Session($name: String!, $password: String!) { enter(name: $name, password: $password) { name token } }';
const query = (id: string): string => encodeURIComponent(`query Q${id} { play(id: "${id}") { title } }`);

const session: SessionCase = {
  path: '/graphql',
  metadata: { framework: 'http', route: '/graphql', operation: 'mutation Session' },
  body: { query: ENTER, variables },
  payloads: {
    requestPayload: { query: expect.any(String), variables: { ...variables, password: MASKED } },
    responsePayload: { data: { enter: { name: 'Ada', token: MASKED } } },
  },
};

describeApplication(
  'an application of GraphQL Yoga',
  {
    app: 'apps/yoga',
    bundlers: ['rollup'],
    columns: true,
    scenarios,
    session,
    pieces: { path: '/pieces', metadata: { framework: 'http' } },
    concurrent: {
      path: (id) => `/graphql?query=${query(id)}`,
      check({ metadata, breadcrumbs }, id) {
        expect(metadata).toMatchObject({ operation: `query Q${id}`, trail: [{ arguments: { id } }, {}] });
        expect(outline(breadcrumbs)).toContain('find!');
      },
    },
  },
  (running) => {
    test('a subscription arrives piece by piece', async () => {
      const { receiver, service } = running();
      const ask = (query: string): object => ({ method: 'POST', path: '/graphql', body: { query } });
      const { next, leave, headers } = await open(service.url, {
        ...ask('subscription Seats { seats }'),
        path: '/graphql',
        headers: { accept: 'text/event-stream' },
      });
      expect(await next()).toBe(':\n\n');
      for (const seats of [1, 2]) {
        await send(service.url, { ...ask(`mutation { book(seats: ${seats}) }`), path: '/graphql' });
        expect(await next()).toBe(`event: next\ndata: {"data":{"seats":${seats}}}\n\n`);
      }
      leave();
      const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
      expect(event).toMatchObject({
        status: 'success',
        metadata: { operation: 'subscription Seats', aborted: true },
      });
    });
  },
);
