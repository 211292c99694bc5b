/** The transport of Node: undici's Pool, which keeps few connections open, and does less than fetch for every request. */
import type { PlatformTransport, Transport } from '../../platform/types.ts';
import { readStart } from './deadline.ts';
import { createFetchTransport } from './fetch.ts';
import { gzipByZlib, pack } from './gzip.ts';
import { toWrittenBody } from './written.ts';

const CONNECTIONS = 3;

/** The parts of undici that are used here; they have been the same since its version 5. */
interface Pool {
  request(options: {
    path: string;
    method: string;
    headers: Record<string, string>;
    body: AsyncIterable<Uint8Array>;
    signal: AbortSignal;
    headersTimeout: number;
    bodyTimeout: number;
  }): Promise<{
    statusCode: number;
    headers: Record<string, string>;
    body: AsyncIterable<Uint8Array>;
  }>;
}

interface Undici {
  Pool?: new (origin: string, options: { connections: number }) => Pool;
}

/**
 * Sends by undici, loaded at the first request; by fetch where undici is not installed beside the application. Idle
 * connections keep no process alive: undici takes care of that.
 */
export function createUndiciTransport(): PlatformTransport {
  const { bun, deno }: Record<string, string | undefined> = globalThis.process?.versions ?? {};
  const sendByFetch = createFetchTransport(gzipByZlib, !bun && !deno);
  const pools: Record<string, Pool> = {};
  let loading: Promise<Undici> | undefined;

  const load = (): Promise<Undici> => (loading ??= loadUndici());
  const send: Transport = async (request) => {
    const { Pool } = await load();
    if (typeof Pool !== 'function') return sendByFetch(request);
    const { url, method, signal, onSent } = request;
    const { body, headers } = await pack(request, gzipByZlib);
    const { origin, pathname, search } = new URL(url);
    const answer = await (pools[origin] ??= new Pool(origin, { connections: CONNECTIONS })).request({
      path: pathname + search,
      method,
      ...toWrittenBody(body, headers, onSent),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const chunks = answer.body[Symbol.asyncIterator]();
    return { status: answer.statusCode, headers: answer.headers, body: await readStart(() => chunks.next()) };
  };
  return Object.assign(send, { load });
}

/** By a name that bundlers cannot see: whether it is there is known only where the application runs. */
async function loadUndici(): Promise<Undici> {
  // Bun has a module of this name, and nothing in it that works.
  if ('Bun' in globalThis) return {};
  const load = (name: string): Promise<Undici> => import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return load('undici').catch(() => ({}));
}
