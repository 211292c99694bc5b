/** What holds for the jobs of all libraries: what they are called with and give back, and what their events have. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cronJob, intervalJob } from '../../../runtime/adapters/cron-jobs.ts';
import { beeQueueJob, bullmqJob } from '../../../runtime/adapters/queue-jobs.ts';
import { enter, fail } from '../../../runtime/observe/hooks.ts';
import { captureFatal } from '../../../runtime/observe/trail.ts';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime | undefined;

async function start(options: ClientOptions = {}): Promise<TestRuntime> {
  await test?.[Symbol.asyncDispose]();
  return (test = await startRuntime(options));
}

beforeEach(async () => void (await start()));

afterEach(async () => {
  await test?.[Symbol.asyncDispose]();
  test = undefined;
});

const events: TestRuntime['events'] = async () => (await test?.events()) ?? [];

/** A job as BullMQ hands it to its processor; what it needs of it. */
const bullJob = (data: unknown): object => ({
  id: '1',
  name: 'welcome',
  queueName: 'emails',
  attemptsMade: 1,
  data,
});

describe('a job', () => {
  it('looks as it did', () => {
    const original = Object.assign(async function named(_a: unknown, _b: unknown) {}, { brand: 'mine' });
    const job = intervalJob(true, original, 10);
    expect(job).not.toBe(original);
    expect([job.name, job.length, job.brand, Object.getPrototypeOf(job)]).toEqual([
      'named',
      2,
      'mine',
      Object.getPrototypeOf(original),
    ]);
  });

  it('has its this and its arguments, and what it returns is given back', async () => {
    const self = { own: true };
    const job = intervalJob(true, function (this: unknown, ...args: unknown[]) {
      return [this, args];
    });
    expect(job.call(self, 1, 'b')).toEqual([self, [1, 'b']]);
    const error = new Error('thrown');
    const throwing = intervalJob(true, () => {
      throw error;
    });
    expect(() => throwing()).toThrow(error);
  });

  it('gives the very promise to who waits for it, and to others one that settles alike', async () => {
    const error = new Error('rejected');
    const promises = [Promise.resolve(7), Promise.reject(error)] as const;
    for (const promise of promises) {
      expect(bullmqJob(true, (_job: object) => promise)(bullJob(1))).toBe(promise);
      const other = intervalJob(true, () => promise)();
      expect(other).not.toBe(promise);
      expect(await other.catch((reason: unknown) => reason)).toBe(
        await promise.catch((reason: unknown) => reason),
      );
    }
    expect((await events()).map(({ status }) => status)).toEqual(['success', 'success', 'failed', 'failed']);
  });

  it('may give something lazy, which runs as often as before', async () => {
    const run = vi.fn((resolve: (value: number) => void) => resolve(7));
    // oxlint-disable-next-line unicorn/no-thenable -- what query builders are
    const lazy = { then: run };
    expect(intervalJob(true, () => lazy)()).toBe(lazy);
    expect(run).not.toHaveBeenCalled();
    const awaited: unknown = bullmqJob(true, (_job: object) => lazy)(bullJob(1));
    expect(await awaited).toBe(7);
    expect(run).toHaveBeenCalledOnce();
    expect((await events()).map(({ status }) => status)).toEqual(['pending', 'success']);
  });

  it('may tell by a callback that it has ended', async () => {
    const queue = { process() {}, createJob() {}, checkStalledJobs() {} };
    const job = beeQueueJob(queue, (_job: object, done: (error: unknown, value?: unknown) => void) => {
      setImmediate(() => done(null, { sent: true }));
      setImmediate(() => done(new Error('too late')));
    });
    const given = {
      id: '7',
      data: { to: 'ada' },
      queue: { name: 'emails' },
      options: { stacktraces: ['Error'] },
    };
    const results = await new Promise((resolve) => job(given, (...args: unknown[]) => resolve(args)));
    expect(results).toEqual([null, { sent: true }]);
    expect(await events()).toMatchObject([
      { status: 'success', responsePayload: { sent: true }, metadata: { jobId: '7', attempt: 2 } },
    ]);
    job(given, () => {});
    expect(job.length).toBe(2);
  });

  it('runs as ever without a client, and where it cannot be described', async () => {
    const job = bullmqJob(true, (..._args: unknown[]) => activeScope()?.traceId ?? 'no scope');
    expect(job(undefined)).toBe('no scope');
    expect(await events()).toEqual([]);
    expect(test?.errors).toHaveLength(1);
    await test?.client.close();
    expect(job(bullJob(1))).toBe('no scope');
  });

  it.each([undefined, null, 1, './processor.js', new URL('file:///processor.js'), {}, []])(
    'is not %j',
    (value) => {
      expect(bullmqJob(true, value)).toBe(value);
      expect(cronJob(true, value)).toBe(value);
    },
  );

  it('is not what is registered on something else', () => {
    const job = (): void => {};
    for (const owner of [undefined, null, {}, { process() {} }, 'queue'])
      expect(beeQueueJob(owner, job)).toBe(job);
  });
});

describe('an event', () => {
  it('has what the job was given and what came of it, masked', async () => {
    const job = bullmqJob(true, async (_job: object) => ({ token: 'secret', sent: 1 }));
    await job(bullJob({ to: 'ada', password: 'hunter2' }));
    const [event] = await events();
    expect(event).toEqual({
      traceId: expect.any(String),
      eventType: 'queue',
      endpoint: 'emails/welcome',
      requestPayload: { to: 'ada', password: '[MASKED]' },
      responsePayload: { token: '[MASKED]', sent: 1 },
      status: 'success',
      executionTimeMs: expect.any(Number),
      breadcrumbs: [
        expect.objectContaining({ message: 'Job started', category: 'job', level: 'info', metadata: {} }),
        expect.objectContaining({ message: 'Job finished', category: 'job', level: 'info' }),
      ],
      environment: 'test',
      metadata: { framework: 'bullmq', queue: 'emails', job: 'welcome', jobId: '1', attempt: 2 },
    });
  });

  it('has no payloads where bodies are not captured, and leaves out successes and names where told so', async () => {
    const run = bullmqJob(true, async (_job: object) => ({ sent: 1 }));
    await start({ captureRequestBody: false, captureResponseBody: false });
    await run(bullJob({ to: 'ada' }));
    const [event] = await events();
    expect([event?.requestPayload, event?.responsePayload]).toEqual([undefined, undefined]);
    await start({ captureSuccess: false });
    await run(bullJob(1));
    await bullmqJob(true, async (_job: object) => Promise.reject(new Error('no')))(bullJob(1)).catch(
      () => {},
    );
    expect((await events()).map(({ status }) => status)).toEqual(['failed']);
    await start({ ignoredPaths: ['emails'] });
    await run(bullJob(1));
    expect(await events()).toEqual([]);
  });

  it('has the way that an error took, and no other has it', async () => {
    const load = async (id: string): Promise<never> => {
      const call = enter('src/mail.ts:7:load');
      throw fail(call, new RangeError(`No letter ${id}`), { id });
    };
    const job = bullmqJob(true, async (_job: object) => load('7'));
    await expect(job(bullJob(1))).rejects.toThrow('No letter 7');
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      status: 'failed',
      errorMessage: 'No letter 7',
      metadata: {
        handled: false,
        trail: [{ functionName: 'load', fileName: 'src/mail.ts', lineNumber: 7, arguments: { id: '7' } }],
      },
    });
  });

  it('is a failure where a job is aborted: its library takes it for one', async () => {
    const job = bullmqJob(true, async (_job: object) => AbortSignal.abort().throwIfAborted());
    await expect(job(bullJob(1))).rejects.toThrow('aborted');
    expect(await events()).toMatchObject([{ status: 'failed', errorName: 'AbortError' }]);
  });

  it('is pending where a job moves itself elsewhere', async () => {
    class DelayedError extends Error {
      override name = 'DelayedError';
    }
    for (const error of [new DelayedError('later'), new Error('bullmq:rateLimitExceeded')]) {
      const job = bullmqJob(true, async (_job: object) => Promise.reject(error));
      await expect(job(bullJob(1))).rejects.toBe(error);
    }
    expect((await events()).map(({ status, errorName }) => [status, errorName])).toEqual([
      ['pending', undefined],
      ['pending', undefined],
    ]);
  });

  it('is that of the run where an error ends the process in its midst', async () => {
    const job = bullmqJob(true, async (_job: object) => {
      if (test !== undefined) captureFatal(test.client, new Error('fatal'), 'uncaughtException', true);
      await new Promise(() => {});
    });
    void job(bullJob({ to: 'ada' }));
    expect(await events()).toMatchObject([
      {
        eventType: 'queue',
        endpoint: 'emails/welcome',
        status: 'failed',
        errorMessage: 'fatal',
        requestPayload: { to: 'ada' },
        metadata: { framework: 'bullmq', origin: 'uncaughtException', handled: false },
      },
    ]);
  });
});
