/** What is told of a run by what a library hands to its jobs; the libraries themselves run in test/services. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amqplibJob, bullmqJob, kafkaJob, pgBossJob, sqsJob } from '../../../runtime/adapters/queue-jobs.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

type Job = (...args: unknown[]) => unknown;

let test: TestRuntime;

beforeEach(async () => {
  test = await startRuntime();
});

afterEach(() => test[Symbol.asyncDispose]());

/** What is told of a run of a job that is called with this. */
async function told(job: Job, ...args: unknown[]): Promise<object | undefined> {
  await job(...args);
  const [event, ...more] = await test.events();
  expect(more).toEqual([]);
  if (event === undefined) return undefined;
  const { eventType, endpoint, requestPayload, metadata } = event;
  expect(eventType).toBe('queue');
  return { endpoint, ...(requestPayload !== undefined && { requestPayload }), metadata };
}

const job: Job = async () => {};
const bytes = (text: string): Buffer => Buffer.from(text);

describe('BullMQ', () => {
  it('may leave a job without an id', async () => {
    const given = { name: 'welcome', queueName: 'emails', data: 'ada', attemptsMade: 0 };
    expect(await told(bullmqJob(true, job), given)).toEqual({
      endpoint: 'emails/welcome',
      requestPayload: 'ada',
      metadata: { framework: 'bullmq', queue: 'emails', job: 'welcome', attempt: 1 },
    });
  });
});

describe('pg-boss', () => {
  const boss = { work() {}, fetch() {}, complete() {} };

  it('gave one job before version 10', async () => {
    expect(await told(pgBossJob(boss, job), { id: '1', name: 'emails', data: { to: 'ada' } })).toEqual({
      endpoint: 'emails',
      requestPayload: { to: 'ada' },
      metadata: { framework: 'pg-boss', queue: 'emails', jobId: '1' },
    });
  });

  it('gives several, of which no attempt is told', async () => {
    const jobs = ['1', '2'].map((id) => ({ id, name: 'emails', data: { id }, retryCount: 2 }));
    expect(await told(pgBossJob(boss, job), jobs)).toEqual({
      endpoint: 'emails',
      requestPayload: [{ id: '1' }, { id: '2' }],
      metadata: { framework: 'pg-boss', queue: 'emails', jobId: ['1', '2'], size: 2 },
    });
  });

  it('is not who only works', () => {
    expect(pgBossJob({ work() {} }, job)).toBe(job);
  });
});

describe('amqplib', () => {
  const channel = { consume() {}, ack() {}, assertQueue() {} };
  const message = (properties: object = {}, content = bytes('{"otp":"1234"}')): object => ({
    content,
    fields: { exchange: '', routingKey: 'by-name', redelivered: true },
    properties,
  });

  it('has the name of the queue from the build, or else from the message', async () => {
    const headers = { 'x-delivery-count': 2 };
    expect(await told(amqplibJob(channel, job, 'emails'), message({ headers }))).toEqual({
      endpoint: 'emails',
      requestPayload: { otp: '[MASKED]' },
      metadata: { framework: 'amqplib', queue: 'emails', attempt: 3, redelivered: true },
    });
  });

  it('has it from the message where the build saw none', async () => {
    expect(await told(amqplibJob(channel, job), message())).toMatchObject({ endpoint: 'by-name' });
  });

  it('has no run for a consumer that was cancelled', async () => {
    expect(await told(amqplibJob(channel, job, 'emails'), null)).toBeUndefined();
  });

  it('leaves out what is no text', async () => {
    const binary = message({}, Buffer.from([0xff, 0x00, 0xfe]));
    expect(await told(amqplibJob(channel, job, 'emails'), binary)).toMatchObject({
      requestPayload: { captured: false, reason: 'Binary body not captured' },
    });
  });
});

describe('KafkaJS', () => {
  const consumer = { run() {}, subscribe() {}, commitOffsets() {} };
  const message = (offset: string, value: Buffer | null): object => ({ offset, value });

  it('has messages without a value', async () => {
    const { eachMessage } = kafkaJob(consumer, { eachMessage: job });
    expect(await told(eachMessage, { topic: 'emails', partition: 3, message: message('7', null) })).toEqual({
      endpoint: 'emails',
      requestPayload: null,
      metadata: { framework: 'kafkajs', queue: 'emails', jobId: '3:7' },
    });
  });

  it('has batches', async () => {
    const { eachBatch } = kafkaJob(consumer, { eachBatch: job, autoCommit: false });
    const messages = [message('7', null), message('8', bytes('{"token":"t"}'))];
    expect(await told(eachBatch, { batch: { topic: 'emails', partition: 0, messages } })).toEqual({
      endpoint: 'emails',
      requestPayload: [null, { token: '[MASKED]' }],
      metadata: { framework: 'kafkajs', queue: 'emails', jobId: '0:7', size: 2 },
    });
  });
});

describe('sqs-consumer', () => {
  it('tells an attempt where it was asked for', async () => {
    const { handleMessage } = sqsJob(true, {
      queueUrl: 'https://sqs.eu-central-2.amazonaws.com/1234/emails',
      handleMessage: job,
    });
    expect(await told(handleMessage, { MessageId: 'm-1', Body: 'ada' })).toEqual({
      endpoint: 'emails',
      requestPayload: 'ada',
      metadata: { framework: 'sqs-consumer', queue: 'emails', jobId: 'm-1' },
    });
  });

  it('keeps the options, with all that they are', () => {
    class Options {
      queueUrl = 'https://sqs/1234/emails';
      handleMessage = job;
      get region(): string {
        return 'eu';
      }
    }
    const given = Object.freeze(new Options());
    const options = sqsJob(true, given);
    expect(options).toBeInstanceOf(Options);
    expect(options.region).toBe('eu');
    expect(given.handleMessage).toBe(job);
    expect(options.handleMessage).not.toBe(job);
  });
});
