/**
 * Objects with `fetch`, `scheduled`, `queue` and `email`, as Cloudflare Workers export them, and other platforms one with
 * `fetch`. Which platform it is, is told by what it calls them with; what nobody knows is passed through.
 */
import { activeScope } from '../scope.ts';
import type { EntryHook } from './entry.ts';
import type { FetchCall } from './fetch-handler.ts';
import { runFetch } from './fetch-handler.ts';
import type { Call } from './invocation.ts';
import { runInvocation } from './invocation.ts';
import type { Captor } from './request.ts';
import { activeCaptor } from './request.ts';
import { findWaitUntil } from './wait-until.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

const FRAMEWORK = 'workers';

/** How a member is run, for a call that is one of a platform's. */
type Runner = (captor: Captor, args: readonly unknown[], handle: () => unknown) => unknown;

/** By member. What does not look like such a call is not theirs. */
const RUNNERS: Record<string, Runner> = {
  fetch(captor, [request, second, third], handle) {
    const call = request instanceof Request ? platformOf(request, second, third) : undefined;
    return call === undefined ? handle() : runFetch(captor, request as Request, call, handle);
  },
  scheduled: (captor, [event, , context], handle) => {
    const { cron, scheduledTime } = Object(event) as { cron?: unknown; scheduledTime?: unknown };
    if (typeof cron !== 'string') return handle();
    const metadata = { scheduledTime };
    return run(captor, 'cron', cron, metadata, undefined, context, handle);
  },
  queue: (captor, [batch, , context], handle) => {
    const { queue, messages } = Object(batch) as { queue?: unknown; messages?: unknown };
    if (typeof queue !== 'string' || !Array.isArray(messages)) return handle();
    const list = messages as { id: unknown; body: unknown; attempts: unknown }[];
    const metadata = { messageIds: list.map(({ id }) => id) };
    const payload = (): unknown => list.map(({ id, body, attempts }) => ({ id, body, attempts }));
    return run(captor, 'queue', queue, metadata, payload, context, handle);
  },
  email: (captor, [message, , context], handle) => {
    const { from, to } = Object(message) as { from?: unknown; to?: unknown };
    if (typeof from !== 'string' || typeof to !== 'string') return handle();
    return run(captor, 'custom', 'email', { from, to }, undefined, context, handle);
  },
};

/** Around an object that is exported by default: it stays itself, and its handlers are replaced. */
export const workerHandlers: EntryHook = ((_: unknown, __: string, target: unknown): unknown => {
  try {
    if (typeof target === 'object' && target !== null) adopt(target as Record<string, unknown>);
  } catch {
    // It does not let itself be changed.
  }
  return target;
}) as EntryHook;

let adopted: WeakSet<object> | undefined;

function adopt(handlers: Record<string, unknown>): void {
  adopted ??= new WeakSet();
  if (adopted.has(handlers)) return;
  adopted.add(handlers);
  for (const [name, runner] of Object.entries(RUNNERS)) {
    const property = Object.getOwnPropertyDescriptor(handlers, name);
    if (property?.writable !== true || typeof property.value !== 'function') continue;
    handlers[name] = wrapFunction(property.value as AnyFunction, (original, self, args) => {
      const handle = (): unknown => Reflect.apply(original, self, args);
      // The second argument has the environment; a process has its own.
      const captor = activeScope()?.closed === false ? undefined : activeCaptor(args[1]);
      if (captor === undefined) return handle();
      let began = false;
      const handleOnce = (): unknown => ((began = true), handle());
      try {
        return runner(captor, args, handleOnce);
      } catch (error) {
        if (began) throw error;
        // It does not let itself be looked at.
        captor.client.reportInternalError(error);
        return handle();
      }
    });
  }
}

/** Cloudflare hands out a context, Bun its server, Deno what it knows of the connection, and Vercel has a place of its own. */
function platformOf(request: Request, second: unknown, third: unknown): FetchCall | undefined {
  const { requestIP, remoteAddr } = Object(second) as {
    requestIP?: (request: Request) => { address?: string } | null;
    remoteAddr?: { hostname?: string };
  };
  if (typeof Object(third).waitUntil === 'function') return { framework: FRAMEWORK, contexts: [third] };
  if (typeof requestIP === 'function') return { framework: 'bun', sourceIp: addressOf(second, request) };
  if (typeof remoteAddr === 'object') return { framework: 'deno', sourceIp: remoteAddr.hostname };
  return findWaitUntil([second]) && { framework: 'vercel', contexts: [second] };
}

/** The client's address, by Bun's server. */
export function addressOf(server: unknown, request: Request): string | undefined {
  try {
    return (server as { requestIP(request: Request): { address?: string } | null }).requestIP(request)
      ?.address;
  } catch {
    return undefined;
  }
}

function run(
  captor: Captor,
  eventType: Call['eventType'],
  endpoint: string,
  metadata: Record<string, unknown>,
  payload: (() => unknown) | undefined,
  context: unknown,
  handle: () => unknown,
): unknown {
  const call = { eventType, framework: FRAMEWORK, endpoint, metadata, payload, contexts: [context] };
  return runInvocation(captor, () => call, handle);
}
