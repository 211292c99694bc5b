/** Hapi: plugins with prefixes, extensions, validation, errors that become answers. */
import { expect } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';
import { scenarios } from './scenarios/hapi.ts';

describeApplication('a Hapi application', {
  app: 'apps/hapi',
  bundlers: ['rollup'],
  columns: true,
  scenarios,
  session: { path: '/session', metadata: { framework: 'hapi', route: '/session' } },
  pieces: { path: '/tickets/pieces', metadata: { framework: 'hapi', route: '/tickets/pieces' } },
  concurrent: {
    path: (id) => `/crossings/${id}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ trail: [{ arguments: { id } }, {}] });
      expect(outline(breadcrumbs)).toContain('find!');
    },
  },
});
