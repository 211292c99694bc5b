/** Koa 3 and its router: middleware around middleware, nested routers, errors that are thrown on purpose. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/koa.ts';

describeApplication('a Koa application', {
  app: 'apps/koa',
  bundlers: ['rollup'],
  columns: true,
  scenarios,
  session: { path: '/files/session', metadata: { framework: 'koa', route: '/files/session' } },
  pieces: { path: '/files/pieces', metadata: { framework: 'koa', route: '/files/pieces' } },
  concurrent: {
    path: (id) => `/books/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ trail: [{ arguments: { id } }, {}] });
      expect(outline(breadcrumbs)).toContain('find!');
    },
  },
});
