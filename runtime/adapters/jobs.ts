/**
 * Jobs, whoever runs them: each run has a scope of its own, and becomes one event. What a library is told by its job, a
 * return value, a throw or a promise, it is told as before.
 */
import type { ReplayStackClient } from '../client.ts';
import { now } from '../clock.ts';
import type { EventDraft, OwnDraft } from '../event/build-event.ts';
import { createTraceId } from '../event/trace-id.ts';
import { addNote, toMilliseconds } from '../observe/breadcrumbs.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import { passageOf, toTrail } from '../observe/trail.ts';
import type { EventType } from '../protocol.ts';
import type { Scope } from '../scope.ts';
import { createScope, runInScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { quietly } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** How a library calls its jobs. */
export interface JobKind {
  eventType: EventType;
  /** The name of the library. */
  framework: string;
  /** Methods by which to tell that a value is what its jobs are registered on. */
  owner?: readonly string[];
  /** Names of the jobs in an object of options. */
  keys?: readonly string[];
  /** The library waits for whatever has a `then`, so that no rejection is left unhandled for being watched. */
  awaits?: boolean;
  /** The argument that is a callback for the end of the run, if the job declares so many. */
  done?: number;
  /** What is known of a run when it begins; undefined if it is none. May throw. */
  describe(run: Run): Description | undefined;
  /** Whether a job throws this to tell the library something, rather than because it failed. */
  steers?(error: unknown): boolean;
}

/** What a job is called with, and what it was registered with. */
export interface Run {
  self: unknown;
  args: readonly unknown[];
  /** Its own name, if the build saw one: a bundle's are minified. */
  name: string | undefined;
  /** The object that it was registered in. */
  options: Record<string, unknown>;
  /** What the build saw beside it: the schedule, or the name of the queue. */
  subject: unknown;
}

export interface Description {
  /** The name of the job. */
  endpoint: string;
  metadata: Record<string, unknown>;
  /** Reads what the job was given to work on. */
  payload?: () => unknown;
}

interface OpenRun {
  readonly client: ReplayStackClient;
  readonly scope: Scope;
  readonly kind: JobKind;
  readonly description: Description;
  readonly startedAt: number;
}

/** How a run ended. That `error` is there counts, since undefined can be thrown. */
type Outcome = { value: unknown } | { error: unknown } | { pending: true };

/**
 * What the hooks of all libraries do with an argument that may be a job, or hold one. Anything else is handed back.
 *
 * @param owner what it is registered on; `true` where the build is certain of it
 */
export function jobHook<T>(kind: JobKind, owner: unknown, argument: T, subject?: unknown, name?: string): T {
  try {
    // A process that fails while it starts has its guards by then.
    activeClient();
    if (owner !== true && !(kind.owner ?? []).every((name) => isFunction(Object(owner)[name]))) {
      return argument;
    }
    if (isFunction(argument)) return wrapJob(kind, argument, { name, options: {}, subject }) as T;
    return wrapOptions(kind, argument, { name, subject });
  } catch {
    return argument;
  }
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** A copy of the options, with the jobs in them wrapped. */
function wrapOptions<T>(kind: JobKind, argument: T, known: Pick<Run, 'name' | 'subject'>): T {
  if (kind.keys === undefined || typeof argument !== 'object' || argument === null) return argument;
  const properties = Object.getOwnPropertyDescriptors(argument) as PropertyDescriptorMap;
  const options = argument as Record<string, unknown>;
  const found = kind.keys.flatMap((key) => {
    const job: unknown = properties[key]?.value;
    return isFunction(job) ? [[key, job] as const] : [];
  });
  if (found.length === 0) return argument;
  for (const [key, job] of found) {
    properties[key] = { ...properties[key], value: wrapJob(kind, job, { ...known, options }) };
  }
  return Object.create(Object.getPrototypeOf(argument) as object | null, properties) as T;
}

function wrapJob(
  kind: JobKind,
  job: AnyFunction,
  registered: Pick<Run, 'name' | 'options' | 'subject'>,
): AnyFunction {
  return wrapFunction(job, (original, self, args) => {
    const open = openRun(kind, { ...registered, self, args });
    if (open === undefined) return Reflect.apply(original, self, args);
    return runInScope(open.scope, () => {
      const { done } = kind;
      const callback = done !== undefined && original.length > done ? args[done] : undefined;
      const given = isFunction(callback) ? [...args] : args;
      if (isFunction(callback)) given[done as number] = noting(open, callback);
      try {
        const result = Reflect.apply(original, self, given);
        return given === args ? followed(open, result) : result;
      } catch (error) {
        closeRun(open, { error });
        throw error;
      }
    });
  });
}

/** Undefined without a client, for what is no run, and where it cannot even be looked at. */
function openRun(kind: JobKind, run: Run): OpenRun | undefined {
  const client = activeClient();
  if (client === undefined) return undefined;
  try {
    const description = kind.describe(run);
    if (description === undefined) return undefined;
    const scope = createScope(createTraceId(), client.options.maxBreadcrumbs);
    Object.assign(scope.metadata, { framework: kind.framework }, description.metadata);
    const open = { client, scope, kind, description, startedAt: now() };
    scope.describe = describeRun;
    scope.exchange = open;
    addNote(scope.trail, 'Job started', 'job');
    return open;
  } catch (error) {
    client.reportInternalError(error);
    return undefined;
  }
}

/** For an error that ends the process, too. */
function describeRun(draft: EventDraft, open: unknown): void {
  const { client, kind, description } = open as OpenRun;
  draft.eventType = kind.eventType;
  draft.endpoint = description.endpoint;
  if (client.options.captureRequestBody) draft.requestPayload = description.payload?.();
}

/**
 * What the library gets in place of the job's result. A promise that it waits for is watched from the side. One that it may
 * drop is followed by another that settles the same way, so that a rejection is as unhandled as ever: nobody but the library
 * gets to see it.
 */
function followed(open: OpenRun, result: unknown): unknown {
  const { awaits = false } = open.kind;
  const close = (value: unknown): unknown => {
    closeRun(open, { value });
    return value;
  };
  try {
    if (isPlainPromise(result)) {
      const noteRejection = (error: unknown): void => closeRun(open, { error });
      if (awaits) return (void result.then(close, noteRejection), result);
      return result.then(close, (error: unknown) => {
        noteRejection(error);
        throw error;
      });
    }
    if (isFunction(Object(result).then)) {
      // Something lazy runs when it is asked, and once for each that asks: the library has to be the only one.
      if (awaits) return followed(open, Promise.resolve(result));
      closeRun(open, { pending: true });
    }
  } catch {
    // What throws when it is looked at is the library's.
  }
  return close(result);
}

/** The callback by which a job tells that it has ended. */
function noting(open: OpenRun, callback: AnyFunction): AnyFunction {
  return wrapFunction(callback, (original, self, args) => {
    const [error, value] = args;
    closeRun(open, error ? { error } : { value });
    return Reflect.apply(original, self, args);
  });
}

/** Sends the one event of the run. Never throws. */
function closeRun(open: OpenRun, outcome: Outcome): void {
  const { client, scope, kind, startedAt } = open;
  if (scope.closed) return;
  scope.closed = true;
  const executionTimeMs = toMilliseconds(now() - startedAt);
  quietly(client, () => {
    const draft: OwnDraft = { status: 'success', executionTimeMs };
    describeRun(draft, open);
    const steered = 'error' in outcome && kind.steers?.(outcome.error) === true;
    if (steered || 'pending' in outcome) draft.status = 'pending';
    else if ('error' in outcome) noteError(open, draft, outcome.error);
    else if (kind.eventType === 'queue' && client.options.captureResponseBody) {
      draft.responsePayload = outcome.value;
    }
    addNote(scope.trail, 'Job finished', 'job', 'info', { executionTimeMs });
    draft.traceId = scope.traceId;
    draft.logs = scope.logs;
    draft.metadata = scope.metadata;
    client.captureRequest(draft, scope)?.catch(() => {});
  });
  scope.exchange = undefined;
  scope.describe = undefined;
  scope.thrown = undefined;
}

function noteError({ client, scope }: OpenRun, draft: OwnDraft, error: unknown): void {
  const passage = passageOf(error, scope.trail);
  // Where nobody catches it, it comes to the process, which knows of no scope any more.
  for (const { trail } of [scope, client]) passageOf(error, trail).claimed = true;
  draft.status = 'failed';
  draft.error = error;
  scope.metadata['handled'] = false;
  scope.metadata['trail'] = toTrail(passage);
  addNote(scope.trail, 'Unhandled exception captured', 'exception', 'error');
}
