/** The transport of Node: undici's Client, which does less than fetch for every request, over few connections. */
import type { Body, PlatformRequest, PlatformTransport } from '../../platform/types.ts';
import { borrow, giveBack } from '../buffers.ts';
import { writeTo } from './body.ts';
import type { Connections } from './connections.ts';
import { createConnections } from './connections.ts';
import { dispatch } from './dispatch.ts';
import { createFetchTransport } from './fetch.ts';
import { gzipByZlib, pack } from './gzip.ts';
import type { Undici } from './undici-types.ts';

/**
 * Sends by undici, loaded at the first request; by fetch where undici is not installed beside the application, or is one
 * of before version 7. Idle connections keep no process alive: undici takes care of that.
 */
export function createUndiciTransport(): PlatformTransport {
  const { bun, deno }: Record<string, string | undefined> = globalThis.process?.versions ?? {};
  const sendByFetch = createFetchTransport(gzipByZlib, !bun && !deno);
  const origins: Record<string, Connections> = {};
  let loading: Promise<Undici | undefined> | undefined;

  const load = (): Promise<Undici | undefined> => (loading ??= loadUndici());
  const send = async (request: PlatformRequest): ReturnType<PlatformTransport> => {
    const undici = await load();
    if (undici === undefined) return sendByFetch(request);
    const { origin, pathname, search } = new URL(request.url);
    const connections = (origins[origin] ??= createConnections(undici, origin, request.timeoutMs));
    const connection = connections.take();
    const content = toBody(request.body);
    const buffer = borrow(content.bytes) as Buffer;
    writeTo(buffer, content);
    let isWritten = false;
    try {
      const bytes = buffer.subarray(0, content.bytes);
      const { body, headers } = await pack(bytes, request.headers, request.compress ? gzipByZlib : undefined);
      return await dispatch(
        connection.client,
        { path: pathname + search, method: request.method, headers, body },
        request.signal,
        () =>
          connection.whenWritten(() => {
            isWritten = true;
            request.onSent?.();
          }),
      );
    } finally {
      // The answer may have come before all of it was out.
      if (isWritten) giveBack(buffer);
      connections.giveBack(connection);
    }
  };
  return Object.assign(send, { load });
}

function toBody(body: string | Body): Body {
  return typeof body === 'string' ? { pieces: [body], bytes: Buffer.byteLength(body) } : body;
}

/** By a name that bundlers cannot see: whether it is there is known only where the application runs. */
async function loadUndici(): Promise<Undici | undefined> {
  // Bun has a module of this name, and nothing in it that works.
  if ('Bun' in globalThis) return undefined;
  const load = (name: string): Promise<Undici> => import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  const undici = await load('undici').catch(() => undefined);
  return undici?.cacheStores ? undici : undefined;
}
