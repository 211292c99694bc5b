/** When a request counts as out of the process, and whose its memory is until then. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTransport } from '../../../runtime/platform/node.ts';
import type { PlatformTransport } from '../../../runtime/platform/types.ts';

/** More than any system takes from a process while nobody reads it. */
const LARGE = 32 * 1024 * 1024;

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

interface Listener extends AsyncDisposable {
  url: string;
  sockets: Socket[];
}

/** Takes connections, and leaves it to the test to read. */
async function listen(): Promise<Listener> {
  const sockets: Socket[] = [];
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(
  transport: PlatformTransport,
  url: string,
  body: string,
  onSent = (): void => {},
): ReturnType<PlatformTransport> {
  const { signal } = new AbortController();
  return transport({ url, method: 'POST', headers: {}, body, timeoutMs: 20_000, signal, onSent });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

it('a request is out when the system has all of it', async () => {
  await using listener = await listen();
  const transport = createTransport();
  const sent: string[] = [];
  const small = send(transport, listener.url, 'small', () => void sent.push('small'));
  await until(() => sent.length === 1);
  const large = send(transport, listener.url, 'x'.repeat(LARGE), () => void sent.push('large'));
  await until(() => listener.sockets.length === 2);
  await sleep(100);
  expect(sent).toEqual(['small']);
  const [first, second] = listener.sockets;
  second?.resume();
  await until(() => sent.length === 2);
  for (const socket of [first, second]) socket?.write(ANSWER);
  expect(await Promise.all([small, large])).toMatchObject([{ status: 200 }, { status: 200 }]);
});

it('is not out when its connection ends before', async () => {
  await using listener = await listen();
  let sent = false;
  const large = send(createTransport(), listener.url, 'x'.repeat(LARGE), () => (sent = true));
  await until(() => listener.sockets.length === 1);
  await sleep(50);
  listener.sockets[0]?.destroy();
  await expect(large).rejects.toThrow();
  expect(sent).toBe(false);
});

it('an answer that comes before all of it was read leaves the rest as it was', async () => {
  await using listener = await listen();
  const transport = createTransport();
  const answered = async (body: string): Promise<void> => {
    const answer = send(transport, listener.url, body);
    await until(() => listener.sockets.length === 1);
    await sleep(50);
    listener.sockets[0]?.write(ANSWER);
    await answer;
  };
  await answered('x'.repeat(LARGE));
  // Neither of these has left the process when the next one is written.
  await answered('a'.repeat(500_000));
  await answered('b'.repeat(500_000));
  const seen: Buffer[] = [];
  let length = 0;
  listener.sockets[0]?.on('data', (chunk: Buffer) => (length += seen.push(chunk) && chunk.length)).resume();
  await until(() => length > LARGE + 1_000_000);
  const bodies = Buffer.concat(seen)
    .toString('latin1')
    .split(/POST[^]+?\r\n\r\n/);
  expect(bodies.slice(1).map((body) => [body[0], body.length, new Set(body).size])).toEqual([
    ['x', LARGE, 1],
    ['a', 500_000, 1],
    ['b', 500_000, 1],
  ]);
});
