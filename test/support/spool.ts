/** Directories for spools, and programs that share them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Program } from './program.ts';

export interface SpoolProcess {
  child: ChildProcess;
  /** The trace ids of the events that it has accepted until now. */
  accepted: string[];
  /** What else it said. */
  said: string[];
  /** Resolves when it has accepted so many events. */
  acceptedMany(count: number): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Waits for its end, and gives what its last flush said. */
  ended(): Promise<{ pending: number; repeated?: number }>;
}

/** A directory of its own, which is not there yet. */
export function spoolDirectory(): Disposable & { path: string } {
  const parent = mkdtempSync(join(tmpdir(), 'replaystack-spool-'));
  return {
    path: join(parent, 'spool'),
    [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }),
  };
}

/** Starts one of the programs in fixtures/runtime/spool.ts. */
export function startSpoolProcess(program: Program, args: string[], command: string[] = []): SpoolProcess {
  const [file = '', ...rest] = [...command, process.execPath, program.file, ...args];
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const accepted: string[] = [];
  const said: string[] = [];
  const closed = once(child, 'close');
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    if (line.startsWith('accepted ')) accepted.push(line.slice(9));
    else said.push(line);
  });
  return {
    child,
    accepted,
    said,
    async acceptedMany(count) {
      while (accepted.length < count) await Promise.race([once(lines, 'line'), closed]);
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    async ended() {
      await closed;
      const last = said.findLast((line) => line.startsWith('left ')) ?? 'left {"pending":-1}';
      return JSON.parse(last.slice(5)) as { pending: number; repeated?: number };
    },
  };
}
