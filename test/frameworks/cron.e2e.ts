/** Jobs that run by the clock: one event for each run, with every library, in an application that esbuild has built. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build } from '../support/e2e-bundlers.ts';
import { checkEvent, checkFrames, passed, step } from '../support/e2e-event.ts';
import { jobEvent } from '../support/e2e-job.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const EACH_SECOND = '* * * * * *';

/** By what it counts: its name, what else is told of it, and where and as what it is observed. */
const jobs = {
  lamps: {
    endpoint: 'count lamps',
    metadata: { framework: 'node-cron', schedule: EACH_SECOND, job: 'count lamps' },
  },
  chairs: {
    endpoint: EACH_SECOND,
    metadata: { framework: 'croner', schedule: EACH_SECOND },
    observed: ['croner', "async () => {\n  if ((await countShelf('chairs"],
  },
  tables: {
    endpoint: 'tables',
    metadata: { framework: 'cron', schedule: EACH_SECOND, job: 'tables' },
    observed: ['cron', 'async onTick'],
  },
  sofas: {
    endpoint: 'sofas',
    metadata: { framework: 'node-schedule', schedule: EACH_SECOND, job: 'sofas' },
    observed: ['node-schedule sofas', "async () => {\n  if ((await countShelf('sofas"],
  },
  beds: {
    endpoint: 'countBeds',
    metadata: { framework: 'setInterval', schedule: 'every 200 ms', job: 'countBeds' },
    observed: ['countBeds', 'async function countBeds'],
  },
} as const;

describe('an application with jobs', () => {
  let project: Project;
  let receiver: Receiver;
  let log: string;
  let plain: { code: number | string; stdout: string };
  let instrumented: { code: number | string; stdout: string; stderr: string };

  beforeAll(async () => {
    project = createProject('apps/cron');
    receiver = await startReceiver();
    const request = { entry: 'src/worker.ts', external: ['cron', 'node-cron', 'node-schedule'] };
    const built = await build(project, 'esbuild', request);
    log = built.log;
    const absent = await build(project, 'esbuild', {
      ...request,
      outDir: 'dist-absent',
      plugin: 'absent',
    });
    [plain, instrumented] = await Promise.all([
      run(project.dir, [absent.file]),
      run(project.dir, [built.file], {
        NODE_ENV: 'production',
        REPLAYSTACK_API_KEY: 'rs_test',
        REPLAYSTACK_ENDPOINT: receiver.url,
      }),
    ]);
  });

  afterAll(() => receiver?.close());

  const eventsOf = (framework: string): ReplayStackEvent[] =>
    receiver.events.filter(({ metadata }) => metadata?.['framework'] === framework);

  test('counts them in the log of the build', () => {
    expect(log).toMatch(/0 routes, 5 jobs and 5 functions in 2 files, 1 left alone/);
  });

  test('does what it did', () => {
    expect([instrumented.code, instrumented.stdout]).toEqual([0, plain.stdout]);
    expect(plain).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('beds,chairs,desks,lamps') as string,
    });
  });

  test.each(Object.entries(jobs))(
    'the runs that count %s: one that fails, one that goes well',
    (shelf, job) => {
      // A failure takes longer: its stack is mapped.
      const [failure, success, ...more] = eventsOf(job.metadata.framework).sort((a, b) =>
        a.status < b.status ? -1 : 1,
      );
      expect(more).toEqual([]);
      const own = 'observed' in job ? (['src/worker.ts', job.observed[1]] as const) : undefined;
      const steps = (error?: string): unknown[] => [
        ...('observed' in job && own
          ? [step(project, job.observed[0], own, error === undefined ? {} : { error })]
          : []),
        step(
          project,
          'countShelf',
          ['src/stock.ts', 'async function countShelf'],
          error === undefined ? {} : { error },
        ),
      ];
      const errorMessage = `Nothing on shelf ${shelf}`;
      const { endpoint, metadata } = job;
      checkEvent(
        failure as ReplayStackEvent,
        jobEvent(project, {
          eventType: 'cron',
          endpoint,
          errorName: 'RangeError',
          errorMessage,
          breadcrumbs: steps(`RangeError: ${errorMessage}`),
          metadata: {
            ...metadata,
            handled: false,
            trail: [
              passed(project, 'countShelf', ['src/stock.ts', 'async function countShelf'], { shelf }),
              ...('observed' in job && own ? [passed(project, job.observed[0], own)] : []),
            ],
          },
        }),
      );
      checkFrames(project, failure as ReplayStackEvent, [
        { functionName: 'countShelf', file: 'src/stock.ts', at: 'RangeError(`Nothing' },
        { file: 'src/worker.ts', at: `countShelf('${shelf}')` },
      ]);
      checkEvent(
        success as ReplayStackEvent,
        jobEvent(project, { eventType: 'cron', endpoint, breadcrumbs: steps(), metadata }),
      );
      expect(failure?.traceId).not.toBe(success?.traceId);
    },
  );

  test('one that a pragma leaves alone is no event, but its failure is', () => {
    const others = receiver.events.filter(({ eventType }) => eventType !== 'cron');
    expect(others).toMatchObject([
      { eventType: 'custom', errorMessage: 'Nothing on shelf desks', status: 'failed' },
    ]);
  });
});
