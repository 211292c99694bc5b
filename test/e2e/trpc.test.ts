/** tRPC on the server that it comes with: one event for each request, with its procedures and their errors. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { checkFrames, outline, STREAMED } from '../support/e2e-event.ts';
import { type Call, send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

describe('a tRPC application built by rollup', () => {
  let project: Project;
  let receiver: Receiver;
  let service: Service;

  beforeAll(async () => {
    project = createProject('apps/trpc');
    receiver = await startReceiver();
    const { file } = await build(project, 'rollup', { entry: 'src/server.ts' });
    service = await startService(project.dir, [file], {
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  });

  async function visit(call: Call): Promise<ReplayStackEvent> {
    const { headers } = await send(service.url, call);
    return await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
  }

  test('a query', async () => {
    const event = await visit({ path: '/stalls.price?input=%22tea%22' });
    expect(event).toMatchObject({
      statusCode: 200,
      responsePayload: STREAMED,
      metadata: { framework: 'http', procedure: 'stalls.price' },
    });
    expect(outline(event.breadcrumbs)).toContain('price');
  });

  test('a bug in a procedure', async () => {
    const event = await visit({ path: '/stalls.price?input=%22gold%22' });
    expect(event).toMatchObject({
      status: 'failed',
      statusCode: 500,
      errorName: 'TypeError',
      metadata: {
        procedure: 'stalls.price',
        handled: false,
        trail: [{ functionName: 'price', fileName: 'src/stalls.ts', arguments: { item: 'gold' } }],
      },
    });
    checkFrames(project, event, [{ functionName: 'price', file: 'src/stalls.ts', at: 'cents } = prices' }]);
  });

  test('an error that has an answer of its own', async () => {
    const event = await visit({
      method: 'POST',
      path: '/stalls.close',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(event).toMatchObject({
      status: 'warning',
      statusCode: 403,
      errorName: 'TRPCError',
      errorMessage: 'Ask the mayor',
      metadata: { procedure: 'stalls.close', handled: false },
    });
  });
});
