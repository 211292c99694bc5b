/** Runs what was built, as a server in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from './e2e-project.ts';

const STOP_TIMEOUT_MS = 15_000;

/** What servers print when they listen. */
const ANNOUNCEMENT =
  /^\{"port":(\d+)|(?:Local:?|[Ll]istening on:?|^\[react-router-serve\]) +http:\/\/[\w.]+:(\d+)/;

export interface Service extends AsyncDisposable {
  /** Without a slash at its end. */
  url: string;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Asks it to end, if it has not. Resolves with its exit code, or with the signal that was needed. */
  stop(): Promise<number | string>;
  /** Resolves with the exit code of a server that ends by itself. */
  ended: Promise<number | string>;
}

/** Runs a program to its end, by this version of Node unless told. */
export async function run(
  cwd: string,
  args: string[],
  environment: Record<string, string> = {},
  command: string = process.execPath,
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const { ended, output } = start(cwd, args, environment, command);
  const code = await ended;
  return { code, ...output };
}

/**
 * Starts a server on a free port, which it prints as `{"port":n}`, or as a framework's server does.
 *
 * @param command what runs it; this version of Node, unless told
 * @returns once it listens; rejects when it ends before
 */
export async function startService(
  cwd: string,
  args: string[],
  environment: Record<string, string> = {},
  command: string = process.execPath,
): Promise<Service> {
  const { child, ended, output } = start(cwd, args, { PORT: '0', ...environment }, command);
  const lines = child.stdout && createInterface(child.stdout);
  const listening = new Promise<number>((resolve) => {
    lines?.on('line', (line) => {
      const [, port] = ANNOUNCEMENT.exec(line)?.filter(Boolean) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const port = await Promise.race([listening, ended.then((code) => ({ code }))]);
  if (typeof port !== 'number')
    throw new Error(`It did not start (${port.code}):\n${output.stdout}${output.stderr}`);
  const stop = async (): Promise<number | string> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await ended;
    clearTimeout(timer);
    return code;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    stop,
    ended,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** A port that nothing listens on, for servers that take 0 for none. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function start(
  cwd: string,
  args: string[],
  environment: Record<string, string>,
  command: string = process.execPath,
): { child: ChildProcess; ended: Promise<number | string>; output: { stdout: string; stderr: string } } {
  const env = cleanEnvironment(environment);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  // A test that fails may leave it running, and it may leave others: some commands run an application in a process of its own.
  const kill = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  };
  process.once('exit', kill);
  child.once('exit', kill);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => {
    process.off('exit', kill);
    return (code ?? signal) as number | string;
  });
  return { child, ended, output };
}
