/** Functions of Vercel, Netlify and Google Cloud, as they are exported or registered. */
import type { EntryHook } from './entry.ts';
import { entryHook, noting } from './entry.ts';
import { routed, runFetch } from './fetch-handler.ts';
import { runInvocation } from './invocation.ts';
import { runNodeRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { activeCaptor } from './request.ts';
import { sentWithin } from './sent-within.ts';
import { findWaitUntil } from './wait-until.ts';
import { readEnvironment } from '#platform';

/** `handler(request, response)` as Node has them, or `GET(request)`. Elsewhere than on Vercel it is somebody else's. */
export const vercelHandler: EntryHook = /* @__PURE__ */ entryHook((handle, args, route) => {
  const { 0: request, 1: second } = args;
  if (!readEnvironment()['VERCEL'] && findWaitUntil() === undefined) return handle();
  if (isNodeRequest(request) && isNodeResponse(second)) {
    return runNodeRequest(request, second, 'vercel', () => noting(routed(handle, route)));
  }
  const captor = request instanceof Request ? activeCaptor() : undefined;
  if (captor === undefined) return handle();
  return runFetch(captor, request as Request, { framework: 'vercel', route, contexts: [second] }, handle);
});

/** `handler(request, context)`. */
export const netlifyHandler: EntryHook = /* @__PURE__ */ entryHook((handle, args) => {
  const { 0: request, 1: context } = args;
  if (!(request instanceof Request) || typeof context !== 'object' || context === null) return handle();
  const captor = activeCaptor();
  if (captor === undefined) return handle();
  const { ip } = context as { ip?: unknown };
  const sourceIp = typeof ip === 'string' ? ip : undefined;
  return runFetch(captor, request, { framework: 'netlify', contexts: [context], sourceIp }, handle);
});

/** The handler of `http('name', handler)`, with Express' request and response. */
export const googleHttp: EntryHook = /* @__PURE__ */ entryHook((handle, args) => {
  const { 0: request, 1: response } = args;
  if (!isNodeRequest(request) || !isNodeResponse(response)) return handle();
  return runNodeRequest(request, response, 'google-cloud', () => noting(handle));
});

/** The handler of `cloudEvent('name', handler)`. */
export const googleCloudEvent: EntryHook = /* @__PURE__ */ entryHook((handle, args, name) => {
  const { 0: event, 1: callback } = args;
  // With a callback it ends nobody knows when.
  if (typeof callback === 'function') return handle();
  const { id, type, source, data } = Object(event) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof type !== 'string') return handle();
  const captor = activeCaptor();
  if (captor === undefined) return handle();
  const pending: Promise<unknown>[] = [];
  const waitUntil = (promise: Promise<unknown>): void => void pending.push(promise);
  const call = {
    eventType: type.includes('pubsub') ? ('queue' as const) : ('custom' as const),
    framework: 'google-cloud',
    endpoint: name || type,
    metadata: { id, type, source },
    payload: () => data,
    contexts: [{ waitUntil }],
  };
  return runInvocation(
    captor,
    () => call,
    handle,
    () => sentWithin(captor.client, pending, captor.options.shutdownTimeoutMs),
  );
});
