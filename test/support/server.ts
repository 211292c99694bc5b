/** An HTTP server around a request listener, on a free port of 127.0.0.1. */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer extends AsyncDisposable {
  url: string;
  /** Resolves when no response is open. */
  idle(): Promise<void>;
}

export async function startServer(listener: RequestListener): Promise<TestServer> {
  let open = 0;
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    open++;
    response.on('close', () => {
      if (--open > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async idle() {
      if (open > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
