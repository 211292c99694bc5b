/** What the application logs by pino and winston. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import winston from 'winston';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import { levelOfName, levelOfNumber } from '../../../runtime/logs/levels.ts';
import { replayStackPino, replayStackWinston } from '../../../runtime/logs/loggers.ts';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import type { LogEntry } from '../../../runtime/protocol.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';

beforeEach(forgetClient);
afterEach(() => void vi.unstubAllEnvs());

/** Takes what a logger writes. */
function sink(): { stream: Writable; lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { stream, lines };
}

async function logsOf(body: () => void, options: ClientOptions = { logLevel: 'debug' }): Promise<LogEntry[]> {
  await using test = await startRuntime(options);
  const logs = await runWithReplayStackContext(async () => {
    await Promise.resolve();
    body();
    return test.client.getLogs();
  });
  expect(test.client.getLogs()).toEqual([]);
  expect(test.errors).toEqual([]);
  return logs;
}

const line = (level: string, message: string, metadata: object = {}): object => ({
  level,
  message,
  metadata,
  timestamp: expect.any(String),
});

describe('pino', () => {
  it('logs as ever, and tells the scope', async () => {
    const { stream, lines } = sink();
    const logger = pino({ level: 'trace', base: null, timestamp: false, hooks: replayStackPino }, stream);
    const failure = new RangeError('No stock');
    const logs = await logsOf(() => {
      logger.error({ order: 17, password: 'SECRET' }, 'Order %s failed', 'A1');
      logger.fatal(failure);
      logger.error({ err: failure, order: 18 });
      logger.error(failure, 'Gave up');
      logger.warn('low %s: %d left', 'stock', 3);
      logger.child({ module: 'mail', token: 'SECRET' }).info('sent to token=SECRET');
      logger.debug({ msg: 'by itself' });
      logger.trace({ a: 1 });
    });
    expect(logs).toEqual([
      line('error', 'Order A1 failed', { order: 17, password: '[MASKED]' }),
      line('error', 'No stock', { errorName: 'RangeError' }),
      line('error', 'No stock', { order: 18, err: expect.objectContaining({ message: 'No stock' }) }),
      line('error', 'Gave up', { errorName: 'RangeError' }),
      line('warning', 'low stock: 3 left'),
      line('info', 'sent to token=[MASKED]', { module: 'mail', token: '[MASKED]' }),
      line('debug', 'by itself', { msg: 'by itself' }),
      line('debug', '', { a: 1 }),
    ]);
    expect(lines.map((text) => JSON.parse(text))).toMatchObject([
      { level: 50, order: 17, password: 'SECRET', msg: 'Order A1 failed' },
      { level: 60, err: { type: 'RangeError' }, msg: 'No stock' },
      { level: 50, order: 18, msg: 'No stock' },
      { level: 50, msg: 'Gave up' },
      { level: 40, msg: 'low stock: 3 left' },
      { level: 30, module: 'mail', msg: 'sent to token=SECRET' },
      { level: 20, msg: 'by itself' },
      { level: 10, a: 1 },
    ]);
  });

  it('logs whatever happens to us', async () => {
    const { stream, lines } = sink();
    const logger = pino({ hooks: replayStackPino }, stream);
    vi.stubEnv('REPLAYSTACK_API_KEY', '');
    logger.error('without a client');
    await using test = await startRuntime();
    const hostile = new Proxy({}, { ownKeys: () => expect.unreachable() });
    expect(() =>
      replayStackPino.logMethod.call(logger, [hostile], () => void lines.push('written'), 50),
    ).not.toThrow();
    expect(lines).toEqual([expect.stringContaining('without a client'), 'written']);
    expect(test.errors).toHaveLength(1);
  });
});

describe('winston', () => {
  it('logs as ever, and tells the scope', async () => {
    const { stream, lines } = sink();
    const { format } = winston;
    const logger = winston.createLogger({
      level: 'silly',
      format: format.combine(format.colorize(), format.splat(), replayStackWinston, format.json()),
      transports: [new winston.transports.Stream({ stream })],
    });
    const logs = await logsOf(() => {
      logger.error('Order %s failed', 'A1', { order: 17, password: 'SECRET' });
      logger.error(new RangeError('No stock'));
      logger.warn('low stock');
      logger.child({ module: 'mail' }).info('sent to token=SECRET');
      logger.http('GET /');
      logger.silly('a', { n: 1 });
    });
    expect(logs).toMatchObject([
      line('error', 'Order A1 failed', { order: 17, password: '[MASKED]' }),
      { level: 'error', message: 'No stock' },
      line('warning', 'low stock'),
      line('info', 'sent to token=[MASKED]', { module: 'mail' }),
      line('info', 'GET /'),
      line('debug', 'a', { n: 1 }),
    ]);
    expect(lines).toHaveLength(6);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'Order A1 failed', password: 'SECRET' });
  });
});

describe('levels', () => {
  it('are those of the client', async () => {
    const logger = pino({ hooks: replayStackPino }, sink().stream);
    const body = (): void => {
      logger.warn('a');
      logger.error('b');
    };
    expect(await logsOf(body, {})).toMatchObject([{ message: 'b' }]);
    expect(await logsOf(body, { captureLogs: false })).toEqual([]);
  });

  it('have other names elsewhere', () => {
    expect(['emerg', 'crit', 'error', 'warning', 'notice', 'verbose', undefined].map(levelOfName)).toEqual([
      'error',
      'error',
      'error',
      'warning',
      'info',
      'debug',
      'debug',
    ]);
    expect([5, 30, 35, 40, 60].map(levelOfNumber)).toEqual(['debug', 'info', 'info', 'warning', 'error']);
  });
});
