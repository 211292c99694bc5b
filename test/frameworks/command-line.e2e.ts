/** What runs outside of requests: a program of the command line, a worker thread and a child process, built by esbuild. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, type BuildResult } from '../support/e2e-bundlers.ts';
import { checkEvent, checkFrames, passed, type SourceFrame, step } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const LIST = 'a;1,b;x,c;2';

let project: Project;
let built: BuildResult;
let absent: BuildResult;
let receiver: Receiver;

beforeAll(async () => {
  project = createProject('apps/command-line');
  receiver = await startReceiver();
  const request = {
    entry: { import: 'src/import.ts', thread: 'src/thread.ts', child: 'src/child.ts' },
    config: { outExtension: { '.js': '.js' } },
  };
  built = await build(project, 'esbuild', request);
  absent = await build(project, 'esbuild', { ...request, outDir: 'dist-absent', plugin: 'absent' });
});

afterAll(() => receiver.close());

const readPrice = ['src/prices.ts', 'async function readPrice'] as const;
const toCents = ['src/prices.ts', 'async function toCents'] as const;
const error = 'RangeError: No price: x';

/** Runs the program both ways, sees that it does the same, and gives back its one event. */
async function runBoth(how: string): Promise<ReplayStackEvent> {
  const before = receiver.events.length;
  const environment = {
    NODE_ENV: 'production',
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
  };
  const [instrumented, plain] = await Promise.all([
    run(project.dir, [built.file, how, LIST], environment),
    run(project.dir, [absent.file, how, LIST]),
  ]);
  expect([instrumented.code, instrumented.stdout]).toEqual([1, plain.stdout]);
  expect(plain).toMatchObject({ code: 1, stdout: expect.stringContaining("'a', cents: 100") as string });
  expect(toldLast(instrumented.stderr)).toEqual(toldLast(plain.stderr));
  const events = receiver.events.slice(before);
  expect(events).toHaveLength(1);
  return events[0] as ReplayStackEvent;
}

/** The error that Node prints at last, without the places in the bundle. */
function toldLast(stderr: string): string[] {
  const lines = stderr.split('\n');
  const start = lines.findLastIndex((line) => line.startsWith('RangeError'));
  return start < 0 ? lines : lines.slice(start).map((line) => line.replace(/^( +at).*/, '$1'));
}

/** The frames below those that are the same each time. */
function frames(...callers: SourceFrame[]): SourceFrame[] {
  return [
    { functionName: 'toCents', file: 'src/prices.ts', at: 'RangeError(`No' },
    { functionName: 'readPrice', file: 'src/prices.ts', at: 'toCents(amount) }' },
    ...callers,
  ];
}

test('an error that the program catches is an event of its own, as nobody else would tell of it', async () => {
  const event = await runBoth('all');
  checkEvent(event, {
    traceId: expect.stringMatching(/^[\da-f-]{36}$/),
    eventType: 'custom',
    endpoint: 'readPrice',
    status: 'failed',
    errorName: 'RangeError',
    errorMessage: 'No price: x',
    stackTrace: expect.any(String),
    stackFrames: expect.any(Array),
    serviceName: 'import',
    environment: 'production',
    appVersion: '2.4.0',
    commitHash: project.commit,
    breadcrumbs: [
      step(project, 'readAll', ['src/import.ts', 'async function readAll']),
      step(project, 'readPrice', readPrice),
      step(project, 'toCents', toCents),
      step(project, 'readPrice', readPrice, { error }),
      step(project, 'toCents', toCents, { error }),
      step(project, 'readPrice', readPrice),
      step(project, 'toCents', toCents),
    ],
    metadata: {
      trail: [
        passed(project, 'toCents', toCents, { amount: 'x' }),
        passed(project, 'readPrice', readPrice, { line: 'b;x' }),
      ],
    },
  });
  checkFrames(
    project,
    event,
    frames(
      { functionName: 'readAll', file: 'src/import.ts', at: 'readPrice(line))' },
      { functionName: null, file: 'src/import.ts', at: 'await read?.()' },
    ),
  );
});

test.each(['exit', 'catch'])('so is one after which the program ends itself: %s', async (how) => {
  const event = await runBoth(how);
  expect(event).toMatchObject({
    eventType: 'custom',
    endpoint: 'readStrictly',
    status: 'failed',
    errorMessage: 'No price: x',
  });
  expect(event.metadata?.['trail']).toHaveLength(3);
});

test.each([
  [
    'an error that ends the program',
    'strictly',
    'readStrictly',
    frames(
      { functionName: 'readStrictly', file: 'src/import.ts', at: 'readPrice(line));\n  return 0' },
      { functionName: null, file: 'src/import.ts', at: 'await read?.()' },
    ),
  ],
  [
    'an error that ends a thread',
    'thread',
    'readPrice',
    frames({ functionName: null, file: 'src/thread.ts', at: 'readPrice(line))' }),
  ],
  [
    'an error that ends a child process',
    'process',
    'readPrice',
    frames({ functionName: null, file: 'src/child.ts', at: 'readPrice(line))' }),
  ],
])('%s is one event', async (_what, how, endpoint, expected) => {
  const event = await runBoth(how);
  const steps = [step(project, 'readPrice', readPrice), step(project, 'toCents', toCents)];
  expect(event).toMatchObject({
    eventType: 'custom',
    endpoint,
    status: 'failed',
    errorMessage: 'No price: x',
    breadcrumbs: expect.arrayContaining(steps) as unknown[],
    metadata: { handled: false, origin: 'unhandledRejection' },
  });
  checkFrames(project, event, expected);
});

test.each([
  ['nothing', 'uncaughtException'],
  ['refuse', 'unhandledRejection'],
])('an error before the first call is one event, and none without an API key: %s', async (how, origin) => {
  const before = receiver.events.length;
  const environment = { REPLAYSTACK_ENDPOINT: receiver.url };
  const [instrumented, unknown, plain] = await Promise.all([
    run(project.dir, [built.file, how], { ...environment, REPLAYSTACK_API_KEY: 'rs_test' }),
    run(project.dir, [built.file, how], environment),
    run(project.dir, [absent.file, how]),
  ]);
  for (const { code, stdout, stderr } of [instrumented, unknown]) {
    expect([code, stdout, toldLast(stderr)]).toEqual([1, plain.stdout, toldLast(plain.stderr)]);
  }
  expect(receiver.events.slice(before)).toMatchObject([
    { eventType: 'custom', status: 'failed', errorMessage: 'No list', metadata: { handled: false, origin } },
  ]);
});
