/** Applications under test, mostly fixtures/orders-api: built with and without the plugin, each run as a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import replaystack from 'unplugin-replaystack/esbuild';
import { cpuOf, rssOf, socketsOf } from './process.ts';

/** A program to instrument. */
export interface Source {
  directory: string;
  entry: string;
}

export const orders: Source = { directory: resolve('fixtures/orders-api'), entry: 'src/server.ts' };

/** What the client in the application says of itself. */
export interface ClientCounts {
  /** Events in its queue and on their way. */
  pending: number;
  dropped: number;
  /** Events that the receiver refused for good. */
  refused: number;
  /** Events that may have arrived twice, as the last flush gave it. */
  repeated: number;
  /** Events of a process before it of which it could not know whether they had arrived. */
  doubtful: number;
}

export interface Application {
  url: string;
  /** @param flushMs how long to flush before; 0: not at all */
  counts(flushMs?: number): Promise<ClientCounts>;
  /** Bytes that the process has in memory. */
  rss(): number;
  /** Milliseconds that it has kept a processor busy. */
  cpu(): number;
  /** Connections that it has to this port, or is about to have. */
  sockets(port: number): number;
  /** Whether it runs still. */
  isAlive(): boolean;
  /** Ends it at once, and resolves when it has ended. */
  kill(): Promise<void>;
}

/** Builds an application, minified, and returns the file to run. */
export async function buildApplication(
  folder: string,
  hooked: boolean,
  { directory, entry }: Source = orders,
): Promise<string> {
  const outfile = join(folder, `${basename(directory)}-${hooked ? 'hooked' : 'bare'}.mjs`);
  await build({
    absWorkingDir: directory,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: hooked
      ? [replaystack({ runtime: resolve('bench/orders/replaystack.config.ts'), summary: false })]
      : [],
  });
  return outfile;
}

/**
 * Starts what was built on a free port; resolves when it listens.
 *
 * @param flags for Node
 */
export async function startApplication(
  file: string,
  environment: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Application> {
  const child = spawn(process.execPath, [...flags, file], {
    cwd: orders.directory,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: '0',
      RECONCILE_INTERVAL_MS: '86400000',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');
  const end = (): void => void child.kill('SIGKILL');
  process.setMaxListeners(64);
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const port = await Promise.race([portOf(child), exited]);
  if (typeof port !== 'number') throw new Error(`The application did not start: ${file}`);
  return {
    url: `http://127.0.0.1:${port}`,
    async counts(flushMs = 0) {
      const answered = once(child, 'message');
      child.send(flushMs);
      const [counts] = (await answered) as [ClientCounts];
      return counts;
    },
    rss: () => rssOf(child.pid ?? 0),
    cpu: () => cpuOf(child.pid ?? 0),
    sockets: (port) => socketsOf(child.pid ?? 0, port),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function portOf({ stdout }: ChildProcess): Promise<number | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface(stdout)) {
    if (line.startsWith('{"port":')) {
      stdout.resume();
      return (JSON.parse(line) as { port: number }).port;
    }
  }
  return undefined;
}
