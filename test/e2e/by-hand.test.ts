/** Applications that no bundler has seen, with middleware from the package as it is published. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { outline } from '../support/e2e-event.ts';
import { createProject } from '../support/e2e-project.ts';
import { startService } from '../support/e2e-service.ts';

const KEY = 'rs_live_by_hand';

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: KEY });
});

afterAll(() => receiver.close());

describe.each([
  ['server.mjs', 'an ES module with replayStackExpress', 'express', '/orders/:id'],
  ['server.cjs', 'CommonJS with replayStackFetch', 'fetch', undefined],
])('%s, %s', (file, _what, framework, route) => {
  test('captures requests and failures, and ends as it did', async () => {
    const project = createProject('apps/by-hand');
    const service = await startService(project.dir, [file], {
      REPLAYSTACK_API_KEY: KEY,
      REPLAYSTACK_ENDPOINT: receiver.url,
      REPLAYSTACK_PROPAGATE: '127.0.0.1',
      REPLAYSTACK_CAPTURE_CONSOLE: '1',
    });
    const ask = async (path: string, init: RequestInit = {}): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'x-trace-id': `${framework}${path}` };
      const response = await fetch(service.url + path, { ...init, headers });
      await response.text();
      return response.status;
    };
    expect(await ask('/internal/status')).toBe(200);
    expect(await ask('/orders', { method: 'POST', body: '{"n":1,"cvv":"123"}' })).toBe(201);
    expect(await ask('/orders/7')).toBe(500);
    expect(await service.stop()).toBe(0);

    const events = receiver.events.filter(({ traceId }) => traceId.startsWith(framework));
    expect(events).toHaveLength(2);
    const success = events.find(({ traceId }) => traceId === `${framework}/orders`);
    expect(success).toMatchObject({
      endpoint: '/orders',
      serviceName: 'by-hand',
      requestPayload: { n: 1, cvv: '[MASKED]' },
      // What it asked its own server for, in the name of the request.
      responsePayload: { taken: { n: 1, cvv: '[MASKED]' }, status: { for: `${framework}/orders` } },
      logs: [{ level: 'error', message: "Last order { token: '[MASKED]' }" }],
      metadata: { framework },
    });
    expect(outline(success?.breadcrumbs)).toContain('Order taken');
    expect(outline(success?.breadcrumbs)).toContain(`GET ${service.url}/internal/status`);
    const failure = events.find(({ traceId }) => traceId === `${framework}/orders/7`);
    expect(failure).toMatchObject({
      status: 'failed',
      errorMessage: 'There is no order 7',
      metadata: { framework, handled: false },
    });
    expect(failure?.metadata?.['route']).toBe(route);
    expect(failure?.stackFrames?.[0]).toMatchObject({ functionName: 'findOrder' });
    expect(failure?.stackFrames?.[0]?.fileName).toMatch(new RegExp(`${file.replace('.', '\\.')}$`));
  });
});
