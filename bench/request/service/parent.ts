import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the parent where the server listens, and collects garbage when it asks for that. */
export function watchParent(server: Server): void {
  process.on('message', () => {
    globalThis.gc?.();
    process.send?.('collected');
  });
  process.send?.((server.address() as AddressInfo).port);
}
