/** What the application prints, as log lines. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';

let printed: unknown[][];
const native = { error: console.error, warn: console.warn };

beforeEach(() => {
  forgetClient();
  printed = [];
  console.error = (...args: unknown[]) => void printed.push(['error', ...args]);
  console.warn = (...args: unknown[]) => void printed.push(['warn', ...args]);
});

afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(console, native);
});

const told = (level: string, message: string): object => ({
  level,
  message,
  metadata: {},
  timestamp: expect.any(String),
});

describe('what is printed', () => {
  it('becomes log lines of the scope, by the levels that are kept', async () => {
    vi.spyOn(console, 'log').mockReturnValue();
    await using test = await startRuntime({ captureConsole: true, logLevel: 'warning' });
    await runWithReplayStackContext(async () => {
      console.error('Order %s failed after %d ms', 'A1', 17, { sku: 'lamp' });
      await Promise.resolve();
      console.warn('low stock');
      console.log('not this');
      expect(test.client.getLogs()).toEqual([
        told('error', "Order A1 failed after 17 ms { sku: 'lamp' }"),
        told('warning', 'low stock'),
      ]);
      await test.client.captureEvent({ endpoint: 'job' });
    });
    expect(printed).toEqual([
      ['error', 'Order %s failed after %d ms', 'A1', 17, { sku: 'lamp' }],
      ['warn', 'low stock'],
    ]);
    expect(test.client.getLogs()).toEqual([]);
    const [event] = await test.events();
    expect(event?.logs).toHaveLength(2);
  });

  it('is masked by names and patterns, and by names alone where patterns are off', async () => {
    for (const maskPatterns of [true, false]) {
      await using test = await startRuntime({ captureConsole: true, maskPatterns, maskFields: ['iban'] });
      console.error('login', { user: 'a', password: 'SECRET', deep: [{ iban: 'SECRET' }] });
      console.error('token=SECRET');
      expect(test.client.getLogs()).toHaveLength(2);
      expect(JSON.stringify(test.client.getLogs())).not.toContain('SECRET');
    }
  });

  it('is bounded', async () => {
    await using test = await startRuntime({ captureConsole: true });
    console.error('x'.repeat(1e6), Array.from({ length: 1e5 }, String), { deep: 'y'.repeat(1e6) });
    expect(test.client.getLogs()[0]?.message.length).toBeLessThanOrEqual(2049);
  });

  it('stays what it is unless asked, and for levels that are not kept', async () => {
    const { error, warn } = console;
    await using _off = await startRuntime();
    expect([console.error, console.warn]).toEqual([error, warn]);
    await using _errors = await startRuntime({ captureConsole: true });
    expect(console.error).not.toBe(error);
    expect(console.warn).toBe(warn);
    await using _none = await startRuntime({ captureConsole: true, captureLogs: false });
    expect(console.error).toBe(error);
  });
});

describe('the console', () => {
  it('prints first, with what it was given, and returns and throws what it did', async () => {
    const original = vi.fn(function print(this: unknown, first: unknown, _second: unknown) {
      if (first === 'throw') throw new Error('pipe is closed');
      return this;
    });
    console.error = original as never;
    await using test = await startRuntime({ captureConsole: true });
    const { error } = console as unknown as { error: typeof original };
    expect([error.name, error.length]).toEqual([original.name, original.length]);
    const self = {};
    expect(error.call(self, 'a', 1)).toBe(self);
    expect(original.mock.lastCall).toEqual(['a', 1]);
    expect(() => error('throw', 0)).toThrow('pipe is closed');
    expect(test.client.getLogs().map(({ message }) => message)).toEqual(['a 1']);
  });

  it('is put back when the client closes, unless somebody has put something over it', async () => {
    const { error } = console;
    const test = await startRuntime({ captureConsole: true });
    await test[Symbol.asyncDispose]();
    expect(console.error).toBe(error);

    const other = await startRuntime({ captureConsole: true });
    const standIn = console.error;
    const over = (...args: unknown[]): void => standIn('over', ...args);
    console.error = over;
    await other[Symbol.asyncDispose]();
    expect(console.error).toBe(over);
    console.error('still printed');
    expect(printed).toEqual([['error', 'over', 'still printed']]);
    expect(other.client.getLogs()).toEqual([]);
  });

  it('is told to one client, and printed once', async () => {
    await using first = await startRuntime({ captureConsole: true });
    await using second = await startRuntime({ captureConsole: true });
    console.error('once');
    expect(printed).toHaveLength(1);
    expect(first.client.getLogs()).toEqual([]);
    expect(second.client.getLogs()).toHaveLength(1);
  });
});

describe('what we print ourselves', () => {
  it('is no log line, nor what the application prints of our failures', async () => {
    vi.stubEnv('DEBUG', 'replaystack');
    await using test = await startRuntime({
      captureConsole: true,
      onError: (error) => console.error('told', error),
    });
    test.client.reportInternalError(new Error('ours'));
    vi.unstubAllEnvs();
    expect(printed).toHaveLength(2);
    expect(test.client.getLogs()).toEqual([]);
  });

  it('does not go round in circles', async () => {
    await using test = await startRuntime({ captureConsole: true, onError: (error) => console.error(error) });
    const hostile = {
      [Symbol.for('nodejs.util.inspect.custom')]() {
        console.error('from within', hostile);
        throw new Error('cannot be shown');
      },
    };
    console.error(hostile);
    expect(printed.length).toBeLessThan(5);
    expect(test.client.getLogs()).toEqual([]);
  });
});
