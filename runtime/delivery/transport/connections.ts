/** The connections to one origin, each with one request at a time. */
import type { Socket } from 'node:net';
import type { Client, Undici } from './undici-types.ts';

export interface Connection {
  client: Client;
  /**
   * Calls back once the system has everything that was written to the connection until now; never, if that ends before.
   */
  whenWritten(callback: () => void): void;
}

export interface Connections {
  /** One that has nothing to do, if possible one that is open already. */
  take(): Connection;
  /** What was ended is forgotten. */
  giveBack(connection: Connection): void;
}

/**
 * Unlike undici's Pool it does not open another connection because one whose answer has just ended takes until the event
 * loop's next turn to be of use again.
 *
 * @param timeoutMs how long to wait for a connection
 */
export function createConnections(undici: Undici, origin: string, timeoutMs: number): Connections {
  const idle: Connection[] = [];
  const connect = undici.buildConnector({ allowH2: false, timeout: timeoutMs });

  function create(): Connection {
    let current: Socket | null = null;
    const client = new undici.Client(origin, {
      connect: (options, callback) =>
        connect(options, (error, socket) => {
          current = socket;
          callback(error, socket);
        }),
    });
    return {
      client,
      whenWritten(callback) {
        if (!current || current.errored) return;
        if (current.writableLength === 0) return callback();
        // Nothing more to write, but behind all that was there.
        current.write('', (error) => {
          if (!error) callback();
        });
      },
    };
  }

  return {
    // The one that was used last: the others are closed when they have been idle for a while.
    take: () => idle.pop() ?? create(),
    giveBack(connection) {
      if (!connection.client.destroyed) idle.push(connection);
    },
  };
}
