/** What is told of methods that NestJS calls, by what it keeps of their decorators; itself it runs them in test/frameworks and test/services. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  nestBullJob,
  nestBullmqJob,
  nestMessage,
  nestScheduleJob,
} from '../../../runtime/adapters/nestjs-jobs.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;
/** Of methods and of parameters, as reflect-metadata keeps it. */
let metadata: Map<unknown, Record<string, unknown>>;

beforeEach(async () => {
  test = await startRuntime();
  metadata = new Map();
  Object.assign(Reflect, {
    getMetadata: (key: string, target: unknown, property?: string): unknown =>
      metadata.get(property === undefined ? target : `${String(target)} ${property}`)?.[key],
  });
});

afterEach(async () => {
  Reflect.deleteProperty(Reflect, 'getMetadata');
  await test[Symbol.asyncDispose]();
});

class Reminders {
  static toString(): string {
    return 'Reminders';
  }

  schedule(): string | undefined {
    return nestScheduleJob('Reminders.schedule', this, { schedule: () => activeScope()?.traceId }, []);
  }

  answer<T>(value: T, ...args: unknown[]): T {
    return nestMessage('Reminders.answer', this, { answer: () => value }, args);
  }
}

const reminders = new Reminders();

describe('a job by the clock', () => {
  it.each([
    [{ SCHEDULE_CRON_OPTIONS: { cronTime: '0 3 * * *' } }, { schedule: '0 3 * * *' }],
    [{ SCHEDULE_INTERVAL_OPTIONS: { timeout: 50 } }, { schedule: 'every 50 ms' }],
    [
      { SCHEDULE_TIMEOUT_OPTIONS: { timeout: 50 }, SCHEDULER_NAME: 'once' },
      { schedule: 'after 50 ms', job: 'once' },
    ],
  ])('with %j', async (own, told) => {
    metadata.set(reminders.schedule, { SCHEDULER_TYPE: 1, ...own });
    const traceId = reminders.schedule();
    const job = 'job' in told ? told.job : 'Reminders.schedule';
    expect(await test.events()).toMatchObject([
      { traceId, eventType: 'cron', endpoint: job, metadata: { framework: 'nestjs', ...told, job } },
    ]);
  });

  it('is none without what its decorator leaves, and on nothing', async () => {
    expect(reminders.schedule()).toBeUndefined();
    expect(Reflect.apply(reminders.schedule, undefined, [])).toBeUndefined();
    expect([await test.events(), test.errors]).toEqual([[], []]);
  });

  it('is part of the request, or the job, that calls it', async () => {
    metadata.set(reminders.schedule, { SCHEDULER_TYPE: 1 });
    metadata.set(reminders.answer, { 'microservices:pattern': ['remind'] });
    const self = { answer: reminders.answer };
    const traceId = nestMessage('Reminders.answer', self, { answer: () => reminders.schedule() }, []);
    expect(await test.events()).toMatchObject([{ traceId, eventType: 'queue' }]);
  });
});

it('gives what settles alike, and a rejection that nobody waits for is as unhandled as ever', async () => {
  metadata.set(reminders.answer, { 'microservices:pattern': ['remind'] });
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  const error = new RangeError('No patient');
  void reminders.answer(Promise.reject(error));
  await expect(reminders.answer(Promise.reject(error))).rejects.toBe(error);
  // oxlint-disable-next-line unicorn/no-thenable -- what query builders are
  expect(await reminders.answer({ then: (resolve: (value: number) => void) => resolve(7) })).toBe(7);
  // Those with an error may come later: their frames are looked up first.
  expect((await test.events()).map(({ status }) => status).toSorted()).toEqual([
    'failed',
    'failed',
    'success',
  ]);
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([error]);
});

describe('a message', () => {
  class TcpContext {
    getArgs(): unknown[] {
      return [];
    }

    getPattern(): string {
      return 'remind.ada';
    }
  }

  it('has its pattern, where it comes from, and what is in it', async () => {
    metadata.set(reminders.answer, { 'microservices:pattern': ['remind.*'] });
    expect(reminders.answer({ token: 'a' }, { patient: 'Ada', otp: 1 }, new TcpContext())).toEqual({
      token: 'a',
    });
    expect(await test.events()).toMatchObject([
      {
        eventType: 'queue',
        endpoint: 'remind.ada',
        requestPayload: { patient: 'Ada', otp: '[MASKED]' },
        responsePayload: { token: '[MASKED]' },
        metadata: { framework: 'nestjs', route: 'remind.ada', transport: 'tcp' },
      },
    ]);
  });

  it('has all patterns of its handler where nothing tells which it is', async () => {
    metadata.set(reminders.answer, {
      'microservices:pattern': ['remind', { cmd: 'remind' }],
      'microservices:transport': 6,
    });
    reminders.answer(1, 'Ada');
    expect(await test.events()).toMatchObject([
      { endpoint: 'remind, {"cmd":"remind"}', requestPayload: 'Ada', metadata: { transport: 'kafka' } },
    ]);
  });

  it.each([
    [{ '3:1': { index: 1 } }, 'second'],
    [{ '6:0': { index: 0 } }, {}],
    [
      { '3:0': { index: 0, data: 'name' }, '3:1': { index: 1 } },
      { name: 'first', 1: 'second' },
    ],
  ])('is what its parameters are, by their decorators: %j', async (parameters, requestPayload) => {
    metadata.set(reminders.answer, { 'microservices:pattern': ['remind'] });
    metadata.set('Reminders answer', { __routeArguments__: parameters });
    reminders.answer(1, 'first', 'second');
    expect(await test.events()).toMatchObject([{ requestPayload }]);
  });

  it('may be answered by something that runs when it is subscribed to: that is left alone', async () => {
    metadata.set(reminders.answer, { 'microservices:pattern': ['remind'] });
    const observable = { subscribe: () => expect.unreachable() };
    expect(reminders.answer(observable)).toBe(observable);
    const promise = Promise.resolve(observable);
    expect(await reminders.answer(promise)).toBe(observable);
    const responsePayload = { captured: false, reason: 'Streaming response body not captured' };
    expect(await test.events()).toMatchObject([{ responsePayload }, { responsePayload }]);
  });
});

describe('a job of a queue', () => {
  const given = { id: '1', name: 'welcome', data: { to: 'ada' }, attemptsMade: 1 };
  const told = {
    eventType: 'queue',
    endpoint: 'emails/welcome',
    requestPayload: { to: 'ada' },
    responsePayload: 'sent',
    metadata: { queue: 'emails', job: 'welcome', jobId: '1', attempt: 2 },
  };
  const body = { process: () => 'sent' };

  it('is handed over by the library: what the application calls it with may not even be looked at', () => {
    const shy = new Proxy({}, { get: () => expect.fail('was looked at') });
    let calls = 0;
    for (const hook of [nestBullmqJob, nestBullJob]) {
      const body = { process: () => void calls++ };
      hook('Emails.process', {}, body, [shy]);
      hook('Emails.process', {}, body, []);
    }
    expect(calls).toBe(4);
  });

  it('of BullMQ', async () => {
    expect(nestBullmqJob('Emails.process', {}, body, [{ ...given, queueName: 'emails' }])).toBe('sent');
    expect(await test.events()).toMatchObject([told]);
  });

  it('of Bull', async () => {
    const job = { ...given, queue: { name: 'emails' } };
    expect(nestBullJob('Emails.process', {}, body, [job])).toBe('sent');
    nestBullJob('Emails.process', {}, body, [{ ...job, name: '__default__' }]);
    expect(await test.events()).toMatchObject([
      { ...told, metadata: { framework: 'bull', ...told.metadata } },
      { endpoint: 'emails' },
    ]);
  });

  it.each([[], [undefined], ['emails'], [{}]])('is none without one: %j', async (...args) => {
    expect(nestBullmqJob('Emails.process', {}, body, args)).toBe('sent');
    expect(nestBullJob('Emails.process', {}, body, args)).toBe('sent');
    expect([await test.events(), test.errors]).toEqual([[], []]);
  });
});
