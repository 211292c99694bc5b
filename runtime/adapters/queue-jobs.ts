/** Jobs that run for what is in a queue: where each library has a job's id, name, attempt and payload. */
import { parseJson } from '../event/body.ts';
import type { Description, JobKind } from './jobs.ts';
import { jobHook } from './jobs.ts';

/** What is known of what a run works on; what is undefined is left out of the event. */
interface Work {
  queue: unknown;
  /** Its name, where a queue has jobs of several. */
  job?: unknown;
  jobId?: unknown;
  /** From 1. */
  attempt?: number | undefined;
  /** How many it is, where the job takes several at a time. */
  size?: number | undefined;
  redelivered?: boolean;
}

export function queued(work: Work, payload: () => unknown): Description {
  const names = [work.queue, work.job].filter((name) => name !== undefined);
  return { endpoint: names.join('/'), metadata: { ...work }, payload };
}

/** One where there is one, as almost always. */
function oneOrAll<T, R>(items: readonly T[], read: (item: T) => R): R | R[] {
  return items.length === 1 ? read(items[0] as T) : items.map(read);
}

function sizeOf(items: readonly unknown[]): number | undefined {
  return items.length === 1 ? undefined : items.length;
}

export function nextAttempt(before: unknown): number | undefined {
  return before === undefined || before === null ? undefined : Number(before) + 1;
}

interface BullJob {
  id?: string;
  name: string;
  queueName: string;
  data: unknown;
  attemptsMade: number;
}

export const BULLMQ: JobKind = {
  eventType: 'queue',
  framework: 'bullmq',
  awaits: true,
  describe({ args }) {
    const job = args[0] as BullJob;
    const { queueName: queue, name, id: jobId, attemptsMade } = job;
    return queued({ queue, job: name, jobId, attempt: nextAttempt(attemptsMade) }, () => job.data);
  },
  // A job that moves itself elsewhere, or finds that the queue goes too fast.
  steers: (error) => {
    const { name, message } = Object(error) as Partial<Error>;
    return (
      /^(Delayed|Waiting|WaitingChildren|RateLimit)Error$/.test(String(name)) ||
      message === 'bullmq:rateLimitExceeded'
    );
  },
};

/** Injected around the processor of `new Worker()` of BullMQ. The path of a file is handed back. */
export function bullmqJob<T>(owner: unknown, argument: T): T {
  return jobHook(BULLMQ, owner, argument);
}

interface BeeJob {
  id: string;
  data: unknown;
  queue: { name: string };
  options: { stacktraces?: unknown[] };
}

const BEE_QUEUE: JobKind = {
  eventType: 'queue',
  framework: 'bee-queue',
  owner: ['process', 'createJob', 'checkStalledJobs'],
  awaits: true,
  done: 1,
  describe({ args }) {
    const { id: jobId, queue, options, data } = args[0] as BeeJob;
    // Each failure leaves a stack trace.
    const attempt = nextAttempt(options.stacktraces?.length ?? 0);
    return queued({ queue: queue.name, jobId, attempt }, () => data);
  },
};

/** Injected around the handler of `queue.process()` of Bee-Queue. */
export function beeQueueJob<T>(owner: unknown, argument: T): T {
  return jobHook(BEE_QUEUE, owner, argument);
}

interface BossJob {
  id: string;
  name: string;
  data: unknown;
  /** Where the worker wants to know. */
  retryCount?: number;
}

const PG_BOSS: JobKind = {
  eventType: 'queue',
  framework: 'pg-boss',
  owner: ['work', 'fetch', 'complete'],
  awaits: true,
  describe({ args }) {
    // Before version 10 it was one job.
    const jobs = [args[0]].flat() as BossJob[];
    const [first] = jobs;
    return queued(
      {
        queue: first?.name,
        jobId: oneOrAll(jobs, ({ id }) => id),
        attempt: jobs.length === 1 ? nextAttempt(first?.retryCount) : undefined,
        size: sizeOf(jobs),
      },
      () => oneOrAll(jobs, ({ data }) => data),
    );
  },
};

/** Injected around the handler of `boss.work()` of pg-boss. */
export function pgBossJob<T>(owner: unknown, argument: T): T {
  return jobHook(PG_BOSS, owner, argument);
}

interface AmqpMessage {
  content: Uint8Array;
  fields: { exchange: string; routingKey: string; redelivered: boolean };
  properties: { messageId?: unknown; type?: unknown; headers?: Record<string, unknown> };
}

const AMQPLIB: JobKind = {
  eventType: 'queue',
  framework: 'amqplib',
  owner: ['consume', 'ack', 'assertQueue'],
  describe({ args, subject }) {
    const message = args[0] as AmqpMessage | null;
    // The server has cancelled the consumer.
    if (message === null) return undefined;
    const { fields, properties, content } = message;
    // A queue whose name the build did not see has the messages without an exchange that are sent to it by name.
    const queue = subject ?? fields.routingKey;
    const { messageId: jobId, type: job, headers } = properties;
    const attempt = nextAttempt(headers?.['x-delivery-count']);
    return queued({ queue, job, jobId, attempt, redelivered: fields.redelivered }, () => content);
  },
};

/** Injected around the listener of `channel.consume()` of amqplib. Acknowledgements are its own. */
export function amqplibJob<T>(owner: unknown, argument: T, queue?: unknown): T {
  return jobHook(AMQPLIB, owner, argument, queue);
}

interface KafkaMessage {
  offset: string;
  value: Uint8Array | null;
}

interface KafkaPayload {
  topic: string;
  partition: number;
  message: KafkaMessage;
  batch?: { topic: string; partition: number; messages: KafkaMessage[] };
}

const KAFKAJS: JobKind = {
  eventType: 'queue',
  framework: 'kafkajs',
  owner: ['run', 'subscribe', 'commitOffsets'],
  keys: ['eachMessage', 'eachBatch'],
  awaits: true,
  describe({ args }) {
    const payload = args[0] as KafkaPayload;
    const { topic: queue, partition } = payload.batch ?? payload;
    const messages = payload.batch?.messages ?? [payload.message];
    const jobId = `${partition}:${messages[0]?.offset}`;
    return queued({ queue, jobId, size: sizeOf(messages) }, () =>
      messages.length === 1 ? messages[0]?.value : messages.map(({ value }) => value && textOf(value)),
    );
  },
};

/** Injected around the options of `consumer.run()` of KafkaJS. */
export function kafkaJob<T>(owner: unknown, argument: T): T {
  return jobHook(KAFKAJS, owner, argument);
}

function textOf(bytes: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(bytes));
}

interface SqsMessage {
  MessageId?: string;
  Body?: string;
  Attributes?: { ApproximateReceiveCount?: string };
}

const SQS: JobKind = {
  eventType: 'queue',
  framework: 'sqs-consumer',
  keys: ['handleMessage', 'handleMessageBatch'],
  awaits: true,
  describe({ args, options }) {
    const messages = [args[0]].flat() as SqsMessage[];
    const received = messages[0]?.Attributes?.ApproximateReceiveCount;
    return queued(
      {
        queue: String(options['queueUrl']).replace(/^.*\//, ''),
        jobId: oneOrAll(messages, ({ MessageId }) => MessageId),
        attempt: received === undefined || messages.length > 1 ? undefined : Number(received),
        size: sizeOf(messages),
      },
      () => (messages.length === 1 ? messages[0]?.Body : messages.map(({ Body = '' }) => parseJson(Body))),
    );
  },
};

/** Injected around the options of `Consumer.create()` of sqs-consumer. */
export function sqsJob<T>(owner: unknown, argument: T): T {
  return jobHook(SQS, owner, argument);
}
