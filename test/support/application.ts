/**
 * Applications written once for every framework: what a handler can do, in words that each framework's driver translates
 * into its own.
 */
import type { RequestListener } from 'node:http';
import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import type { ClientOptions } from '../../runtime/options/resolve-options.ts';
import type { TestRuntime } from './runtime.ts';
import { startRuntime } from './runtime.ts';
import { startServer } from './server.ts';

/** A request and its answer, as a handler sees them. */
export interface Exchange {
  /** The framework's own request or context. */
  raw: object;
  header(name: string): string | undefined;
  param(name: string): string | undefined;
  /** The JSON of the request's body. */
  body(): Promise<unknown>;
  json(value: unknown, status?: number): unknown;
  send(body: string | Uint8Array<ArrayBuffer> | null, type?: string, status?: number): unknown;
  redirect(path: string): unknown;
  /** Answers piece by piece; the producer may go on for as long as it likes. */
  stream(type: string, produce: (write: (piece: string) => Promise<void>) => Promise<void>): unknown;
  /** Hands an error to the framework without throwing it, where it can. */
  pass(error: unknown): unknown;
}

export type Handler = (exchange: Exchange) => unknown;

/** An app or a router. */
export interface Application {
  /** The last handler answers; the others are middleware. */
  on(method: 'get' | 'post' | 'delete', path: string, ...handlers: Handler[]): void;
  /** Middleware, which goes on when its promise resolves. */
  use(handler: Handler): void;
  /** A router below a path. */
  mount(path: string, define: (router: Application) => void): void;
  /** An app with its own error handler below a path. */
  mountApp(path: string, define: (app: Application) => void): void;
  onError(handler: (error: unknown, exchange: Exchange) => unknown): void;
}

/** What the build would inject; replaced by functions that do nothing to see an application without us. */
export interface Hooks {
  app<T>(app: T): T;
  handler<T>(owner: unknown, argument: T, path?: string): T;
}

export const NO_HOOKS: Hooks = { app: (app) => app, handler: (_owner, argument) => argument };

/** A framework. */
export interface Driver {
  name: string;
  /** `metadata.framework` of its events. */
  framework: string;
  hooks: Hooks;
  /** The pattern that a router hangs under is known to nobody: events have the path that was asked for. */
  mountsUnknown?: boolean;
  /** How it writes the pattern of a route: `/items/{id}`, where drivers are given `/items/:id`. */
  pattern?(path: string): string;
  /** It writes on errors that it answers, and so fails itself on one that is frozen. */
  marksErrors?: boolean;
  /** An error handler that fails leaves the client without an answer, and its rejection unhandled. */
  diesOfErrorHandlers?: boolean;
  build(define: (app: Application) => void, hooks: Hooks): RequestListener;
}

export interface RunningApplication extends TestRuntime {
  url: string;
  /** Sends a request, and does not follow redirects. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** Builds an instrumented application, serves it, and starts a client for it. */
export async function startApplication(
  driver: Driver,
  define: (app: Application) => void,
  options: ClientOptions = {},
): Promise<RunningApplication> {
  const test = await startRuntime(options);
  const server = await startServer(driver.build(define, driver.hooks));
  return {
    ...test,
    url: server.url,
    request: (path, init) => fetch(server.url + path, { redirect: 'manual', ...init }),
    async events() {
      await server.idle();
      return test.events();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** The body of a request that sends JSON. */
export function jsonBody(value: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** What a handler streams, for frameworks that take streams. */
export function streamOf(produce: Parameters<Exchange['stream']>[1]): Readable {
  const stream = new PassThrough();
  const write = (piece: string): Promise<void> =>
    new Promise((resolve) => void stream.write(piece, () => resolve()));
  void produce(write).then(() => stream.end());
  return stream;
}
