/**
 * Jobs, whoever runs them: each run has a scope of its own, and becomes one event. What a library is told by its job, a
 * return value, a throw or a promise, it is told as before.
 */
import { isPlainPromise } from '../observe/native-promise.ts';
import type { EventType } from '../protocol.ts';
import { activeScope, runInScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { Call, Invocation, Outcome } from './invocation.ts';
import { closeInvocation, openInvocation } from './invocation.ts';
import { activeCaptor } from './request.ts';
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
  /** What is kept of its result. */
  result?(value: unknown): unknown;
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

export type Description = Pick<Call, 'endpoint' | 'metadata' | 'payload'>;

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
    const invocation = open(kind, { self, args, ...registered });
    if (invocation === undefined) return Reflect.apply(original, self, args);
    return runOpened(kind, invocation, (end) => {
      const { done } = kind;
      const callback = done !== undefined && original.length > done ? args[done] : undefined;
      if (!isFunction(callback)) return followed(kind, Reflect.apply(original, self, args), end);
      const given = [...args];
      given[done as number] = noting(callback, end);
      return Reflect.apply(original, self, given);
    });
  });
}

/** Runs a job that is a method. What the application calls by itself, in a request or another job, is part of that. */
export function runMethod(kind: JobKind, run: Run, body: () => unknown): unknown {
  const invocation = activeScope()?.closed === false ? undefined : open(kind, run);
  return invocation ? runOpened(kind, invocation, (end) => followed(kind, body(), end, true)) : body();
}

/** @param call gives what the library is told, and ends the run */
function runOpened(
  kind: JobKind,
  invocation: Invocation,
  call: (end: (outcome: Outcome) => void) => unknown,
): unknown {
  const end = (outcome: Outcome): void => closeInvocation(invocation, keptOf(kind, outcome));
  return runInScope(invocation.opened.scope, () => {
    try {
      return call(end);
    } catch (error) {
      end({ error });
      throw error;
    }
  });
}

/** Undefined without a client, for what is no run, and where it cannot even be looked at. */
function open(kind: JobKind, run: Run): Invocation | undefined {
  const captor = activeCaptor();
  const { eventType, framework } = kind;
  return (
    captor &&
    openInvocation(captor, () => {
      const description = kind.describe(run);
      return description && { eventType, framework, ...description };
    })
  );
}

/** What is thrown to tell the library something is no failure. */
function keptOf(kind: JobKind, outcome: Outcome): Outcome {
  try {
    if ('value' in outcome && kind.result) return { value: kind.result(outcome.value) };
    return 'error' in outcome && kind.steers?.(outcome.error) === true ? { pending: true } : outcome;
  } catch {
    // It does not let itself be looked at.
    return outcome;
  }
}

/**
 * What the library gets in place of the job's result. A promise that it waits for is watched from the side. One that it may
 * drop is followed by another that settles the same way, so that a rejection is as unhandled as ever: nobody but the library
 * gets to see it.
 *
 * @param isShared whether the application may have called it, and drop it
 */
function followed(
  kind: JobKind,
  result: unknown,
  end: (outcome: Outcome) => void,
  isShared = false,
): unknown {
  const { awaits = false } = kind;
  const close = (value: unknown): unknown => {
    end({ value });
    return value;
  };
  try {
    if (isPlainPromise(result)) {
      const noteRejection = (error: unknown): void => end({ error });
      if (awaits && !isShared) return (void result.then(close, noteRejection), result);
      return result.then(close, (error: unknown) => {
        noteRejection(error);
        throw error;
      });
    }
    if (isFunction(Object(result).then)) {
      // Something lazy runs when it is asked, and once for each that asks: the library has to be the only one.
      if (awaits) return followed(kind, Promise.resolve(result), end);
      end({ pending: true });
    }
  } catch {
    // What throws when it is looked at is the library's.
  }
  return close(result);
}

/** The callback by which a job tells that it has ended. */
function noting(callback: AnyFunction, end: (outcome: Outcome) => void): AnyFunction {
  return wrapFunction(callback, (original, self, args) => {
    const [error, value] = args;
    end(error ? { error } : { value });
    return Reflect.apply(original, self, args);
  });
}
