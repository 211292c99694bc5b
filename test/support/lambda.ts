/** AWS Lambda around a function: its runtime API, its runtime as a process, and the freeze as soon as there is an answer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanEnvironment } from './e2e-project.ts';

export interface Answered {
  kind: 'response' | 'error';
  body: string;
  /** What `seen` gave when the answer came. */
  seen: number;
  ms: number;
}

export interface Lambda extends AsyncDisposable {
  /** @param timeoutMs what the function has */
  invoke(event: unknown, timeoutMs?: number): Promise<Answered>;
  output(): string;
}

interface Invocation {
  id: string;
  body: string;
  deadline: number;
  began: number;
  resolve(answered: Answered): void;
}

/**
 * Starts a function.
 *
 * @param args what Node is called with
 * @param seen counts what has arrived
 */
export async function startLambda(
  cwd: string,
  args: readonly string[],
  environment: Record<string, string>,
  seen: () => number,
): Promise<Lambda> {
  const queue: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let waiting: ServerResponse | undefined;
  let count = 0;
  let child: ChildProcess | undefined;
  let output = '';

  function give(): void {
    const invocation = waiting && queue.shift();
    if (waiting === undefined || invocation === undefined) return;
    running.set(invocation.id, invocation);
    waiting.writeHead(200, {
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(invocation.deadline),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:1:function:orders',
    });
    waiting.end(invocation.body);
    waiting = undefined;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id = '', kind] = /invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? '') ?? [];
    if (kind === undefined) {
      waiting = response;
      return give();
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    // Nothing runs any more from here to the next invocation.
    child?.kill('SIGSTOP');
    response.writeHead(202).end();
    const invocation = running.get(id);
    running.delete(id);
    invocation?.resolve({
      kind: kind as Answered['kind'],
      body,
      seen: seen(),
      ms: performance.now() - invocation.began,
    });
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = cleanEnvironment({
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    AWS_LAMBDA_FUNCTION_NAME: 'orders',
    ...environment,
  });
  child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return {
    invoke(event, timeoutMs = 10_000) {
      return new Promise((resolve) => {
        const id = `request-${++count}`;
        const deadline = Date.now() + timeoutMs;
        queue.push({ id, body: JSON.stringify(event), deadline, began: performance.now(), resolve });
        child.kill('SIGCONT');
        give();
      });
    },
    output: () => output,
    async [Symbol.asyncDispose]() {
      kill();
      process.off('exit', kill);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
