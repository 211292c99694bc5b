/** The option `compression`, by real clients at a real receiver. */
import { expect, it, vi } from 'vitest';
import { ReplayStackClient } from '../../../runtime/client.ts';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import * as edge from '../../../runtime/platform/edge.ts';
import type { TransportRequest, TransportResponse } from '../../../runtime/platform/types.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';

const LARGE = { text: 'x'.repeat(20_000) };

function start(receiver: Receiver, options: ClientOptions = {}): ReplayStackClient {
  return new ReplayStackClient({
    apiKey: 'k',
    endpoint: receiver.url,
    timeoutMs: 20_000,
    compression: true,
    asyncSend: false,
    ...options,
  });
}

/** How each request was encoded, and how many bytes of JSON it had. */
function encodings({ requests }: Receiver): [encoding: string, bytes: number][] {
  return requests.map(({ headers, body }) => [
    headers['content-encoding'] ?? 'identity',
    Buffer.byteLength(body),
  ]);
}

/** An event whose JSON has so many bytes, in characters that have more than one. */
function eventOf(bytes: number, empty: number): { traceId: string; requestPayload: string } {
  const rest = bytes - empty;
  return { traceId: 't', requestPayload: 'a'.repeat(rest % 2) + 'ü'.repeat(rest / 2) };
}

it('packs what has more than 8 KiB, and nothing else', async () => {
  await using receiver = await startReceiver();
  const client = start(receiver, { maskPatterns: false });
  await client.captureEvent(eventOf(0, 0));
  const empty = encodings(receiver)[0]?.[1] ?? 0;
  await client.captureEvent(eventOf(8192, empty));
  await client.captureEvent(eventOf(8193, empty));
  expect(encodings(receiver)).toEqual([
    ['identity', empty],
    ['identity', 8192],
    ['gzip', 8193],
  ]);
  expect(receiver.accepted()).toHaveLength(3);
  await client.close();
});

it('packs events that go together', async () => {
  await using receiver = await startReceiver();
  const client = start(receiver, { asyncSend: true, batchFlushIntervalMs: 60_000, batchMaxEvents: 10 });
  for (let left = 10; left > 0; left--) void client.captureEvent({ requestPayload: 'x'.repeat(2000) });
  await receiver.arrived(1);
  expect(encodings(receiver)).toEqual([['gzip', expect.any(Number)]]);
  expect(receiver.accepted()).toHaveLength(10);
  await client.close();
});

it('is off unless it is asked for', async () => {
  await using receiver = await startReceiver();
  const client = start(receiver, { compression: undefined });
  await client.captureEvent({ requestPayload: LARGE });
  expect(encodings(receiver)).toEqual([['identity', expect.any(Number)]]);
  await client.close();
});

it('goes without for a receiver that does not take it, from then on', async () => {
  await using receiver = await startReceiver();
  receiver.answer = ({ headers }) => ({ status: headers['content-encoding'] ? 415 : 200 });
  const errors: Error[] = [];
  const client = start(receiver, { retries: 0, onError: (error) => void errors.push(error) });
  await Promise.all([1, 2, 3].map(() => client.captureEvent({ requestPayload: LARGE })));
  await client.captureEvent({ requestPayload: LARGE });
  expect(receiver.accepted()).toHaveLength(4);
  expect(encodings(receiver).at(-1)?.[0]).toBe('identity');
  expect(encodings(receiver).filter(([encoding]) => encoding === 'gzip').length).toBeLessThanOrEqual(3);
  expect(errors).toEqual([]);
  await client.close();
});

it('is told to a transport of the application’s own, whose body stays a text', async () => {
  await using receiver = await startReceiver();
  const requests: TransportRequest[] = [];
  const transport = async (request: TransportRequest): Promise<TransportResponse> => {
    requests.push(request);
    return { status: 200, headers: {}, body: '' };
  };
  const client = start(receiver, { transport });
  await client.captureEvent({ requestPayload: LARGE });
  await client.captureEvent({});
  expect(requests.map(({ body, compress }) => [typeof body, compress])).toEqual([
    ['string', true],
    ['string', undefined],
  ]);
  await client.close();
});

it('goes without on a platform that cannot pack', async () => {
  await using receiver = await startReceiver();
  vi.stubGlobal('CompressionStream', undefined);
  const client = start(receiver, { transport: edge.createTransport() });
  await client.captureEvent({ requestPayload: LARGE });
  vi.unstubAllGlobals();
  expect(encodings(receiver)).toEqual([['identity', expect.any(Number)]]);
  expect(receiver.accepted()).toHaveLength(1);
  await client.close();
});
