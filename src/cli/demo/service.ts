/** Builds the sample application and runs it, each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd } from './cleanup.ts';
import { application } from './project.ts';

const STOP_TIMEOUT_MS = 15_000;

/** Ends the child with us, if it has not ended by then. */
function adopt(child: ChildProcess): void {
  atEnd(() => child.kill('SIGKILL'));
}

/** Of our own environment, what has no influence on what the service reports. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(REPLAYSTACK_.*|APP_VERSION|COMMIT_HASH|NODE_OPTIONS)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/**
 * Builds by the application's own script, from the bundler's own config file.
 *
 * @param log the file descriptor that takes what the bundler prints
 * @returns the file to run
 */
export async function buildService(bundler: string, folder: string, log: 1 | 2): Promise<string> {
  const child = spawn(process.execPath, ['build.mjs', bundler, folder], {
    cwd: application,
    env: neutralEnvironment(),
    stdio: ['ignore', log, 2],
  });
  adopt(child);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The build with ${bundler} failed`);
  const file = readdirSync(folder).find((name) => /^server\.[cm]?js$/.test(name));
  if (file === undefined) throw new Error(`The build with ${bundler} left no server`);
  return join(folder, file);
}

export interface Service {
  url: string;
  /** What it has written so far to stdout and stderr. */
  log(): string;
  /** Asks it to end. Resolves with its exit code, or with the signal that was needed. */
  stop(): Promise<number | NodeJS.Signals>;
}

/**
 * Runs a built service on a free port.
 *
 * @returns once it listens; rejects when it ends before
 */
export async function startService(file: string, environment: Record<string, string>): Promise<Service> {
  const child = spawn(process.execPath, [file], {
    cwd: application,
    env: { ...neutralEnvironment(), ...environment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  adopt(child);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals]>;

  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const listening = new Promise<number>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      log += `${line}\n`;
      if (line.startsWith('{"port":')) resolve((JSON.parse(line) as { port: number }).port);
    });
  });

  const port = await Promise.race([listening, exited]);
  if (typeof port !== 'number') throw new Error(`The service did not start:\n${log}`);

  return {
    url: `http://127.0.0.1:${port}`,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const [code, signal] = await exited;
      clearTimeout(timer);
      return code ?? signal;
    },
  };
}
