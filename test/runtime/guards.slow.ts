/**
 * Process guards, by real processes: each program of fixtures/guards runs with guards and without, ends the same way, and
 * with guards its events arrive.
 */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import type { Ended, Outcome, Programs, RunOptions } from '../support/guarded-process.ts';
import { compilePrograms } from '../support/guarded-process.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** The program's events wait for others, so that they are not sent before it ends. */
const WAITING = { REPLAYSTACK_BATCH_FLUSH_INTERVAL_MS: '60000' };

let programs: Programs;
/** The same where there is no undici, so that they send by fetch. */
let fetching: Programs;
beforeAll(async () => {
  [programs, fetching] = await Promise.all([compilePrograms(), compilePrograms({ undici: false })]);
});
afterAll(() => Promise.all([programs.remove(), fetching.remove()]));

interface Compared extends Outcome {
  /** What arrived with guards, whatever it was answered. */
  events: ReplayStackEvent[];
  /** How long the process took with guards, and without. */
  ms: number;
  plainMs: number;
}

/** Runs a program both ways, and sees that it ends the same way. */
async function compare(
  program: string,
  options: RunOptions & { answer?: Receiver['answer']; sameOutput?: boolean; of?: Programs } = {},
): Promise<Compared> {
  const { of = programs, sameOutput = true } = options;
  await using receiver = await startReceiver();
  await using other = await startReceiver();
  if (options.answer) receiver.answer = other.answer = options.answer;
  const [guarded, plain] = await Promise.all([
    of.run(program, receiver.url, true, options),
    of.run(program, other.url, false, options),
  ]);
  const seen = ({ code, signal, stdout, stderr }: Ended): Outcome => ({
    code,
    signal,
    stdout: sameOutput ? stdout : '',
    stderr,
  });
  expect(seen(guarded)).toEqual(seen(plain));
  return {
    ...guarded,
    plainMs: plain.ms,
    events: receiver.requests.flatMap(({ events }) => events),
  };
}

/** What an event is about, for short. */
function names(events: ReplayStackEvent[]): (string | undefined)[] {
  return events.map(({ endpoint, errorMessage }) => endpoint ?? errorMessage).toSorted();
}

const send =
  (...signals: NodeJS.Signals[]) =>
  (child: ChildProcess): void => {
    for (const [index, signal] of signals.entries()) setTimeout(() => child.kill(signal), 300 * index);
  };

describe('an error that ends the process', () => {
  it('is an event with its original frames and what led to it', async () => {
    const { code, stderr, events } = await compare('throw-at-top-level');
    expect(code).toBe(1);
    expect(stderr).toContain('RangeError: no such port\n');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      eventType: 'custom',
      status: 'failed',
      errorName: 'RangeError',
      errorMessage: 'no such port',
      commitHash: 'abc',
      breadcrumbs: [{ message: 'starting' }],
      metadata: { handled: false },
    });
    expect(events[0]?.stackFrames?.[0]).toMatchObject({
      fileName: 'fixtures/guards/throw-at-top-level.ts',
      lineNumber: 4,
      columnNumber: 7,
    });
  });

  it('goes out with what waits before it', async () => {
    const { code, events } = await compare('throw-in-timer', { env: WAITING });
    expect(code).toBe(1);
    expect(names(events)).toEqual(['/before', 'lost']);
    expect(events[1]?.stackFrames?.[0]).toMatchObject({ functionName: 'Timeout.connect', lineNumber: 4 });
    expect(events[1]?.metadata).toEqual({ handled: false, origin: 'uncaughtException' });
  });

  it('need not be an Error', async () => {
    const { code, events } = await compare('throw-no-error');
    expect(code).toBe(1);
    expect(events.map(({ errorMessage }) => errorMessage)).toEqual([
      '{"reason":"none","password":"[MASKED]"}',
    ]);
  });

  it.each([[], ['--unhandled-rejections=strict'], ['--enable-source-maps'], ['--trace-uncaught']])(
    'may be a rejection that nobody handles %s',
    async (...flags) => {
      const { code, stderr, events } = await compare('rejection', { flags });
      expect(code).toBe(1);
      expect(stderr).toContain('TypeError: nobody handles this\n');
      expect(names(events)).toEqual(['nobody handles this']);
      expect(events[0]?.metadata).toEqual({ handled: false, origin: 'unhandledRejection' });
    },
  );

  it.each(['by-hand', 'create'])('is no second event when it is one already: %s', async (name) => {
    const { code, events } = await compare('reported-already', { args: [name] });
    expect(code).toBe(1);
    expect(names(events)).toEqual([name]);
  });

  it('has the trail of the observed functions that it left', async () => {
    const { events } = await compare('reported-already', { args: ['create'] });
    const call = { functionName: 'create', fileName: 'src/orders.ts', lineNumber: 12 };
    expect(events[0]?.metadata).toEqual({
      trail: [{ ...call, arguments: { id: 1, password: '[MASKED]' } }],
      handled: false,
      origin: 'unhandledRejection',
    });
    expect(events[0]?.breadcrumbs).toMatchObject([{ message: 'create', level: 'error' }]);
  });
});

describe('an error in a request', () => {
  const failed = { traceId: 'trace', errorMessage: 'no such order', status: 'failed' };

  it.each([[], ['throw']])('is the event of that request if it ends the process %s', async (...args) => {
    const { code, events } = await compare('request', { args });
    expect(code).toBe(1);
    expect(events).toMatchObject([
      {
        ...failed,
        eventType: 'api',
        method: 'POST',
        endpoint: '/orders',
        requestUrl: expect.stringMatching(/^http:.*\/orders\?token=/),
        requestPayload: { id: 7, password: '[MASKED]' },
        breadcrumbs: [{ message: 'HTTP request started' }, { message: 'looking' }],
        metadata: { framework: 'express', handled: false },
      },
    ]);
    expect(events[0]?.statusCode).toBeUndefined();
  });

  it.each([['survive'], ['survive', 'throw']])(
    'is an event of its own if the application goes on and answers: %s %s',
    async (...args) => {
      const { code, events } = await compare('request', { args });
      expect(code).toBe(0);
      // Each goes out in a request of its own, so that either may come first.
      expect(events.toSorted((a, b) => b.eventType.localeCompare(a.eventType))).toMatchObject([
        { ...failed, eventType: 'custom' },
        { traceId: 'trace', eventType: 'api', statusCode: 200 },
      ]);
    },
  );
});

describe('a rejection that does not end the process', () => {
  it.each(['warn', 'none', 'warn-with-error-code'])(
    'is no event of ours with --unhandled-rejections=%s',
    async (mode) => {
      const { code, events } = await compare('rejection', { flags: [`--unhandled-rejections=${mode}`] });
      expect([code, events]).toEqual([mode.endsWith('code') ? 1 : 0, []]);
    },
  );

  it('is the application’s where it listens', async () => {
    const { code, stdout, events } = await compare('rejection-that-is-heard');
    expect([code, stdout, events]).toEqual([0, 'heard Error: heard by the application\n', []]);
  });
});

describe('listeners of the application', () => {
  it.each([
    ['throw', 1, ['/before', 'in order']],
    ['end', 0, ['/before']],
  ])('are called in their order: %s', async (how, code, expected) => {
    const { events, ...outcome } = await compare('listeners-in-order', { args: [how] });
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toMatch(/first exit \d\nsecond exit \d\n$/);
    expect(names(events)).toEqual(expected);
  });

  it('may exit with a code of their own', async () => {
    const { code, stdout, events } = await compare('exit-in-handler', { env: WAITING });
    expect([code, stdout]).toEqual([5, 'handler handled at last uncaughtException\nexit 4\n']);
    expect(names(events)).toEqual(['/before', 'handled at last']);
  });

  it.each([
    ['survive', 'survived first\n', ['/after', 'first']],
    ['capture-callback', 'callback for the callback\n', ['for the callback']],
    ['domain', 'domain for the domain\n', ['for the domain']],
  ])('may go on after an error: %s', async (program, output, expected) => {
    const { code, stdout, events } = await compare(program);
    expect([code, stdout]).toEqual([0, output]);
    expect(names(events)).toEqual(expected);
  });

  it('may be as many as Node takes without a warning', async () => {
    expect(await compare('many-listeners')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a process that exits', () => {
  it('has sent what was under way, what waited and what was not built yet', async () => {
    const { code, events } = await compare('exit');
    expect(code).toBe(3);
    expect(names(events)).toEqual(['/1', '/2', '/3']);
  });

  it.each(['undici', 'fetch'])('does not send once more what is on its way by %s', async (client) => {
    const of = client === 'fetch' ? fetching : programs;
    const { code, events } = await compare('exit', { of, answer: () => ({ status: 200, afterMs: 600 }) });
    expect(code).toBe(3);
    expect(names(events)).toEqual(['/1', '/2', '/3']);
  });

  it('sends single events to a receiver that takes no other', async () => {
    const { events } = await compare('exit', {
      answer: ({ path }) => ({ status: path.includes('bulk') ? 404 : 200 }),
      env: WAITING,
    });
    expect(names(events).filter((name) => name === '/3')).toHaveLength(2);
    expect(new Set(names(events))).toEqual(new Set(['/1', '/2', '/3']));
  });

  it.each([
    ['200', ['gzip']],
    ['415', ['gzip', undefined]],
  ])(
    'packs what is large where that is asked for, unless it is answered with %s',
    async (status, expected) => {
      const encodings: unknown[] = [];
      const { code, events } = await compare('exit-large', {
        env: { REPLAYSTACK_COMPRESSION: '1' },
        answer: ({ headers }) => {
          encodings.push(headers['content-encoding']);
          return { status: headers['content-encoding'] ? Number(status) : 200 };
        },
      });
      expect(code).toBe(3);
      expect(encodings).toEqual(expected);
      expect(events.map(({ requestPayload }) => requestPayload)).toEqual(
        expected.map(() => ({ text: 'x'.repeat(20_000) })),
      );
    },
  );

  it('cuts down what a receiver finds too large', async () => {
    await using receiver = await startReceiver();
    receiver.answer = ({ body }) => ({ status: body.length > 10_000 ? 413 : 200 });
    const { stdout } = await programs.run('exit-told', receiver.url, true);
    expect(stdout).toBe('left 0\n');
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.accepted()).toMatchObject([{ endpoint: '/1', requestPayload: { __truncated: true } }]);
  });

  it.each([
    [401, 1, 'ReplayStack answered 401\nleft 0\n'],
    [413, 2, 'ReplayStack answered 413\nleft 0\n'],
    [503, 2, 'left 1\n'],
  ])('tells of what was refused for good: %i', async (status, requests, output) => {
    await using receiver = await startReceiver();
    receiver.answer = () => ({ status });
    expect((await programs.run('exit-told', receiver.url, true)).stdout).toBe(output);
    expect(receiver.requests).toHaveLength(requests);
  });

  it('tries once more', async () => {
    const answer: Receiver['answer'] = (_, index) => ({ status: index === 0 ? 503 : 200 });
    const { events } = await compare('end', { answer, env: WAITING });
    expect(names(events)).toEqual(['/1', '/1']);
  });

  it('with its work done, is asked once whether there is more', async () => {
    const { code, stdout, events } = await compare('end', { env: WAITING });
    expect([code, stdout]).toEqual([0, 'beforeExit\n']);
    expect(names(events)).toEqual(['/1']);
  });
});

describe('a receiver that does not answer', () => {
  it.each(['throw-at-top-level', 'exit'])(
    'is waited for no longer than shutdownTimeoutMs: %s',
    async (program) => {
      const env = { REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '800' };
      const { ms, plainMs } = await compare(program, { env, answer: () => 'hang' });
      expect(ms).toBeGreaterThan(800);
      // The time-out of an attempt is longer.
      expect(ms - plainMs).toBeLessThan(15_000);
    },
  );

  it.each(['throw-at-top-level', 'exit', 'end'])(
    'is not waited for when nobody is there: %s',
    async (program) => {
      const env = { REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '60000' };
      const [guarded, { ms: _, ...plain }] = await Promise.all([
        programs.run(program, NOWHERE, true, { env }),
        programs.run(program, NOWHERE, false, { env }),
      ]);
      expect(guarded).toMatchObject(plain);
      expect(guarded.ms).toBeLessThan(20_000);
    },
  );
});

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends the process by %s, after what waits', async (signal) => {
    const outcome = await compare('wait', { ready: send(signal), env: WAITING });
    expect(outcome).toMatchObject({ code: null, signal });
    expect(names(outcome.events)).toEqual(['/1']);
  });

  it.each(['undici', 'fetch'])('ends it under load, with every event sent once by %s', async (client) => {
    const of = client === 'fetch' ? fetching : programs;
    const outcome = await compare('serve', { of, ready: send('SIGTERM'), sameOutput: false });
    expect(outcome).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' });
    const captured = outcome.stdout.split('\n').filter((line) => line.startsWith('/'));
    expect(captured.length).toBeGreaterThan(99);
    expect(names(outcome.events)).toEqual(captured.toSorted());
  });

  it('ends it at once the second time', async () => {
    const env = { ...WAITING, REPLAYSTACK_SHUTDOWN_TIMEOUT_MS: '60000' };
    const outcome = await compare('wait', { ready: send('SIGTERM', 'SIGTERM'), env, answer: () => 'hang' });
    expect(outcome.ms).toBeLessThan(20_000);
  });

  it('is the application’s where it listens, which sees no listener of ours', async () => {
    const { code, stdout, events } = await compare('close-on-signal', {
      ready: send('SIGTERM'),
      env: WAITING,
    });
    expect([code, stdout]).toEqual([0, 'ready\nSIGTERM 15 0\nclosed\n']);
    expect(names(events)).toEqual(['/1']);
  });

  it('is the application’s also where it begins to listen later, before all others and once', async () => {
    const { code, stdout, events } = await compare('close-on-first-signal', {
      ready: send('SIGTERM'),
      env: WAITING,
    });
    expect([code, stdout]).toEqual([0, 'ready\nSIGTERM 15 0\nclosed\n']);
    expect(names(events)).toEqual(['/1']);
  });

  it('does not end an application that goes on', async () => {
    const { code, stdout } = await compare('ignore-signal', { ready: send('SIGINT') });
    expect([code, stdout]).toEqual([6, 'ready\nno\n']);
  });

  it('ends it where signal-exit would, which waits for nobody else to listen', async () => {
    const outcome = await compare('signal-exit', { ready: send('SIGTERM'), env: WAITING });
    expect(outcome).toMatchObject({ signal: 'SIGTERM', stdout: 'ready\ncleaning up\n' });
    expect(names(outcome.events)).toEqual(['/1']);
  });

  it('ends a program that hangs, as long as nothing waits to be sent', async () => {
    const outcome = await compare('hang', { ready: send('SIGTERM') });
    expect(outcome).toMatchObject({ signal: 'SIGTERM', stdout: 'ready 0\n' });
  });

  it('may be another one, and ends more than one client', async () => {
    const outcome = await compare('two-clients', { ready: send('SIGHUP') });
    expect(outcome).toMatchObject({ signal: 'SIGHUP' });
    expect(names(outcome.events)).toEqual(['/one', '/two']);
  });
});

describe('workers', () => {
  it.each([
    ['throw', 'error in a worker\nexit 1\n', ['/in-worker', 'in a worker']],
    ['exit', 'exit 7\n', ['/in-worker']],
    ['end', 'exit 0\n', ['/in-worker']],
  ])('a thread that ends: %s', async (how, output, expected) => {
    const { code, stdout, events } = await compare('worker', { args: [how], env: WAITING });
    expect([code, stdout]).toEqual([0, output]);
    expect(names(events)).toEqual(expected);
  });

  it.each([
    ['disconnect', 'exit 0 null\n'],
    ['kill', 'exit null SIGTERM\n'],
  ])('a process of a cluster: %s', async (how, output) => {
    const { code, stdout, events } = await compare('cluster', { args: [how], env: WAITING });
    expect([code, stdout]).toEqual([0, output]);
    expect(names(events)).toEqual(['/in-cluster']);
  });
});

describe('a transport of the application’s own', () => {
  it.each([
    ['end', 0, null],
    ['signal', null, 'SIGTERM'],
  ])('is waited for where the process still can: %s', async (how, code, signal) => {
    const outcome = await programs.run('own-transport', NOWHERE, true, {
      args: [how],
      ready: send('SIGTERM'),
    });
    expect(outcome).toMatchObject({ code, signal });
    expect(outcome.stdout).toContain('sent /1\n');
  });
});

it('a transport of the application’s own is called at once where the process cannot wait', async () => {
  const outcome = await programs.run('own-transport', NOWHERE, true, { args: ['exit'] });
  expect(outcome).toMatchObject({ code: 3, stdout: 'called\n' });
});

describe('options', () => {
  it.each([
    ['uncaughtException', 'throw', ['/before', 'thrown']],
    ['unhandledRejection', 'throw', ['/before']],
    ['flushOnShutdown', 'exit', []],
    ['flushOnShutdown', 'throw', ['/before', 'thrown']],
    ['nothing', 'exit', ['/before']],
  ])('%s: false, %s', async (off, end, expected) => {
    await using receiver = await startReceiver();
    await programs.run('options', receiver.url, true, { args: [off, end] });
    expect(names(receiver.accepted())).toEqual(expected);
  });
});

describe('installing', () => {
  it('is undone without a trace', async () => {
    const { stdout, events } = await compare('undo', { env: WAITING });
    expect(stdout).toContain('10 ');
    expect(events).toEqual([]);
  });

  it('comes with the client that starts by itself, unless the build says no', async () => {
    const without = await compilePrograms({ buildModule: 'fixtures/guards/build-without-guards.ts' });
    await using receiver = await startReceiver();
    await using other = await startReceiver();
    const env = { REPLAYSTACK_API_KEY: 'k' };
    const [guarded, plain] = await Promise.all([
      programs.run('start-up', receiver.url, false, { env }),
      without.run('start-up', other.url, false, { env }),
    ]);
    await without.remove();
    expect([guarded.code, plain.code]).toEqual([1, 1]);
    expect(names(receiver.accepted())).toEqual(['guarded without a line of code']);
    expect(other.requests).toEqual([]);
  });
});
