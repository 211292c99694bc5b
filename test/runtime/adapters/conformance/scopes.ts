/** What runs for a request stays with it, wherever it goes on. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { enter, exit } from '../../../../runtime/observe/hooks.ts';
import type { Driver } from '../../../support/application.ts';
import { startApplication } from '../../../support/application.ts';

export function scopes(driver: Driver): void {
  it('are not mixed up by 200 requests at a time', async () => {
    await using test = await startApplication(driver, (app) => {
      app.use(async (exchange) => step(exchange.header('x-number'), 'middleware'));
      app.on('get', '/n', async (exchange) => {
        const number = exchange.header('x-number');
        await step(number, 'handler');
        test.client.addBreadcrumb(`${number} added`);
        await Promise.all([step(number, 'left'), step(number, 'right')]);
        if (Number(number) % 5 === 0) throw new Error(`${number} failed`);
        return exchange.json({ number });
      });
    });
    const numbers = Array.from({ length: 200 }, (_, index) => String(index));
    const answers = await Promise.all(
      numbers.map((number) =>
        test.request('/n', { headers: { 'x-number': number, 'x-trace-id': `trace-${number}` } }),
      ),
    );
    expect(answers.map(({ headers }) => headers.get('x-trace-id'))).toEqual(
      numbers.map((number) => `trace-${number}`),
    );
    const events = await test.events();
    expect(events).toHaveLength(200);
    for (const { traceId, breadcrumbs, errorMessage, requestHeaders } of events) {
      const number = String(requestHeaders?.['x-number']);
      expect(traceId).toBe(`trace-${number}`);
      expect(errorMessage).toBe(Number(number) % 5 === 0 ? `${number} failed` : undefined);
      expect(
        breadcrumbs?.map(({ message }) => message).filter((text) => !/HTTP|Unhandled/.test(text)),
      ).toEqual([
        `${number} middleware`,
        `${number} handler`,
        `${number} added`,
        `${number} left`,
        `${number} right`,
      ]);
    }
  });

  it('follow timers, promises, and listeners that are called for the request', async () => {
    const emitter = new EventEmitter();
    emitter.on('tick', (name: string) => call(name));
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', async (exchange) => {
        await new Promise((resolve) => setTimeout(resolve, 1)).then(() => call('promise'));
        await new Promise<void>((resolve) =>
          setTimeout(() => {
            call('timer');
            resolve();
          }, 1),
        );
        await new Promise<void>((resolve) =>
          queueMicrotask(() => {
            call('microtask');
            resolve();
          }),
        );
        await new Promise<void>((resolve) => process.nextTick(() => resolve(call('tick'))));
        emitter.emit('tick', 'listener');
        return exchange.json({});
      });
    });
    await test.request('/x');
    const [event] = await test.events();
    expect(event?.breadcrumbs?.map(({ message }) => message).slice(1, -1)).toEqual([
      'promise',
      'timer',
      'microtask',
      'tick',
      'listener',
    ]);
    expect(test.client.getBreadcrumbs()).toEqual([]);
  });

  it('hold for handlers and for captures by hand', async () => {
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/x', async (exchange) => {
        test.client.captureLog({ level: 'error', message: 'logged' });
        await test.client.captureException(new Error('by hand'));
        return exchange.json({});
      });
    });
    await test.request('/x', { headers: { 'x-trace-id': 'trace' } });
    const events = await test.events();
    // In either order: the stack of the first has to be mapped.
    expect(events.map(({ eventType, traceId }) => [eventType, traceId]).sort()).toEqual([
      ['api', 'trace'],
      ['custom', 'trace'],
    ]);
    for (const { logs, breadcrumbs } of events) {
      expect(logs).toMatchObject([{ message: 'logged' }]);
      expect(breadcrumbs?.[0]).toMatchObject({ message: 'HTTP request started' });
    }
  });
}

/** An observed function, as the build writes it. */
async function step(number: string | undefined, name: string): Promise<void> {
  const observed = enter(`src/steps.ts:1:${number} ${name}`);
  try {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  } finally {
    exit(observed);
  }
}

function call(name: string): void {
  exit(enter(`src/calls.ts:1:${name}`));
}
