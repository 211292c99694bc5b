/** Elysia on Node: plugins with a prefix, schemas, guards, an error handler, a generator. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/elysia.ts';

describeApplication('an Elysia application', {
  app: 'apps/elysia',
  bundlers: ['rollup'],
  // Else its answers to what is not valid have the schema in them.
  environment: { NODE_ENV: 'production' },
  columns: true,
  scenarios,
  session: { path: '/session', metadata: { framework: 'elysia', route: '/session' } },
  pieces: { path: '/pieces', metadata: { framework: 'elysia', route: '/pieces' } },
  concurrent: {
    path: (id) => `/stars/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ handled: true, trail: [{ arguments: { id } }] });
      expect(outline(breadcrumbs)).toContain('find!');
    },
  },
});
