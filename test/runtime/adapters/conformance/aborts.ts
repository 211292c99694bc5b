/** Clients that leave before they have their answer. */
import { expect, it } from 'vitest';
import type { Driver } from '../../../support/application.ts';
import { startApplication } from '../../../support/application.ts';

export function aborts(driver: Driver): void {
  it('leave an event without a status code, if there were no headers yet', async () => {
    const arrived = signal();
    const left = signal();
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/slow', async (exchange) => {
        arrived.give();
        await left.given;
        return exchange.json({ too: 'late' });
      });
    });
    const controller = new AbortController();
    const answer = test.request('/slow', { signal: controller.signal });
    await arrived.given;
    controller.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    const [event, ...others] = await test.events();
    left.give();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      endpoint: '/slow',
      status: 'warning',
      sourceIp: expect.stringMatching(/127\.0\.0\.1$/),
      metadata: { aborted: true, route: '/slow' },
    });
    expect(event).not.toHaveProperty('statusCode');
    expect(await test.events()).toHaveLength(1);
    expect(test.errors).toEqual([]);
  });

  it('leave an event with the status code that they got, if they leave in the middle', async () => {
    const left = signal();
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/pieces', (exchange) =>
        exchange.stream('text/plain', async (write) => {
          await write('one');
          await left.given;
          await write('two');
        }),
      );
    });
    const controller = new AbortController();
    const response = await test.request('/pieces', { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    const [event, ...others] = await test.events();
    left.give();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      status: 'success',
      statusCode: 200,
      responsePayload: { captured: false },
      metadata: { aborted: true },
    });
    expect(await test.events()).toHaveLength(1);
  });

  it('do not keep a source from ending that would go on for ever', async () => {
    const ended = signal();
    await using test = await startApplication(driver, (app) => {
      app.on('get', '/endless', (exchange) => {
        const { signal, on } = whenLeft(exchange.raw);
        on(() => ended.give());
        return exchange.stream('text/plain', async (write) => {
          while (!signal.aborted) {
            await write('more');
            await new Promise((resolve) => setImmediate(resolve));
          }
        });
      });
    });
    const controller = new AbortController();
    const response = await test.request('/endless', { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await ended.given;
    expect(await test.events()).toHaveLength(1);
  });
}

/** Something that one side waits for and the other side gives. */
function signal(): { given: Promise<void>; give(): void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

/** How an application learns that its client left: from Express's request, or from Hono's. */
function whenLeft(raw: object): { signal: AbortSignal; on(listener: () => void): void } {
  const { signal } = ((raw as { req?: { raw?: Request } }).req?.raw ?? fromSocket(raw)) as Request;
  return { signal, on: (listener) => signal.addEventListener('abort', listener) };
}

function fromSocket(request: object): { signal: AbortSignal } {
  const controller = new AbortController();
  (request as NodeJS.EventEmitter).on('close', () => controller.abort());
  return controller;
}
