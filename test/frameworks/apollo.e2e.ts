/** Apollo Server, as middleware of Express and on a server of its own: errors of resolvers behind answers that say 200. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { describeApplication } from '../support/e2e-application.ts';
import { build } from '../support/e2e-bundlers.ts';
import { MASKED, outline } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { checkAnswer, checkVisit, type Scenario, visit } from '../support/e2e-scenario.ts';
import { type Service, startService } from '../support/e2e-service.ts';
import type { SessionCase } from '../support/e2e-session.ts';
import { scenariosOf } from './scenarios/apollo.ts';

const variables = { name: 'Ada', password: 'hunter2' };
const ENTER =
  'mutation Session($name: String!, $password: String!) { open(name: $name, password: $password) { name token } }';
const query = (id: string): string => encodeURIComponent(`query Q${id} { painting(id: "${id}") { title } }`);

const session: SessionCase = {
  path: '/graphql',
  metadata: { framework: 'express', route: '/graphql', operation: 'mutation Session' },
  body: { query: ENTER, variables },
  payloads: {
    requestPayload: { query: expect.any(String), variables: { ...variables, password: MASKED } },
    responsePayload: { data: { open: { name: 'Ada', token: MASKED } } },
  },
};

describeApplication('an application of Apollo Server on Express', {
  app: 'apps/apollo',
  bundlers: ['rolldown'],
  columns: true,
  scenarios: [
    ...scenariosOf('/graphql', 'express'),
    {
      title: 'a path that leads nowhere',
      call: { path: '/nowhere' },
      status: 404,
      event: ({ answer }) => ({ responsePayload: answer.body, metadata: { framework: 'express' } }),
    },
  ],
  session,
  pieces: { path: '/pieces', metadata: { framework: 'express', route: '/pieces' } },
  concurrent: {
    path: (id) => `/graphql?query=${query(id)}`,
    check({ metadata, breadcrumbs }, id) {
      expect(metadata).toMatchObject({ operation: `query Q${id}`, trail: [{ arguments: { id } }, {}] });
      expect(outline(breadcrumbs)).toContain('find!');
    },
  },
});

describe('an application of Apollo Server on a server of its own, built by rollup', () => {
  let project: Project;
  let receiver: Receiver;
  let service: Service;
  let without: Service;

  beforeAll(async () => {
    project = createProject('apps/apollo');
    receiver = await startReceiver();
    const request = { entry: 'src/standalone.ts' };
    const { file } = await build(project, 'rollup', request);
    const absent = await build(project, 'rollup', { ...request, outDir: 'dist-absent', plugin: 'absent' });
    const environment = { NODE_ENV: 'production' };
    without = await startService(project.dir, [absent.file], environment);
    service = await startService(project.dir, [file], {
      ...environment,
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await Promise.all([service?.stop(), without?.stop()]);
    await receiver?.close();
  });

  test.each<Scenario>([
    ...scenariosOf('/', 'http'),
    { title: 'its page for visitors', call: { path: '/', headers: { accept: 'text/html' } }, status: 200 },
  ])('$title', async (scenario) => {
    const visited = await visit(scenario, service.url);
    checkAnswer(scenario, visited, await visit(scenario, without.url));
    if (scenario.event === undefined) return;
    await checkVisit(scenario, visited, { project, origin: service.url, receiver });
  });
});
