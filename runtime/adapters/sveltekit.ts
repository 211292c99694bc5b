/**
 * SvelteKit. The scope opens around the hook `handle`, the application's own included: it sees each request before anything else
 * does, and the answer as it goes out.
 */
import { UNREADABLE } from '../event/written.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { decoded, revive } from './devalue.ts';
import { activeCaptor, noteEscape, quietly } from './request.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The parts of an event that are read here. */
interface KitEvent {
  request: Request;
  route: { id: string | null };
  isDataRequest?: boolean;
  isRemoteRequest?: boolean;
  platform?: { context?: unknown; ctx?: unknown };
  /** Null where the platform does not tell. */
  getClientAddress(): string | null;
}

interface Hooks {
  handle: AnyFunction;
  handleError: AnyFunction;
}

/** Injected around the options of SvelteKit's server, which is to put the application's hooks there. Returns its argument. */
export function svelteKitOptions<T>(_name: string, _route: string, options: T): T {
  try {
    let hooks: unknown = (options as { hooks: unknown }).hooks;
    Object.defineProperty(options, 'hooks', {
      get: () => hooks,
      set(given: Hooks) {
        hooks = given;
        adopt(given);
      },
      enumerable: true,
      configurable: true,
    });
  } catch {
    // Not those we know.
  }
  return options;
}

function adopt(hooks: Hooks): void {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    const { handle, handleError } = hooks;
    hooks.handle = wrapFunction(handle, (original, self, args) =>
      capture(args, () => Reflect.apply(original, self, args)),
    );
    hooks.handleError = wrapFunction(handleError, (original, self, args) => {
      noteError(args[0]);
      return Reflect.apply(original, self, args);
    });
  } catch {
    // Not those we know.
  }
}

/** A page that is not there is an error to SvelteKit, but nothing has failed. */
function noteError(told: unknown): void {
  const { error, status } = told as { error: unknown; status?: number };
  const scope = activeScope();
  if (scope !== undefined && status !== 404) noteEscape(scope, error, false);
}

function capture([input]: unknown[], handle: () => unknown): unknown {
  const captor = activeCaptor();
  const { event } = input as { event: KitEvent };
  const address = captor && addressOf(event);
  if (captor === undefined || address === null) return handle();
  const { request, platform } = event;
  let body: unknown;
  if (captor.options.captureRequestBody) {
    quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
  }
  const exchange = {
    framework: 'sveltekit',
    sourceIp: address ?? sourceIpOf(request),
    requestBody: async () => (event.isRemoteRequest === true ? UNREADABLE : plainBody(body)),
    contexts: [platform?.context, platform?.ctx],
    plainAnswer: (answer: unknown) => plainAnswer(event, answer),
    statusOf,
    isFailure: (error: unknown) => statusOf(error) >= 500,
  };
  const handleRoute = (): unknown => {
    const scope = activeScope();
    // What a page fetches from its own server is part of its request.
    if (scope !== undefined && event.route.id !== null) scope.metadata['route'] ??= event.route.id;
    return handle();
  };
  return runWebRequest(request, exchange, handleRoute, captor);
}

/** `redirect()` and `error()` tell what is answered, whatever else is thrown in a hook does not. Never throws. */
function statusOf(thrown: unknown): number {
  try {
    const { status, location, body } = Object(thrown) as {
      status?: unknown;
      location?: unknown;
      body?: { message?: unknown } | null;
    };
    const isTold = location !== undefined || body?.message !== undefined;
    return isTold && typeof status === 'number' ? status : 500;
  } catch {
    return 500;
  }
}

/** Data of pages, what actions return to a script, and what remote functions take and give. */
function plainAnswer({ request, isDataRequest, isRemoteRequest }: KitEvent, body: unknown): unknown {
  if (isRemoteRequest === true) return decoded(body, reviveResult);
  if (isDataRequest === true) {
    // Line by line, as what is awaited comes later.
    return typeof body === 'string' && body.trim().includes('\n')
      ? body
          .trim()
          .split('\n')
          .map((line) => decoded(line, reviveData))
      : decoded(body, reviveData);
  }
  return request.method === 'POST' && isAction(body) ? decoded(body, reviveResult) : body;
}

/** An endpoint may answer something else. */
function isAction(body: unknown): boolean {
  return typeof body === 'string' && /^\{"type":"(?:success|failure)","status":\d+,"data":"/.test(body);
}

/** `{ type: 'data', nodes: [{ type: 'data', data }] }`, and behind it `{ type: 'chunk', id, data }`. */
function reviveData(value: unknown): unknown {
  const { nodes, data, ...rest } = value as { nodes?: unknown[]; data?: unknown };
  if (nodes !== undefined) return { ...rest, nodes: nodes.map((node) => node && reviveData(node)) };
  return data === undefined ? rest : { ...rest, data: revive(data) };
}

/** `{ type: 'success', status: 200, data: '[…]' }`, or with `result` of a remote function. */
function reviveResult(value: unknown): unknown {
  const { data, result, ...rest } = value as { data?: unknown; result?: unknown };
  const written = data ?? result;
  return typeof written === 'string' ? { ...rest, data: revive(JSON.parse(written)) } : rest;
}

/** Null while pages are rendered in advance, when nobody has asked for them. */
function addressOf(event: KitEvent): string | undefined | null {
  try {
    return event.getClientAddress() ?? undefined;
  } catch (error) {
    return /prerender/i.test(String(error)) ? null : undefined;
  }
}
