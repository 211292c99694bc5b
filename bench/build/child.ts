/** One build in a process of its own, and what that took. */
import { readdirSync, readFileSync } from 'node:fs';
import { bundle } from './bundle.ts';
import type { Request } from './bundle.ts';
import { variants } from './variants.ts';
import type { Variant } from './variants.ts';

/** What a process is asked to build. */
export interface Task extends Request {
  variant: Variant;
}

export interface Cost {
  /** From the start of the process to the end of the build. */
  wall: number;
  /** Of the process, with those that it started. */
  cpu: number;
  /** The most that each of them ever had in memory, in MiB. */
  memory: number;
}

/** Builds, and prints a {@link Cost}. */
export async function runChild(task: Task): Promise<void> {
  await bundle(task, variants[task.variant]);
  const wall = performance.now();
  const processes = ['self', ...childrenOf('self')];
  const cost: Cost = { wall, cpu: sum(processes.map(cpuOf)), memory: sum(processes.map(peakOf)) };
  console.info(JSON.stringify(cost));
  process.exit();
}

function childrenOf(pid: string): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
}

/** Milliseconds, of which the kernel counts in tens. */
function cpuOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function peakOf(pid: string): number {
  const [, kib = '0'] = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
