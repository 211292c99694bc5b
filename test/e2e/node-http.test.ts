/** Node's own server: a listener that routes, reads and answers by itself. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/node-http.ts';

describeApplication("an application on Node's own server", {
  app: 'apps/node-http',
  bundlers: ['esbuild'],
  columns: true,
  scenarios,
  session: { path: '/session', metadata: { framework: 'http' } },
  pieces: { path: '/pieces', metadata: { framework: 'http' } },
  concurrent: {
    path: (id) => `/postage/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ trail: [{ arguments: { kind: id } }] });
      expect(outline(breadcrumbs).slice(1, 2)).toEqual(['postage!']);
    },
  },
});
