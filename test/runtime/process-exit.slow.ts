/** Whether a process that uses the runtime ends when its own work is done; each case is a process of its own. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache');

interface Ended {
  code: number | null;
  output: string;
  /** Milliseconds from its last line of output to its end, by its own clock. */
  lingered: number;
}

/** How long the receiver keeps a connection open for the next request, which it tells. */
const KEPT_OPEN_MS = 50_000;

/** Bundles are put where undici can be found, and where it cannot. */
const places = [
  ['undici beside it', cache, undefined],
  ['nothing beside it, which falls back on fetch', tmpdir(), 'node'],
] as const;

describe.each(places)('a program with %s', (_, parent, userAgent) => {
  let directory = '';

  beforeAll(async () => {
    await mkdir(parent, { recursive: true });
    directory = await mkdtemp(join(parent, 'replaystack-exit-'));
    await build({
      entryPoints: [join(root, 'fixtures/runtime/exit.ts')],
      outfile: join(directory, 'program.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias: {
        '#platform': join(root, 'runtime/platform/node.ts'),
        'unplugin-replaystack/runtime/build': join(root, 'runtime/build.ts'),
      },
    });
  });

  afterAll(() => rm(directory, { recursive: true }));

  function run(what: string, endpoint: string, timeoutMs = 20_000): Promise<Ended> {
    return new Promise((resolve) => {
      const program = join(directory, 'program.mjs');
      const child = spawn(process.execPath, [program, what, endpoint, String(timeoutMs)], { stdio: 'pipe' });
      let output = '';
      let lingered = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (lingered += chunk.toString()));
      child.on('close', (code) => resolve({ code, output, lingered: Number(lingered) }));
    });
  }

  it('delivers what it captured last, and ends', async () => {
    await using receiver = await startReceiver(KEPT_OPEN_MS);
    const { code, output, lingered } = await run('capture', receiver.url);
    expect([code, output]).toEqual([0, 'done\n']);
    expect(receiver.accepted()).toHaveLength(1);
    expect(receiver.requests[0]?.headers['user-agent']).toBe(userAgent);
    expect(lingered).toBeLessThan(KEPT_OPEN_MS / 2);
  });

  it('is not held by connections that are kept open', async () => {
    await using receiver = await startReceiver(KEPT_OPEN_MS);
    const { code, lingered } = await run('flush', receiver.url);
    expect(code).toBe(0);
    expect(receiver.accepted()).toHaveLength(10);
    expect(lingered).toBeLessThan(KEPT_OPEN_MS / 2);
  });

  it('is held by a receiver that never answers for the time-out of one attempt', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => 'hang';
    const { code, lingered } = await run('capture', receiver.url, 3000);
    expect(code).toBe(0);
    expect(receiver.requests).toHaveLength(1);
    expect(lingered).toBeGreaterThan(2990);
    // Unlike the receiver, which never ends it.
    expect(lingered).toBeLessThan(20_000);
  });

  it('is not held by retries, by events that wait, or by timers', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '30' } });
    const { code, lingered } = await run('timers', receiver.url);
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(15_000);
  });

  it('lives as long as it waits for a flush', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => ({ status: 503 });
    expect(await run('wait', receiver.url)).toMatchObject({ code: 0, output: 'waiting\n{"pending":1}\n' });
  });

  it('lives as long as it waits for a capture', async () => {
    await using receiver = await startReceiver();
    receiver.answer = (_, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 };
    expect(await run('sync', receiver.url)).toMatchObject({ code: 0, output: 'sent\n' });
    expect(receiver.accepted()).toHaveLength(1);
  });

  it('may exit at any time', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => 'hang';
    expect(await run('exit', receiver.url)).toMatchObject({ code: 3 });
  });
});
