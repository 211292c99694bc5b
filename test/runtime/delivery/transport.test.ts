/** What every transport must do, and does. */
import { describe, expect, it } from 'vitest';
import * as edge from '../../../runtime/platform/edge.ts';
import * as node from '../../../runtime/platform/node.ts';
import type { Platform, TransportResponse } from '../../../runtime/platform/types.ts';
import { withDeadline } from '../../../runtime/delivery/transport/deadline.ts';
import { startReceiver } from '../../support/receiver.ts';

const platforms: [string, Platform][] = [
  ['undici', node],
  ['fetch', edge],
];

describe.each(platforms)('the transport by %s', (_, platform) => {
  /** Sends a request the way the sender does. */
  function createSend(
    body = '{"text":"ü"}',
    compress = false,
  ): (url: string, timeoutMs?: number) => Promise<TransportResponse> {
    const transport = platform.createTransport();
    return (url, timeoutMs = 20_000) =>
      withDeadline(timeoutMs, async (signal) =>
        transport({
          url,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-name': 'value' },
          body,
          compress,
          timeoutMs,
          signal,
        }),
      );
  }

  it('sends the request as it is', async () => {
    await using receiver = await startReceiver();
    await createSend()(`${receiver.url}/path?a=1`);
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: '/path?a=1', headers: { 'x-name': 'value' }, body: '{"text":"ü"}' },
    ]);
  });

  it('packs the body if it is told to', async () => {
    await using receiver = await startReceiver();
    const body = JSON.stringify({ text: 'ü'.repeat(10_000) });
    await createSend(body, true)(receiver.url);
    const [request] = receiver.requests;
    expect(request).toMatchObject({ body, headers: { 'content-encoding': 'gzip', 'x-name': 'value' } });
    expect(request?.bytes).toBeLessThan(1000);
    expect(request?.headers['content-length']).toBe(String(request?.bytes));
    expect(request?.headers['transfer-encoding']).toBeUndefined();
  });

  it('resolves with any answer, and follows no redirect', async () => {
    await using receiver = await startReceiver();
    const send = createSend();
    for (const status of [200, 201, 307, 404, 503]) {
      receiver.answer = () => ({ status, headers: { 'Retry-After': '1', location: '/x' }, body: 'text ü' });
      const answer = { status, headers: { 'retry-after': '1' }, body: 'text ü' };
      expect(await send(receiver.url)).toMatchObject(answer);
    }
    expect(receiver.requests).toHaveLength(5);
    // Not one for each request.
    expect(receiver.connections.most).toBeLessThan(3);
  });

  it('has an empty text for an empty body', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => ({ status: 204, body: '' });
    expect((await createSend()(receiver.url)).body).toBe('');
  });

  it('keeps but the beginning of a large body', async () => {
    await using receiver = await startReceiver();
    for (const size of [10_000, 5_000_000]) {
      receiver.answer = () => ({ status: 200, body: 'x'.repeat(size) });
      expect((await createSend()(receiver.url)).body).toBe('x'.repeat(4096));
    }
  });

  it('rejects when there is no answer, or no end of it, in time', async () => {
    await using receiver = await startReceiver();
    const send = createSend();
    receiver.answer = () => 'hang';
    await expect(send(receiver.url, 100)).rejects.toThrow('No answer within 100 ms');
    receiver.answer = () => ({ status: 200, headers: { 'content-length': '10' }, body: 'x' });
    await expect(send(receiver.url, 100)).rejects.toThrow('No answer within 100 ms');
    receiver.answer = () => ({ status: 200 });
    expect(await send(receiver.url)).toMatchObject({ status: 200 });
  });

  it('rejects when the connection is cut or refused', async () => {
    const send = createSend();
    const receiver = await startReceiver();
    receiver.answer = () => 'reset';
    await expect(send(receiver.url)).rejects.toThrow();
    await receiver[Symbol.asyncDispose]();
    await expect(send(receiver.url)).rejects.toThrow();
    await expect(send('http://user:pw@/')).rejects.toThrow();
  });
});

describe.each(platforms)('the platform of %s', (_, platform) => {
  it('reads the environment', () => {
    expect(platform.readEnvironment()).toHaveProperty('PATH');
  });

  it('measures texts in bytes', () => {
    expect(['', 'a', 'ü', '€', '😀'].map((text) => platform.byteLength(text))).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps a store through asynchronous calls', async () => {
    const storage = platform.createAsyncStorage<number>();
    const seen = await storage?.run(7, async () => {
      await new Promise<void>((resolve) => platform.defer(resolve));
      return storage.getStore();
    });
    expect([seen, storage?.getStore()]).toEqual([7, undefined]);
  });

  it('defers to a later macrotask', async () => {
    const order: string[] = [];
    const deferred = new Promise<void>((resolve) =>
      platform.defer(() => resolve(void order.push('deferred'))),
    );
    await Promise.resolve().then(() => order.push('microtask'));
    await deferred;
    expect(order).toEqual(['microtask', 'deferred']);
  });
});
