/** The parts of undici that are used here, as they have been since its version 7. */
import type { Socket } from 'node:net';

export interface Undici {
  Client: new (origin: string, options: { connect: Connect }) => Client;
  buildConnector(options: { allowH2: boolean; timeout: number }): Connect;
  /** Came with version 7. */
  cacheStores: unknown;
}

type Connect = (options: object, callback: (error: Error | null, socket: Socket | null) => void) => unknown;

export interface Client {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
  destroy(error: Error | null, callback: () => void): void;
  readonly destroyed: boolean;
}

export interface DispatchOptions {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array;
  headersTimeout?: number;
  bodyTimeout?: number;
}

/** What happens to a request. */
export interface DispatchHandler {
  /** It is about to be written. */
  onRequestStart(): void;
  /** Also for answers that others follow, with a status below 200. */
  onResponseStart(controller: unknown, status: number, headers: Record<string, string>): void;
  onResponseData(controller: unknown, chunk: Buffer): void;
  onResponseEnd(): void;
  onResponseError(controller: unknown, error: Error): void;
}
