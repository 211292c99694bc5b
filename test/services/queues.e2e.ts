/**
 * Jobs of queues, with the libraries and the servers that they are made for: each run is one event, and the application, its
 * retries, acknowledgements and failures are what they are without the plugin.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import {
  checkEvent,
  checkFrames,
  type Expected,
  MASKED,
  outline,
  passed,
  step,
} from '../support/e2e-event.ts';
import { jobEvent } from '../support/e2e-job.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';
import { startKafka } from '../support/kafka.ts';
import { startSqs } from '../support/sqs.ts';
import type { ServerName } from './servers.ts';

const entries = ['bullmq', 'bee-queue', 'nestjs', 'pg-boss', 'amqplib', 'kafka', 'sqs'];
const external = [
  '@nestjs/*',
  'amqplib',
  'bee-queue',
  'bullmq',
  'ioredis',
  'kafkajs',
  'pg-boss',
  'reflect-metadata',
  'sqs-consumer',
  '@aws-sdk/client-sqs',
];

let project: Project;
let receiver: Receiver;
let log: string;

beforeAll(async () => {
  project = createProject('apps/queues');
  receiver = await startReceiver();
  const entry = Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`]));
  log = (await build(project, 'esbuild', { entry, external })).log;
  await build(project, 'esbuild', { entry, external, outDir: 'dist-absent', plugin: 'absent' });
});

afterAll(() => receiver?.close());

test('the log of the build counts them', () => {
  expect(log).toContain('0 routes, 16 jobs and ');
});

interface Seen {
  /** What the application printed. */
  stdout: string;
  events: ReplayStackEvent[];
}

/** Runs the application without the plugin and with it, and holds one against the other. */
async function runBoth(name: string, environment: Record<string, string>): Promise<Seen> {
  const before = receiver.events.length;
  const plain = await run(project.dir, [`dist-absent/${name}.mjs`], { ...environment, QUEUE: 'plain' });
  const instrumented = await run(project.dir, [`dist/${name}.mjs`], {
    ...environment,
    QUEUE: 'emails',
    NODE_ENV: 'production',
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
  });
  expect(plain.code).toBe(0);
  expect(withoutIds(instrumented)).toEqual(withoutIds(plain));
  return { stdout: instrumented.stdout, events: receiver.events.slice(before) };
}

/** Of messages, and of processes in the warnings of Node. */
function withoutIds({ code, stdout, stderr }: Awaited<ReturnType<typeof run>>): unknown {
  const ids = /[\da-f]{8}-[\da-f-]{27}/g;
  return { code, stdout: stdout.replaceAll(ids, '<id>'), stderr: stderr.replaceAll(/node:\d+/g, 'node') };
}

/** One that is as told; those that a job has several of are told apart by their metadata. */
function check(events: readonly ReplayStackEvent[], own: Expected & { metadata: object }): ReplayStackEvent {
  const matching = events.filter((event) => {
    const { metadata = {}, endpoint, errorMessage } = event;
    return (
      endpoint === own.endpoint &&
      errorMessage === own.errorMessage &&
      Object.entries(own.metadata).every(
        ([key, value]) => typeof value === 'object' || metadata[key] === value,
      )
    );
  });
  expect(matching).toHaveLength(1);
  const [event] = matching as [ReplayStackEvent];
  checkEvent(event, jobEvent(project, { eventType: 'queue', ...own }));
  return event;
}

const SEND = ['src/mail.ts', 'async function send'] as const;
const anyId: unknown = expect.any(String);

/** The breadcrumbs of a job that calls `send`, and the way of its error. */
function tells(
  own: readonly [name: string, file: string, text: string] | undefined,
  failure?: { error: string; to: string },
): { breadcrumbs: unknown[]; trail?: unknown[] } {
  const error = failure && { error: failure.error };
  const breadcrumbs = [step(project, 'send', SEND, error)];
  const trail = [passed(project, 'send', SEND, { to: failure?.to })];
  if (own !== undefined) {
    const [name, ...at] = own;
    breadcrumbs.unshift(step(project, name, at, error));
    trail.push(passed(project, name, at));
  }
  return failure === undefined ? { breadcrumbs } : { breadcrumbs, trail };
}

/** A run in which the post was closed to Ada: the handler's call of `send` has failed, and the error says where. */
function checkClosed(
  events: readonly ReplayStackEvent[],
  own: readonly [name: string, file: string, text: string],
  call: string | undefined,
  more: Expected & { metadata: object },
): void {
  const { trail, breadcrumbs } = tells(own, { error: 'Error: The post is closed', to: 'ada' });
  const failure = check(events, {
    errorName: 'Error',
    errorMessage: 'The post is closed',
    breadcrumbs,
    ...more,
    metadata: { ...more.metadata, handled: false, trail },
  });
  checkFrames(
    project,
    failure,
    [
      { functionName: 'send', file: 'src/mail.ts', at: "new Error('The post" },
      ...(call === undefined ? [] : [{ file: own[1], at: call }]),
    ],
    true,
  );
}

/** The server's URL; without one its tests are left out, and say why, unless they are required. */
function serverFor(name: ServerName): string | undefined {
  const server = inject('servers')[name];
  if ('url' in server) return server.url;
  if (process.env['REPLAYSTACK_REQUIRE_SERVICES'] === '1') throw new Error(server.reason);
  console.warn(`Skipped what needs ${name}: ${server.reason}`);
  return undefined;
}

const redis = serverFor('redis');
const rabbitmq = serverFor('rabbitmq');
const postgres = serverFor('postgres');

describe.skipIf(redis === undefined)('BullMQ', () => {
  const own = ['bullmq', 'src/bullmq.ts', 'async (job: Job'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    ({ events } = await runBoth('bullmq', { REDIS_URL: redis ?? '' }));
  });

  test('a job that fails, and goes well when it is tried again', () => {
    const common = { framework: 'bullmq', queue: 'emails', job: 'welcome', jobId: '1' };
    const requestPayload = { to: 'ada', password: MASKED };
    checkClosed(events, own, 'await send(job.data', {
      endpoint: 'emails/welcome',
      requestPayload,
      metadata: { ...common, attempt: 1 },
    });
    check(events, {
      endpoint: 'emails/welcome',
      requestPayload,
      responsePayload: { sent: 'ada', token: MASKED },
      ...tells(own),
      metadata: { ...common, attempt: 2 },
    });
  });

  test('one that moves itself is pending, until it runs again', () => {
    const reminders = events.filter(({ endpoint }) => endpoint === 'emails/reminder');
    expect(reminders.map(({ status }) => status)).toEqual(['pending', 'success']);
  });

  test('jobs that run at the same time do not mix', () => {
    const errands = events.filter(({ endpoint }) => endpoint === 'emails-errands/errand');
    expect(errands).toHaveLength(50);
    for (const { requestPayload, metadata, breadcrumbs } of errands) {
      const { to } = requestPayload as { to: string };
      expect(metadata).toMatchObject({ trail: [{ functionName: 'visit', arguments: { to } }, {}] });
      expect(outline(breadcrumbs)).toEqual([
        'Job started',
        'bullmq!',
        'visit!',
        'Unhandled exception captured!',
        'Job finished',
      ]);
    }
    expect(new Set(errands.map(({ metadata }) => metadata?.['jobId'])).size).toBe(50);
  });

  test('one event for each run, and none of a processor in a file', () => {
    const others = events.filter(({ endpoint }) => endpoint !== 'emails-errands/errand');
    expect(others.map(({ endpoint }) => endpoint).sort()).toEqual([
      'emails/farewell',
      'emails/reminder',
      'emails/reminder',
      'emails/welcome',
      'emails/welcome',
    ]);
  });
});

describe.skipIf(redis === undefined)('Bee-Queue', () => {
  const own = ['bee-queue', 'src/bee-queue.ts', 'async (job) => send'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    ({ events } = await runBoth('bee-queue', { REDIS_URL: redis ?? '' }));
  });

  test('a job that fails, and goes well when it is tried again', () => {
    const common = { framework: 'bee-queue', queue: 'emails', jobId: '1' };
    const requestPayload = { to: 'ada', password: MASKED };
    // Its handler returns the promise, so that it is on no stack.
    checkClosed(events, own, undefined, {
      endpoint: 'emails',
      requestPayload,
      metadata: { ...common, attempt: 1 },
    });
    check(events, {
      endpoint: 'emails',
      requestPayload,
      responsePayload: { sent: 'ada', token: MASKED },
      ...tells(own),
      metadata: { ...common, attempt: 2 },
    });
  });

  test('handlers that tell by a callback', () => {
    const common = { framework: 'bee-queue', queue: 'emails-older', attempt: 1 };
    check(events, {
      endpoint: 'emails-older',
      requestPayload: { to: 'nobody' },
      errorName: 'RangeError',
      errorMessage: 'Returned',
      metadata: { ...common, jobId: '1', handled: false },
    });
    check(events, {
      endpoint: 'emails-older',
      requestPayload: { to: 'grace' },
      responsePayload: 'grace',
      metadata: { ...common, jobId: '2' },
    });
    expect(events).toHaveLength(5);
  });
});

describe.skipIf(redis === undefined)('NestJS', () => {
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    ({ events } = await runBoth('nestjs', { REDIS_URL: redis ?? '' }));
  });

  test('a processor of BullMQ, with a job that fails, and goes well when it is tried again', () => {
    const common = { framework: 'bullmq', queue: 'emails-nest', job: 'welcome', jobId: '1' };
    const requestPayload = { to: 'ada', password: MASKED };
    const { trail, breadcrumbs } = tells(undefined, { error: 'Error: The post is closed', to: 'ada' });
    const failure = check(events, {
      endpoint: 'emails-nest/welcome',
      requestPayload,
      errorName: 'Error',
      errorMessage: 'The post is closed',
      breadcrumbs,
      metadata: { ...common, attempt: 1, handled: false, trail },
    });
    checkFrames(project, failure, [
      { functionName: 'send', file: 'src/mail.ts', at: "Error('The post" },
      { file: 'src/nestjs.ts', at: 'send(job.data.to)), by' },
    ]);
    check(events, {
      endpoint: 'emails-nest/welcome',
      requestPayload,
      responsePayload: { sent: 'ada', token: MASKED, by: 'Nest' },
      ...tells(undefined),
      metadata: { ...common, attempt: 2 },
    });
  });

  test('methods that process jobs of Bull, with a name and without', () => {
    const common = { framework: 'bull', queue: 'emails-nest-older', attempt: 1 };
    const { trail, breadcrumbs } = tells(undefined, {
      error: 'RangeError: There is nobody to write to',
      to: 'nobody',
    });
    check(events, {
      endpoint: 'emails-nest-older',
      requestPayload: { to: 'nobody' },
      errorName: 'RangeError',
      errorMessage: 'There is nobody to write to',
      breadcrumbs,
      metadata: { ...common, jobId: '1', handled: false, trail },
    });
    check(events, {
      endpoint: 'emails-nest-older/report',
      requestPayload: { to: 'grace' },
      responsePayload: 'Bull to grace',
      metadata: { ...common, job: 'report', jobId: '2' },
    });
  });

  test('one event for each run', () => {
    expect(events.map(({ endpoint }) => endpoint).sort()).toEqual([
      'emails-nest-older',
      'emails-nest-older/report',
      'emails-nest/farewell',
      'emails-nest/welcome',
      'emails-nest/welcome',
    ]);
  });
});

describe.skipIf(postgres === undefined)('pg-boss', () => {
  const own = ['pg-boss', 'src/pg-boss.ts', 'async ([job])'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    ({ events } = await runBoth('pg-boss', { POSTGRES_URL: postgres ?? '' }));
  });

  test('a job that fails, and goes well when it is tried again', () => {
    const common = { framework: 'pg-boss', queue: 'emails', jobId: anyId };
    const requestPayload = { to: 'ada', password: MASKED };
    checkClosed(events, own, 'await send(job?.data', {
      endpoint: 'emails',
      requestPayload,
      metadata: { ...common, attempt: 1 },
    });
    check(events, {
      endpoint: 'emails',
      requestPayload,
      responsePayload: { sent: 'ada', token: MASKED },
      ...tells(own),
      metadata: { ...common, attempt: 2 },
    });
  });

  test('several at a time are one run', () => {
    check(events, {
      endpoint: 'emails-many',
      requestPayload: expect.arrayContaining([{ to: 'grace' }, { to: 'joan' }]),
      breadcrumbs: [step(project, 'send', SEND, { calls: 2 })],
      metadata: { framework: 'pg-boss', queue: 'emails-many', jobId: [anyId, anyId], size: 2 },
    });
    expect(events).toHaveLength(3);
  });
});

describe.skipIf(rabbitmq === undefined)('amqplib', () => {
  const own = ['amqplib', 'src/amqplib.ts', 'async (message)'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    ({ events } = await runBoth('amqplib', { RABBITMQ_URL: rabbitmq ?? '' }));
  });

  test('a message whose listener fails, and which is delivered again; the process hears of it as ever', () => {
    const common = { framework: 'amqplib', queue: 'emails', job: 'welcome', jobId: 'm-1' };
    const requestPayload = { to: 'ada', password: MASKED };
    checkClosed(events, own, 'await send(to)', {
      endpoint: 'emails/welcome',
      requestPayload,
      metadata: { ...common, redelivered: false },
    });
    check(events, {
      endpoint: 'emails/welcome',
      requestPayload,
      ...tells(own),
      metadata: { ...common, redelivered: true },
    });
  });

  test('the API with callbacks, and a text that is no JSON', () => {
    check(events, {
      endpoint: 'emails-older',
      requestPayload: 'plain text',
      metadata: { framework: 'amqplib', queue: 'emails-older', redelivered: false },
    });
  });

  test('nothing else is an event: no consumer that is cancelled, and no rejection twice', () => {
    expect(events).toHaveLength(3);
  });
});

describe('KafkaJS', () => {
  const own = ['kafkajs', 'src/kafka.ts', 'async eachMessage'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    const topicsOf = (name: string): Record<string, string[]> => ({
      [name]: ['{"to":"ada","password":"hunter2"}', '{"to":"grace"}'],
      [`${name}-all`]: ['{"to":"joan","otp":"1"}', 'plain text'],
    });
    await using kafka = await startKafka({ ...topicsOf('plain'), ...topicsOf('emails') });
    ({ events } = await runBoth('kafka', { KAFKA_ADDRESS: kafka.address }));
    expect(kafka.committed.get('emails')).toBe(kafka.committed.get('plain'));
  });

  test('a message whose handler fails, and which is fetched again', () => {
    const common = { framework: 'kafkajs', queue: 'emails' };
    const requestPayload = { to: 'ada', password: MASKED };
    checkClosed(events, own, 'await send(to)', {
      endpoint: 'emails',
      requestPayload,
      metadata: { ...common, jobId: '0:0' },
    });
    check(events, {
      endpoint: 'emails',
      requestPayload,
      ...tells(own),
      metadata: { ...common, jobId: '0:0' },
    });
    check(events, {
      endpoint: 'emails',
      requestPayload: { to: 'grace' },
      ...tells(own),
      metadata: { ...common, jobId: '0:1' },
    });
  });

  test('several at a time are one run', () => {
    check(events, {
      endpoint: 'emails-all',
      requestPayload: [{ to: 'joan', otp: MASKED }, 'plain text'],
      breadcrumbs: [step(project, 'kafkajs', ['src/kafka.ts', 'async ({ batch })'])],
      metadata: { framework: 'kafkajs', queue: 'emails-all', jobId: '0:0', size: 2 },
    });
    expect(events).toHaveLength(4);
  });
});

describe('sqs-consumer', () => {
  const own = ['sqs-consumer', 'src/sqs.ts', 'async handleMessage'] as const;
  let events: ReplayStackEvent[];

  beforeAll(async () => {
    await using sqs = await startSqs();
    ({ events } = await runBoth('sqs', { SQS_URL: sqs.url }));
  });

  test('a message whose handler fails, and which is received again', () => {
    const common = { framework: 'sqs-consumer', queue: 'emails', jobId: anyId };
    const requestPayload = { to: 'ada', password: MASKED };
    checkClosed(events, own, 'await send(to)', {
      endpoint: 'emails',
      requestPayload,
      metadata: { ...common, attempt: 1 },
    });
    check(events, {
      endpoint: 'emails',
      requestPayload,
      responsePayload: expect.objectContaining({ Body: expect.stringContaining(MASKED) as unknown }),
      ...tells(own),
      metadata: { ...common, attempt: 2 },
    });
  });

  test('several at a time are one run', () => {
    check(events, {
      endpoint: 'emails-many',
      requestPayload: [{ to: 'grace' }, 'joan'],
      responsePayload: expect.any(Array),
      metadata: { framework: 'sqs-consumer', queue: 'emails-many', jobId: [anyId, anyId], size: 2 },
    });
    expect(events).toHaveLength(3);
  });
});
