/** GraphQL of NestJS with Apollo's driver, on Express and on Fastify: errors of resolvers behind answers that say 200. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { checkFrames, MASKED } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { buildNest, configure, installNest } from '../support/e2e-nest.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

let project: Project;
let absent: string;
let file: string;

beforeAll(async () => {
  project = createProject('apps/nestjs-graphql');
  installNest(project, 'nestjs-graphql');
  absent = await buildNest(project, 'dist-absent');
  configure(project, 'webpack');
  project.commitAll();
  file = await buildNest(project, 'dist-default');
});

const QUERY = 'query Rooms($id: ID!) { room(id: $id) { name } }';
const MUTATION = 'mutation Open($input: NewRoom!) { open(input: $input) { id } }';

describe.each(['express', 'fastify'])('an application of GraphQL and NestJS on %s', (platform) => {
  let receiver: Receiver;
  let service: Service;
  let without: Service;

  beforeAll(async () => {
    receiver = await startReceiver();
    without = await startService(project.dir, [absent], { PLATFORM: platform, NODE_ENV: 'production' });
    service = await startService(project.dir, [file], {
      PLATFORM: platform,
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await Promise.all([service?.stop(), without?.stop()]);
    await receiver?.close();
  });

  /** Asks both, and resolves with the event of the one. */
  async function ask(path: string, body: object): Promise<ReplayStackEvent> {
    const call = { method: 'POST', path, body };
    const answer = await send(service.url, call);
    const other = await send(without.url, call);
    expect(answer.status).toBe(other.status);
    expect(answer.body).toBe(other.body);
    return receiver.waitFor(({ traceId }) => traceId === answer.headers['x-trace-id']);
  }

  test.each(['/graphql', '/later'])("an error of a resolver is the event's, at %s", async (path) => {
    const body = { query: QUERY, variables: { id: '9' } };
    const event = await ask(path, body);
    expect(event).toMatchObject({
      status: 'failed',
      statusCode: 200,
      endpoint: path,
      requestPayload: body,
      errorName: 'RangeError',
      errorMessage: 'No room 9',
      metadata: {
        framework: 'nestjs',
        operation: 'query Rooms',
        handled: false,
        trail: [{ arguments: { id: '9' } }],
      },
    });
    checkFrames(project, event, [{ file: 'src/rooms.resolver.ts', at: 'new RangeError' }]);
  });

  test('what goes well is told as well, and what is secret is masked', async () => {
    const input = { name: 'Ward', password: 'hunter2' };
    expect(await ask('/graphql', { query: MUTATION, variables: { input } })).toMatchObject({
      status: 'success',
      requestPayload: { query: MUTATION, variables: { input: { name: 'Ward', password: MASKED } } },
      responsePayload: { data: { open: { id: '2' } } },
      metadata: { framework: 'nestjs', operation: 'mutation Open' },
    });
  });
});
