/** The libraries that run jobs by the clock, as they are installed here: what becomes of a run, and what of the library. */
import { CronJob } from 'cron';
import { Cron } from 'croner';
import cron from 'node-cron';
import schedule from 'node-schedule';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cronerJob,
  cronJob,
  intervalJob,
  nodeCronJob,
  nodeScheduleJob,
} from '../../../runtime/adapters/cron-jobs.ts';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { activeScope } from '../../../runtime/scope.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

const EACH_SECOND = '* * * * * *';
/** Once a year, so that what runs was triggered by hand. */
const RARELY = '0 0 1 1 *';

let test: TestRuntime;
let stopping: (() => unknown)[];

beforeEach(async () => {
  test = await startRuntime();
  stopping = [];
});

afterEach(async () => {
  for (const stop of stopping) await stop();
  await test[Symbol.asyncDispose]();
});

/** Keeps what runs until the test has ended. */
function keep<T>(running: T, stop: (running: T) => unknown): T {
  stopping.push(() => stop(running));
  return running;
}

async function work(): Promise<void> {
  await Promise.resolve();
  test.client.addBreadcrumb(`in ${activeScope()?.traceId}`);
}

async function fail(): Promise<never> {
  await Promise.resolve();
  throw new RangeError('Out of paper');
}

const outline = ({ eventType, endpoint, status, metadata }: ReplayStackEvent): unknown => ({
  eventType,
  endpoint,
  status,
  metadata,
});

async function outlines(): Promise<unknown[]> {
  return (await test.events()).map(outline);
}

describe('a run by the clock', () => {
  it('is an event of its own in every library', async () => {
    keep(cron.schedule(EACH_SECOND, nodeCronJob(true, work, EACH_SECOND, 'work')), (task) => task.destroy());
    keep(new Cron(EACH_SECOND, { name: 'croner' }, cronerJob(true, work)), (job) => job.stop());
    keep(new CronJob(EACH_SECOND, cronJob(true, work, EACH_SECOND, 'work'), null, true), (job) => job.stop());
    keep(schedule.scheduleJob('tidy', EACH_SECOND, nodeScheduleJob(true, work, EACH_SECOND)), (job) =>
      job.cancel(),
    );
    keep(setInterval(intervalJob(true, work, 300, 'work'), 300), clearInterval);
    const seen = new Map<unknown, ReplayStackEvent>();
    await vi.waitFor(
      async () => {
        for (const event of await test.events()) seen.set(event.metadata?.['framework'], event);
        expect(seen.size).toBe(5);
      },
      { timeout: 10_000, interval: 100 },
    );
    const schedules = { schedule: EACH_SECOND };
    expect(
      Object.fromEntries([...seen].map(([name, { endpoint, metadata }]) => [name, { endpoint, metadata }])),
    ).toEqual({
      'node-cron': { endpoint: 'work', metadata: { framework: 'node-cron', ...schedules, job: 'work' } },
      croner: { endpoint: 'croner', metadata: { framework: 'croner', ...schedules, job: 'croner' } },
      cron: { endpoint: 'work', metadata: { framework: 'cron', ...schedules, job: 'work' } },
      'node-schedule': {
        endpoint: 'tidy',
        metadata: { framework: 'node-schedule', ...schedules, job: 'tidy' },
      },
      setInterval: {
        endpoint: 'work',
        metadata: { framework: 'setInterval', schedule: 'every 300 ms', job: 'work' },
      },
    });
    for (const { traceId, eventType, status, breadcrumbs = [], executionTimeMs } of seen.values()) {
      expect([eventType, status, executionTimeMs]).toEqual(['cron', 'success', expect.any(Number)]);
      expect(breadcrumbs.map(({ message }) => message)).toEqual([
        'Job started',
        `in ${traceId}`,
        'Job finished',
      ]);
    }
    expect(new Set([...seen.values()].map(({ traceId }) => traceId)).size).toBe(5);
  });
});

describe('node-cron', () => {
  it('tells the name and the pattern, and gets what the job returns', async () => {
    const job = nodeCronJob(true, () => 7, RARELY);
    const task = keep(cron.createTask(RARELY, job, { name: 'nightly' }), (one) => one.destroy());
    expect(await task.execute()).toBe(7);
    const anonymous = keep(
      cron.createTask(
        RARELY,
        nodeCronJob(true, () => 8),
      ),
      (one) => one.destroy(),
    );
    expect(await anonymous.execute()).toBe(8);
    const common = { eventType: 'cron', status: 'success' };
    expect(await outlines()).toEqual([
      {
        ...common,
        endpoint: 'nightly',
        metadata: { framework: 'node-cron', schedule: RARELY, job: 'nightly' },
      },
      { ...common, endpoint: RARELY, metadata: { framework: 'node-cron', schedule: RARELY } },
    ]);
  });

  it('is given the path of a file as it is', () => {
    expect(nodeCronJob(true, './task.js', RARELY)).toBe('./task.js');
  });

  it('hears of a failure', async () => {
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() };
    const task = keep(cron.createTask(RARELY, nodeCronJob(true, fail, RARELY, 'fail'), { logger }), (one) =>
      one.destroy(),
    );
    await expect(task.execute()).rejects.toThrow('Out of paper');
    expect(logger.error).toHaveBeenCalledOnce();
    const [event, ...more] = await test.events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      eventType: 'cron',
      endpoint: 'fail',
      status: 'failed',
      errorName: 'RangeError',
      errorMessage: 'Out of paper',
      metadata: { framework: 'node-cron', schedule: RARELY, job: 'fail', handled: false },
    });
    expect(event?.stackTrace).toContain('at fail ');
    expect(event?.breadcrumbs?.map(({ message }) => message)).toEqual([
      'Job started',
      'Unhandled exception captured',
      'Job finished',
    ]);
  });
});

describe('croner', () => {
  it('gives its job itself and its context, and its own handler the failure', async () => {
    const caught = vi.fn();
    const options = { paused: true, context: { town: 'Bern' }, catch: caught };
    const job = vi.fn(fail);
    const running = keep(new Cron(RARELY, options, cronerJob(true, job as () => Promise<never>)), (one) =>
      one.stop(),
    );
    await running.trigger();
    expect(job).toHaveBeenCalledWith(running, options.context);
    expect(caught.mock.calls[0]?.[0]).toEqual(new RangeError('Out of paper'));
    expect((await test.events()).map(({ status }) => status)).toEqual(['failed']);
  });

  it('may get its job later, and options as they are', async () => {
    const options = { paused: true };
    expect(cronerJob(true, options)).toBe(options);
    const running = keep(new Cron(RARELY, options), (one) => one.stop());
    running.schedule(cronerJob(running, () => {}));
    await running.trigger();
    expect(await outlines()).toMatchObject([{ endpoint: RARELY, status: 'success' }]);
  });
});

describe('cron', () => {
  it('has its job in options, which are copied', async () => {
    const options = {
      cronTime: RARELY,
      name: 'letters',
      context: { town: 'Bern' },
      onTick(this: { town: string }) {
        towns.push(this.town);
      },
    };
    const towns: string[] = [];
    const { onTick } = options;
    const job = CronJob.from(cronJob(true, options));
    expect(options.onTick).toBe(onTick);
    await job.fireOnTick();
    expect(towns).toEqual(['Bern']);
    expect(await outlines()).toMatchObject([
      { endpoint: 'letters', metadata: { framework: 'cron', schedule: RARELY, job: 'letters' } },
    ]);
  });

  it('hands a failure to its own handler', async () => {
    const errorHandler = vi.fn();
    const job = CronJob.from(cronJob(true, { cronTime: RARELY, onTick: fail, errorHandler }));
    await job.fireOnTick();
    await vi.waitFor(() => expect(errorHandler).toHaveBeenCalledWith(new RangeError('Out of paper')));
    expect((await test.events()).map(({ status }) => status)).toEqual(['failed']);
  });

  it('is given commands and options without a job as they are', () => {
    const command = { command: 'true' };
    const options = { cronTime: RARELY, onTick: command };
    expect([cronJob(true, command), cronJob(true, options)]).toEqual([command, options]);
    expect(cronJob(true, options)).toBe(options);
  });
});

describe('node-schedule', () => {
  it('knows a job by its name, or not', async () => {
    const at = new Date(Date.now() + 1e9);
    const named = keep(
      schedule.scheduleJob(
        'tidy',
        at,
        nodeScheduleJob(true, async () => 7, at),
      ),
      (job) => job.cancel(),
    );
    const other = keep(
      schedule.scheduleJob(
        { hour: 3 },
        nodeScheduleJob(true, () => {}, { hour: 3 }),
      ),
      (job) => job.cancel(),
    );
    const bare = new schedule.Job(
      'bare',
      nodeScheduleJob(true, () => {}, 'bare'),
    );
    expect(await (named as unknown as { invoke(): unknown }).invoke()).toBe(7);
    for (const job of [other, bare]) job.invoke();
    expect(await outlines()).toMatchObject([
      { endpoint: 'tidy', metadata: { schedule: at.toISOString(), job: 'tidy' } },
      { endpoint: 'cron', metadata: { schedule: { hour: 3 } } },
      { endpoint: 'bare', metadata: { job: 'bare' } },
    ]);
  });
});

describe('a run by hand', () => {
  it('within a request has a scope of its own', async () => {
    const running = keep(new Cron(RARELY, { paused: true }, cronerJob(true, work)), (one) => one.stop());
    await runWithReplayStackContext(
      async () => {
        await running.trigger();
        test.client.addBreadcrumb('behind it');
        await test.client.captureEvent({ endpoint: 'request' });
      },
      { traceId: 'request' },
    );
    const [run, request] = await test.events();
    expect(run?.breadcrumbs?.map(({ message }) => message)).toEqual([
      'Job started',
      `in ${run?.traceId}`,
      'Job finished',
    ]);
    expect(request?.breadcrumbs?.map(({ message }) => message)).toEqual(['behind it']);
    expect(run?.traceId).not.toBe('request');
  });
});
