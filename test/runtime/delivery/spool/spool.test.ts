import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ReplayStackClient } from '../../../../runtime/client.ts';
import type { ClientOptions, QueueDrop } from '../../../../runtime/options/resolve-options.ts';
import type { Receiver } from '../../../support/receiver.ts';
import { startReceiver } from '../../../support/receiver.ts';
import { spoolDirectory } from '../../../support/spool.ts';

interface Scene extends AsyncDisposable {
  receiver: Receiver;
  /** The spool's directory. */
  path: string;
  /** A client that waits for its sends; one of several that share the spool. */
  client(options?: ClientOptions): ReplayStackClient;
  errors: string[];
  drops: QueueDrop[];
  /** The segments in the directory, oldest first. */
  files(): string[];
  /** The trace ids that the receiver took. */
  arrived(): string[];
}

async function start(): Promise<Scene> {
  const receiver = await startReceiver();
  const directory = spoolDirectory();
  const { path } = directory;
  const clients: ReplayStackClient[] = [];
  const errors: string[] = [];
  const drops: QueueDrop[] = [];
  return {
    receiver,
    path,
    errors,
    drops,
    client(options = {}) {
      const client = new ReplayStackClient({
        apiKey: 'k',
        endpoint: receiver.url,
        spoolDir: path,
        retries: 0,
        timeoutMs: 20_000,
        asyncSend: false,
        onError: ({ message }) => void errors.push(message),
        onQueueDrop: (drop) => void drops.push(drop),
        ...options,
      });
      clients.push(client);
      return client;
    },
    files: () => readdirSync(path).map((name) => join(path, name)),
    arrived: () => receiver.accepted().map(({ traceId }) => traceId),
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.close(0);
      await receiver[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

const names = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => `${index + from}`);

async function capture(client: ReplayStackClient, traceIds: string[], padding = 0): Promise<void> {
  for (const traceId of traceIds) {
    await client.captureEvent({ traceId, metadata: { padding: 'x'.repeat(padding) } });
  }
}

/** Waits until it no longer throws. */
async function soon(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000 });
}

/** Waits until a client that was closed has let go of its files. */
async function released(scene: Scene): Promise<void> {
  await soon(() => expect(scene.files().every((file) => statSync(file).mtimeMs === 0)).toBe(true));
}

const down = (): { status: number } => ({ status: 503 });
const up = (): { status: number } => ({ status: 200 });

afterEach(() => {
  vi.useRealTimers();
});

describe('the files', () => {
  it('are for their user alone, and hold no secret', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    await scene.client().captureEvent({ traceId: '1', metadata: { password: 'hunter2', 'a\nb': 'ä' } });
    const [file = ''] = scene.files();
    expect(statSync(scene.path).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^\n\w{8} \w{8} \{"traceId":"1".*"password":"\[MASKED\]"/);
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  });

  it('have every event before it is sent, and go when all are delivered', async () => {
    await using scene = await start();
    const stored: boolean[] = [];
    scene.receiver.answer = ({ events: [event] }) => {
      stored.push(readFileSync(scene.files()[0] ?? '', 'utf8').includes(`"${event?.traceId}"`));
      return up();
    };
    const client = scene.client();
    await capture(client, names(3));
    expect(stored).toEqual([true, true, true]);
    expect(await client.close()).toEqual({ pending: 0 });
    expect(scene.files()).toEqual([]);
  });

  it('have an event when capturing it returns, and what its stack is mapped to as soon as that is known', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client();
    const captured = client.captureException(new Error('here'), { traceId: '1' });
    void client.captureEvent({ traceId: '2' });
    const before = readFileSync(scene.files()[0] ?? '', 'utf8');
    expect(before).toMatch(/"traceId":"1".*"fileName":"\/.*\n.*"traceId":"2"/);
    await captured;
    expect(readFileSync(scene.files()[0] ?? '', 'utf8').slice(before.length)).toMatch(
      /^\n\w{8} \w{8} \["is",0,\{"traceId":"1".*"fileName":"test\/runtime\/delivery\/spool/,
    );
    await client.close(0);
    await released(scene);
    scene.receiver.answer = up;
    await scene.client().flush();
    expect(
      scene.receiver.accepted().map(({ traceId, stackFrames }) => [traceId, stackFrames?.[0]?.fileName]),
    ).toEqual([
      ['1', 'test/runtime/delivery/spool/spool.test.ts'],
      ['2', undefined],
    ]);
  });

  it('do not grow as long as events are delivered', async () => {
    await using scene = await start();
    const client = scene.client();
    await capture(client, names(60), 10_000);
    expect(scene.files().reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(100_000);
  });

  it('are not there when the client is not enabled', async () => {
    await using scene = await start();
    await capture(scene.client({ enabled: false }), ['1']);
    await sleep(20);
    expect(existsSync(scene.path)).toBe(false);
  });
});

describe('events that could not be delivered', () => {
  it('are sent by the next flush, all of them, in order', async () => {
    await using scene = await start();
    const client = scene.client({ offlineQueueMax: 0, batchMaxEvents: 7 });
    scene.receiver.answer = down;
    await capture(client, names(200), 10_000);
    expect(await client.flush(50)).toEqual({ pending: 200 });
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(names(200));
    expect(scene.drops).toEqual([]);
  });

  it('are sent by the next client, before it captures anything', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client();
    await capture(client, names(5));
    expect(await client.close(50)).toEqual({ pending: 5 });
    await released(scene);
    scene.receiver.answer = up;
    scene.client();
    await soon(() => expect(scene.arrived()).toEqual(names(5)));
  });

  it('are counted if they may have arrived, and what was refused is not', async () => {
    await using scene = await start();
    const client = scene.client();
    scene.receiver.answer = (_, index) => (index < 1 ? 'reset' : down());
    await capture(client, ['1', '2']);
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0, repeated: 1 });
    expect(await client.flush()).toEqual({ pending: 0, repeated: 1 });
    expect(scene.arrived()).toEqual(['1', '2']);
  });

  it('are not sent again once they were refused for good', async () => {
    await using scene = await start();
    scene.receiver.answer = () => ({ status: 400 });
    const client = scene.client();
    await capture(client, ['1']);
    expect(await client.close()).toEqual({ pending: 0 });
    scene.receiver.answer = up;
    expect(await scene.client().flush()).toEqual({ pending: 0 });
    expect(scene.receiver.requests).toHaveLength(1);
  });

  it('since the thread waited for it in vain are there once', async () => {
    await using scene = await start();
    const nobody = await startReceiver();
    await nobody[Symbol.asyncDispose]();
    const client = scene.client({ endpoint: nobody.url });
    const captured = capture(client, ['1']);
    expect(client.flushSync()).toEqual({ pending: 1 });
    await captured;
    await client.close(0);
    await released(scene);
    expect(await scene.client().flush()).toMatchObject({ pending: 0 });
    expect(scene.arrived()).toEqual(['1']);
  });

  it('of another API key are left alone', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client();
    await capture(client, ['1']);
    await client.close(0);
    await released(scene);
    scene.receiver.answer = up;
    expect(await scene.client({ apiKey: 'another' }).flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual([]);
  });

  it('of a process that ends are taken over by one that lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using scene = await start();
    scene.client();
    scene.receiver.answer = down;
    const other = scene.client();
    await capture(other, names(3));
    await other.close(0);
    await released(scene);
    scene.receiver.answer = up;
    vi.advanceTimersByTime(10_000);
    await soon(() => expect(scene.arrived()).toEqual(names(3)));
  });

  it('are not sent by a process that was thought to be gone, and comes back', async () => {
    await using scene = await start();
    const client = scene.client();
    scene.receiver.answer = down;
    await capture(client, names(3));
    for (const file of scene.files()) utimesSync(file, 1000, 1000);
    scene.receiver.answer = up;
    expect(await scene.client().flush()).toEqual({ pending: 0 });
    expect(await client.flush()).toEqual({ pending: 0 });
    await capture(client, ['4']);
    expect(scene.arrived()).toEqual(names(4));
  });

  it('are not sent by such a process either if it has them in memory', async () => {
    await using scene = await start();
    const client = scene.client({ batchFlushIntervalMs: 60_000, asyncSend: true });
    await capture(client, names(3));
    await soon(() => expect(readFileSync(scene.files()[0] ?? '', 'utf8')).toContain('"3"'));
    for (const file of scene.files()) utimesSync(file, 1000, 1000);
    expect(await scene.client().flush()).toEqual({ pending: 0 });
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(names(3));
  });
});

describe('the bound', () => {
  it('is kept by dropping what is oldest', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client({ spoolMaxBytes: 40_000 });
    await capture(client, names(100), 1000);
    const size = scene.files().reduce((sum, file) => sum + statSync(file).size, 0);
    expect(size).toBeLessThanOrEqual(40_000);
    expect(scene.drops.every(({ reason }) => reason === 'max_spool_bytes')).toBe(true);
    const dropped = scene.drops.reduce((sum, drop) => sum + drop.dropped, 0);
    expect(await client.flush(0)).toEqual({ pending: 100 - dropped });
    scene.receiver.answer = up;
    await client.flush();
    expect(scene.arrived()).toEqual(names(100 - dropped, dropped + 1));
    expect(scene.arrived().length).toBeGreaterThan(20);
  });

  it('is also kept by dropping what ended processes left', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const first = scene.client({ apiKey: 'another', spoolMaxBytes: 40_000 });
    await capture(first, names(20), 1000);
    await first.close(0);
    await released(scene);
    const second = scene.client({ spoolMaxBytes: 40_000 });
    await capture(second, names(30, 21), 1000);
    expect(scene.drops.length).toBeGreaterThan(0);
    scene.receiver.answer = up;
    await second.flush();
    expect(scene.arrived()).toEqual(names(30, 21));
  });

  it('is also kept by several that share it; what finds no room stays in memory', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const clients = names(6).map(() => scene.client({ spoolMaxBytes: 40_000, offlineQueueMax: 1000 }));
    for (const round of names(20)) {
      await Promise.all(clients.map((client, index) => capture(client, [`${round}-${index}`], 1000)));
      const size = scene.files().reduce((sum, file) => sum + statSync(file).size, 0);
      expect(size).toBeLessThanOrEqual(40_000);
    }
    const dropped = scene.drops.reduce((sum, drop) => sum + drop.dropped, 0);
    const left = clients.reduce((sum, client) => sum + client.pending, 0);
    expect(left + dropped).toBe(120);
    scene.receiver.answer = up;
    await Promise.all(clients.map((client) => client.flush()));
    expect(scene.arrived()).toHaveLength(left);
  });

  it('leaves what is larger in memory', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client({ spoolMaxBytes: 1000 });
    await capture(client, ['1'], 2000);
    expect(scene.files()).toEqual([]);
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(['1']);
  });
});

describe('a file that is damaged', () => {
  it('costs the events that were hit, and says so once', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client();
    await capture(client, names(5), 1000);
    await client.close(0);
    await released(scene);
    const [file = ''] = scene.files();
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"3"');
    bytes[at + 1] = 0x39;
    writeFileSync(file, bytes.subarray(0, bytes.indexOf('"5"') + 100));
    utimesSync(file, 0, 0);
    scene.receiver.answer = up;
    scene.errors.length = 0;
    expect(await scene.client().flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(['1', '2', '4']);
    expect(scene.errors).toEqual(['Spool: records that were damaged and are lost: 2']);
  });

  it('while it is in use costs no more', async () => {
    await using scene = await start();
    scene.receiver.answer = down;
    const client = scene.client();
    await capture(client, names(5), 100);
    const [file = ''] = scene.files();
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('"2"') + 1] = 0x39;
    writeFileSync(file, bytes);
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(['1', '3', '4', '5']);
    expect(scene.errors).toContain('Spool: records that were damaged and are lost: 1');
  });
});

describe('a directory that cannot be used', () => {
  it('since it is a file is told once, and events are sent from memory', async () => {
    await using scene = await start();
    writeFileSync(scene.path, '');
    const client = scene.client();
    scene.receiver.answer = down;
    await capture(client, names(3));
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(names(3));
    expect(scene.errors.filter((error) => /EEXIST|ENOTDIR/.test(error))).toHaveLength(1);
  });

  it('since it became one costs what was in it, and nothing else', async () => {
    await using scene = await start();
    const client = scene.client();
    scene.receiver.answer = down;
    await capture(client, names(2));
    rmSync(scene.path, { recursive: true });
    writeFileSync(scene.path, '');
    await capture(client, names(2, 3));
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(names(2, 3));
    expect(scene.errors.filter((error) => /EEXIST/.test(error))).toHaveLength(1);
  });

  it('since it was removed is made again', async () => {
    await using scene = await start();
    const client = scene.client();
    scene.receiver.answer = down;
    await capture(client, ['1']);
    rmSync(scene.path, { recursive: true });
    await capture(client, ['2']);
    expect(scene.files()).toHaveLength(1);
    scene.receiver.answer = up;
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(scene.arrived()).toEqual(['2']);
  });

  it('holds files of others, which are left alone', async () => {
    await using scene = await start();
    mkdirSync(join(scene.path, 'a.spool'), { recursive: true });
    writeFileSync(join(scene.path, 'notes.txt'), 'mine');
    const client = scene.client();
    await capture(client, ['1']);
    await client.close();
    expect(readdirSync(scene.path)).toEqual(['a.spool', 'notes.txt']);
    expect(scene.errors).toEqual([]);
  });
});
