/** One request by undici, by the way that costs least: no streams, and one promise. */
import type { TransportResponse } from '../../platform/types.ts';
import { MAX_KEPT, MAX_READ } from './deadline.ts';
import type { Client, DispatchOptions } from './undici-types.ts';

/**
 * @param signal ends it, and the client with it: of a request that is only aborted, undici would make a new connection
 * @param onWrite called when all of the request has been given to the connection
 */
export function dispatch(
  client: Client,
  options: DispatchOptions,
  signal: AbortSignal,
  onWrite: () => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const answer: TransportResponse = { status: 0, headers: {}, body: '' };
    const chunks: Buffer[] = [];
    let read = 0;
    const stop = (): void => client.destroy(signal.reason as Error, () => {});
    const end = (): void => {
      signal.removeEventListener('abort', stop);
      answer.body = Buffer.concat(chunks).toString().slice(0, MAX_KEPT);
      resolve(answer);
    };
    signal.addEventListener('abort', stop);
    client.dispatch(
      { ...options, headersTimeout: 0, bodyTimeout: 0 },
      {
        // It is written right behind this call, in one piece.
        onRequestStart: () => queueMicrotask(onWrite),
        onResponseStart(_, status, headers) {
          answer.status = status;
          answer.headers = headers;
        },
        onResponseData(_, chunk) {
          if (read < MAX_KEPT) chunks.push(chunk);
          read += chunk.length;
          if (read <= MAX_READ) return;
          end();
          stop();
        },
        onResponseEnd: end,
        onResponseError(_, error) {
          signal.removeEventListener('abort', stop);
          reject(error);
        },
      },
    );
  });
}
