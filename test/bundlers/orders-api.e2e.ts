/** The service by the bundlers that `npm test` does not have. */
import { describe } from 'vitest';
import { testOrdersApi } from '../support/e2e-orders-api.ts';

describe.each(['esbuild', 'rollup', 'rolldown', 'webpack', 'rspack'] as const)(
  'orders-api built by %s',
  testOrdersApi,
);
