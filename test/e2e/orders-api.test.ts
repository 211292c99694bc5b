/** The service by the two bundlers that differ most; the others are in test/bundlers. */
import { describe } from 'vitest';
import { testOrdersApi } from '../support/e2e-orders-api.ts';

describe.each(['vite', 'esbuild'] as const)('orders-api built by %s', testOrdersApi);
