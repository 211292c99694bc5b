/** Runs programs that its parent sends, one at a time, and sends back everything they logged. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

process.on('message', (code: string) => {
  void run(code).then((log) => process.send?.(log));
});

async function run(code: string): Promise<string[]> {
  const entries: string[] = [];
  const log = (...values: unknown[]): void => void entries.push(values.map(describe).join(' '));
  const onUnhandled = (error: unknown): void => log('unhandled', error);
  const onHandled = (): void => log('handled late');
  process.on('unhandledRejection', onUnhandled);
  process.on('rejectionHandled', onHandled);
  try {
    const exports: Record<string, unknown> = {};
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    new Function('exports', 'require', 'log', code)(exports, require, log);
    startTicking(log);
    for (const [name, value] of Object.entries(exports))
      start(name, value as (...args: unknown[]) => unknown, log);
  } catch (error) {
    log('failed', error);
  }
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => void setImmediate(resolve));
  process.off('unhandledRejection', onUnhandled);
  process.off('rejectionHandled', onHandled);
  return entries;
}

/** What happens in the same microtask of both programs stands between the same ticks. */
function startTicking(log: (...values: unknown[]) => void): void {
  let count = 0;
  const tick = (): void => {
    log('tick', count);
    if (count++ < 30) queueMicrotask(tick);
  };
  queueMicrotask(tick);
}

function start(
  name: string,
  value: (...args: unknown[]) => unknown,
  log: (...values: unknown[]) => void,
): void {
  log(name, value.name, value.length, value.constructor.name);
  for (const args of [[], [0], [{ a: 'x', b: 1 }, 2], [[3]]]) {
    try {
      const result = Reflect.apply(value, { name }, args);
      if (result instanceof Promise) {
        // Some are left alone, to see what becomes of their rejections.
        if (args.length === 1) continue;
        result.then(
          (given: unknown) => log(name, 'gave', given),
          (error: unknown) => log(name, 'failed', error),
        );
      } else void drain(name, result as AsyncGenerator<unknown>, log);
    } catch (error) {
      log(name, 'threw', error);
    }
  }
}

async function drain(
  name: string,
  iterator: AsyncGenerator<unknown>,
  log: (...values: unknown[]) => void,
): Promise<void> {
  try {
    for (let count = 0; count < 3; count++) {
      const { value, done } = await iterator.next(count);
      log(name, 'yielded', value, done);
      if (done) return;
    }
    log(name, 'left', (await iterator.return('early')).value);
  } catch (error) {
    log(name, 'failed', error);
  }
}

function describe(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value) === '[object Object]' ? JSON.stringify(value) : String(value);
}
