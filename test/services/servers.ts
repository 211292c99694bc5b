/**
 * Servers for what cannot be tested without: Redis, RabbitMQ and PostgreSQL, each on ports of its own and in a directory that
 * goes away. What is not installed is installed, where that is possible; what cannot be had is said.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

export const serverNames = ['redis', 'rabbitmq', 'postgres'] as const;

export type ServerName = (typeof serverNames)[number];

/** The URL of each that runs; of another, why it does not. */
export type Servers = Record<ServerName, { url: string } | { reason: string }>;

declare module 'vitest' {
  export interface ProvidedContext {
    servers: Servers;
  }
}

/** A server that has been started, and what ends it. */
interface Started {
  url: string;
  processes: ChildProcess[];
}

const START_TIMEOUT_MS = 60_000;

/** Debian's packages. */
const PACKAGES: Record<ServerName, string> = {
  redis: 'redis-server',
  rabbitmq: 'rabbitmq-server',
  postgres: 'postgresql',
};

const RABBITMQ = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** The programs, by what has to be there. */
const FIND: Record<ServerName, () => string | undefined> = {
  redis: () => existing('/usr/bin/redis-server', '/usr/local/bin/redis-server'),
  rabbitmq: () => existing(RABBITMQ),
  postgres: () => existing(...postgresPaths(), '/usr/local/bin/postgres'),
};

const START: Record<ServerName, (program: string, directory: string) => Promise<Started>> = {
  async redis(program, directory) {
    const port = await freePort();
    const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', ''];
    return { url: `redis://127.0.0.1:${port}`, processes: [await listening(port, program, options)] };
  },
  async rabbitmq(program, directory) {
    const [port, dist, epmd] = [await freePort(), await freePort(), await freePort()];
    const file = (name: string): string => join(directory, name);
    writeFileSync(file('rabbitmq.conf'), `listeners.tcp.local = 127.0.0.1:${port}\n`);
    writeFileSync(file('plugins'), '[].\n');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: 'replaystack@localhost',
      RABBITMQ_DIST_PORT: String(dist),
      RABBITMQ_MNESIA_BASE: file('mnesia'),
      RABBITMQ_LOG_BASE: file('log'),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('plugins'),
    };
    // It would start one of its own, which stays.
    const names = await listening(epmd, 'epmd', ['-port', String(epmd), '-address', '127.0.0.1']);
    const broker = await listening(port, program, [], { env });
    return { url: `amqp://guest:guest@127.0.0.1:${port}`, processes: [broker, names] };
  },
  async postgres(program, directory) {
    const port = await freePort();
    const data = join(directory, 'data');
    mkdirSync(data);
    // It refuses to be root.
    const user = process.getuid?.() === 0 ? userId('postgres') : {};
    if (user.uid !== undefined)
      for (const path of [directory, data]) chownSync(path, user.uid, user.gid ?? 0);
    const initdb = program.replace(/postgres$/, 'initdb');
    const settings = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
    execFileSync(initdb, settings, { ...user, cwd: directory, stdio: 'pipe' });
    const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-c', 'fsync=off'];
    const server = await listening(port, program, options, { ...user, cwd: directory });
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, processes: [server] };
  },
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'replaystack-services-'));
  // PostgreSQL is another user, who has to get to what is its own.
  chmodSync(directory, 0o711);
  const missing = serverNames.filter((name) => FIND[name]() === undefined);
  if (missing.length > 0) install(missing.map((name) => PACKAGES[name]));
  const processes: ChildProcess[] = [];
  const servers = Object.fromEntries(
    await Promise.all(
      serverNames.map(async (name) => {
        const program = FIND[name]();
        if (program === undefined) return [name, { reason: `${PACKAGES[name]} is not installed` }];
        const own = join(directory, name);
        mkdirSync(own);
        try {
          const started = await START[name](program, own);
          processes.push(...started.processes);
          return [name, { url: started.url }];
        } catch (error) {
          return [name, { reason: `${name} does not start: ${String(error)}` }];
        }
      }),
    ),
  ) as Servers;
  project.provide('servers', servers);
  return async () => {
    await Promise.all(processes.map(end));
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** With the package manager, where there is one and we may; whatever comes of it is seen by what is there then. */
function install(packages: string[]): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  // RUNLEVEL: the package is not to start a server of its own.
  const env = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'pipe' });
    const options = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    execFileSync('apt-get', options, { env, stdio: 'pipe' });
  } catch (error) {
    console.warn(`apt-get: ${String(error)}`);
  }
}

function existing(...paths: string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

function postgresPaths(): string[] {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base) : [];
  return versions.map((version) => join(base, version, 'bin/postgres'));
}

function userId(name: string): { uid?: number; gid?: number } {
  const id = (option: string): number => Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program, and resolves when it listens. */
async function listening(
  port: number,
  program: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number } = {},
): Promise<ChildProcess> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  child.once('error', (error) => (said += String(error)));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await canConnect(port))) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`it ended: ${said}`);
    if (Date.now() > deadline) {
      await end(child);
      throw new Error(`it does not listen: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return child;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
