/** What belongs to one request or job: its trace id, breadcrumbs and logs, and the error that ended it. */
import { createBreadcrumbs } from './observe/breadcrumbs.ts';
import type { Breadcrumbs } from './observe/breadcrumbs.ts';
import type { WaitUntil } from './adapters/wait-until.ts';
import type { EventDraft, OwnDraft } from './event/build-event.ts';
import type { ResolvedOptions } from './options/resolve-options.ts';
import type { EventType, LogEntry } from './protocol.ts';
import { runtime } from './state.ts';
import type { Passage } from './observe/trail.ts';
import { createAsyncStorage } from '#platform';

export interface Scope {
  readonly traceId: string;
  readonly trail: Breadcrumbs;
  readonly logs: LogEntry[];
  /** Of a request as it came, without query; of anything else the name. */
  path: string;
  /** It is a request of which no handler of the application's has been seen, and no event is to come as long as that is so. */
  unclaimed: boolean;
  /** No event of the scope is to come: it is out, though work goes on behind it, or there never was to be one. */
  closed: boolean;
  /** What its event is about, where that is not what such scopes are about. */
  eventType: EventType | undefined;
  /** Whoever opened it may make a request of Node's of it and hand that to a framework: which is the same request then. */
  passesOn: boolean;
  /** The error that escaped the handler; a field of its own, since undefined can be thrown. */
  failure: { error: unknown; handled: boolean; passage: Passage } | undefined;
  /** The last error that left an observed function, whoever caught it. */
  thrown: { error: unknown; passage: Passage } | undefined;
  /** The first error that is meant for the client: what the request came to, if its status says so and nothing failed. */
  refusal: unknown;
  /** What the adapter learns on the way: the route's pattern, for one. */
  readonly metadata: Record<string, unknown>;
  /** The framework's context object, where it knows more at the end than at the beginning. */
  context: object | undefined;
  /** The request's, as something behind the handler read it: for frameworks that do not read it themselves. */
  body: unknown;
  /** Those of the request, where middleware wants them other than the client's. */
  options: ResolvedOptions | undefined;
  /** Where the platform stops the program with its response: makes it wait for what is to be sent. */
  waitUntil: WaitUntil | undefined;
  /** Puts into a draft what is known of the request so far, for an error that ends the process before there is an answer. */
  describe: ((draft: EventDraft, exchange: unknown) => void) | undefined;
  /** Adds what the framework knows only when the request has ended, or knows better than its bytes tell. */
  atEnd: ((scope: Scope, draft: OwnDraft) => void) | undefined;
  /** What `describe` is told of the request. Not in a closure: that would outlive the request, in the eyes of the garbage collector. */
  exchange: unknown;
}

export function createScope(traceId: string, maxBreadcrumbs: number, muted = false): Scope {
  return {
    traceId,
    trail: createBreadcrumbs(maxBreadcrumbs, muted),
    logs: [],
    path: '',
    unclaimed: false,
    closed: false,
    eventType: undefined,
    passesOn: false,
    failure: undefined,
    thrown: undefined,
    refusal: undefined,
    metadata: {},
    context: undefined,
    body: undefined,
    options: undefined,
    waitUntil: undefined,
    describe: undefined,
    exchange: undefined,
    atEnd: undefined,
  };
}

/**
 * Runs the body inside the scope. AsyncLocalStorage is created here, by the first scope of the process: on Node 20 its
 * first use slows every async call, so an application without an API key must never come this far.
 */
export function runInScope<R>(scope: Scope, body: () => R): R {
  const state = runtime();
  state.storage ??= createAsyncStorage<Scope | undefined>();
  if (state.storage === undefined) return body();
  let threw = true;
  try {
    const result = state.storage.run(scope, body);
    threw = false;
    return result;
  } finally {
    // A `catch` would move the position that Node prints above a fatal error.
    if (threw) leaveByError(scope);
  }
}

/** If nobody catches the error, guards are told of it before the next microtask, when the scope has been left. */
function leaveByError(scope: Scope): void {
  const state = runtime();
  state.left ??= scope;
  queueMicrotask(() => (state.left = undefined));
}

/** Goes on in the scope for as long as the caller runs, and with all that it starts. */
export function enterScope(scope: Scope): void {
  const state = runtime();
  state.storage ??= createAsyncStorage<Scope | undefined>();
  state.storage?.enterWith?.(scope);
}

/** Runs what is ours and no part of what any request does, such as a delivery. */
export function runOutside<R>(body: () => R): R {
  const { storage } = runtime();
  return storage?.getStore() === undefined ? body() : storage.run(undefined, body);
}

/** Whether the caller is part of a request, or job, of which an event is to come. */
export function isInside(): boolean {
  const scope = activeScope();
  return scope !== undefined && !scope.closed && !scope.unclaimed;
}

/** The innermost scope that the caller runs in. */
export function activeScope(): Scope | undefined {
  return runtime().storage?.getStore();
}
