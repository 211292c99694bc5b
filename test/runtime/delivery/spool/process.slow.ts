/** What takes a process of its own: rights, limits, and how it ends when it ends well. */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Program } from '../../../support/program.ts';
import { bundleProgram } from '../../../support/program.ts';
import { startReceiver } from '../../../support/receiver.ts';
import { spoolDirectory, startSpoolProcess } from '../../../support/spool.ts';

let program: Program;

beforeAll(async () => {
  program = await bundleProgram('spool.ts');
});

afterAll(() => program[Symbol.asyncDispose]());

it('a directory that may not be written to is told once, and events are sent from memory', async () => {
  await using receiver = await startReceiver();
  using directory = spoolDirectory();
  mkdirSync(directory.path);
  chmodSync(dirname(directory.path), 0o755);
  chmodSync(directory.path, 0o555);
  const stranger = startSpoolProcess(program, ['stranger', receiver.url, directory.path]);
  expect(await stranger.ended()).toEqual({ pending: 0 });
  expect(receiver.accepted()).toHaveLength(10);
  expect(stranger.said.filter((line) => line.includes('EACCES'))).toHaveLength(1);
});

it('files that cannot grow keep what is in them, and the rest is sent from memory', async () => {
  await using receiver = await startReceiver();
  using directory = spoolDirectory();
  receiver.answer = (_, index) => ({ status: index < 10 ? 503 : 200 });
  // Files of at most 16 or 32 KiB, depending on the shell.
  const limits = ['sh', '-c', 'trap "" XFSZ; ulimit -f 32; exec "$@"', 'sh'];
  const hundred = startSpoolProcess(program, ['hundred', receiver.url, directory.path], limits);
  expect(await hundred.ended()).toEqual({ pending: 0 });
  expect(new Set(receiver.accepted().map(({ traceId }) => traceId)).size).toBe(100);
  expect(receiver.accepted()).toHaveLength(100);
  expect(hundred.said.some((line) => /EFBIG|is full/.test(line))).toBe(true);
});

it('events that a receiver turned away while a process exits have not arrived', async () => {
  await using receiver = await startReceiver();
  using directory = spoolDirectory();
  receiver.answer = () => ({ status: 503 });
  await startSpoolProcess(program, ['exit', receiver.url, directory.path]).ended();
  receiver.answer = () => ({ status: 200 });
  const heir = startSpoolProcess(program, ['drain', receiver.url, directory.path]);
  expect(await heir.ended()).toEqual({ pending: 0 });
  expect(heir.said.filter((line) => line.includes('twice'))).toEqual([]);
  expect(receiver.accepted()).toHaveLength(5);
});

it('events that are sent while a process exits are not sent again', async () => {
  await using receiver = await startReceiver();
  using directory = spoolDirectory();
  const exit = startSpoolProcess(program, ['exit', receiver.url, directory.path]);
  await exit.ended();
  expect(receiver.accepted()).toHaveLength(5);
  const heir = startSpoolProcess(program, ['drain', receiver.url, directory.path]);
  expect(await heir.ended()).toEqual({ pending: 0 });
  expect(receiver.accepted()).toHaveLength(5);
  expect(readdirSync(directory.path)).toEqual([]);
});
