/** The service as most would build it; the other bundlers are in test/bundlers. */
import { describe } from 'vitest';
import { testOrdersApi } from '../support/e2e-orders-api.ts';

describe('orders-api built by vite', () => testOrdersApi('vite'));
