import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the parent where the server listens, and collects garbage when it asks for that. */
export function watchParent(server: Server): void {
  process.on('message', () => {
    globalThis.gc?.();
    process.send?.('collected');
  });
  // While other variants have their windows, connections are idle for longer than a server takes.
  server.keepAliveTimeout = 600_000;
  process.send?.((server.address() as AddressInfo).port);
}
