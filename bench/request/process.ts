/** Processes on a core of their own, and what they use of it. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Pinned {
  port: number;
  /** Seconds of CPU that it has used so far, all of its threads together. */
  cpu(): number;
  /** Bytes that it has in memory. */
  rss(): number;
  /** Sends a message; resolves with what comes back. */
  ask(message: string): Promise<unknown>;
  kill(): Promise<void>;
}

/** Starts a program that tells its port; resolves when it has. */
export async function startPinned(
  core: number,
  node: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Pinned> {
  const child = spawn('taskset', ['-c', `${core}`, node, ...args], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const exited = once(child, 'exit');
  void exited.then(() => process.off('exit', end));
  const first = await Promise.race([once(child, 'message'), exited]);
  if (child.exitCode !== null) throw new Error(`It did not start: ${args.join(' ')}`);
  const [port] = first as [number];
  return {
    port,
    cpu: () => cpuOf(child),
    rss: () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]) * 1024,
    async ask(message) {
      const answered = once(child, 'message');
      child.send(message);
      const [answer] = (await answered) as [unknown];
      return answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** From the scheduler, in nanoseconds; /proc/<pid>/stat counts in hundredths of a second. */
function cpuOf({ pid }: ChildProcess): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  }
  return nanoseconds / 1e9;
}

/** Seconds that a core was busy so far, whoever made it so. */
export function busy(core: number): number {
  const line = readFileSync('/proc/stat', 'latin1')
    .split('\n')
    .find((one) => one.startsWith(`cpu${core} `));
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (line ?? '')
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
}

/** Moves this process, with all of its threads, to a core. */
export function pinSelf(core: number): void {
  execFileSync('taskset', ['-apc', `${core}`, `${process.pid}`], { stdio: 'ignore' });
}
