/** Polka 0.5: apps in an app, an error handler, a body parser of the application's own. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/polka.ts';

describeApplication('a Polka application', {
  app: 'apps/polka',
  bundlers: ['rollup'],
  columns: true,
  scenarios,
  session: { path: '/session', metadata: { framework: 'polka', route: '/session' } },
  pieces: { path: '/sky/pieces', metadata: { framework: 'polka', route: '/sky/pieces' } },
  concurrent: {
    path: (id) => `/stations/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ handled: true, trail: [{ arguments: { id } }] });
      expect(outline(breadcrumbs)).toContain('find!');
    },
  },
});
