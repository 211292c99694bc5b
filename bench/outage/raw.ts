/** Requests as they are on the wire, by clients that leave when they like. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/**
 * Sends the beginning of a request, or all of it.
 *
 * @param body as much of it as is sent; `length` is what it is said to have
 */
export function open(
  url: string,
  line: string,
  traceId = '',
  body = '',
  length: number = body.length,
): Promise<Socket> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      const headers = [
        `${line} HTTP/1.1`,
        'host: localhost',
        'content-type: application/json',
        `content-length: ${length}`,
        ...(traceId && [`x-trace-id: ${traceId}`]),
      ];
      socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`, () => resolve(socket));
    });
    socket.on('error', reject);
  });
}
