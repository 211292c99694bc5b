/** Errors of h3's, of either version: what is thrown, and whether the application answers it. */
import type { Scope } from '../scope.ts';
import { isKnownRequest } from '../requests.ts';
import { activeScope, createScope, runInScope } from '../scope.ts';
import { scopeOfRequest } from './node-http.ts';
import { telling } from './outcome.ts';
import { readAlong } from './read-along.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The part of an app's options that is used here. */
export interface H3Options {
  onError?: AnyFunction | undefined;
}

/** What answers an error is not to be wrapped again for another app that has it as well. */
let observed: WeakSet<AnyFunction> | undefined;

/**
 * What answers errors, where there is something: in the options of an app, which may be those of several.
 *
 * @param isOwn whether it is the application's, so that what it answers is handled
 */
export function observeAnswers(options: H3Options, isOwn: boolean): void {
  const { onError } = options;
  observed ??= new WeakSet();
  if (typeof onError !== 'function' || observed.has(onError) || Object.isFrozen(options)) return;
  options.onError = wrapFunction(onError, (original, self, args) => {
    const call = (): unknown => Reflect.apply(original, self, args);
    const [error, event] = args;
    const scope = scopeOf(event);
    if (scope === undefined) return call();
    noteError(scope, error);
    const run = (): unknown => (activeScope() === undefined ? runInScope(scope, call) : call());
    if (!isOwn) return run();
    return telling(
      run,
      () => {},
      (answer) => {
        readAlong(scope, answer);
        noteAnswer(scope, answer, event);
      },
    );
  });
  observed.add(options.onError);
}

/** Version 1 answers errors when its app is done, and the scope is left: whatever it asks of itself for that belongs there. */
function scopeOf(event: unknown): Scope | undefined {
  const request = requestOf(event);
  if (request === undefined || !isCaptured(event)) return undefined;
  // There is none for a path that is ignored.
  return activeScope() ?? scopeOfRequest(request) ?? createScope('', 0, true);
}

/** Whether an event is that of a request that is captured, and not of what is asked meanwhile. */
export function isCaptured(event: unknown): boolean {
  const request = requestOf(event);
  return request !== undefined && isKnownRequest(request);
}

function requestOf(event: unknown): object | undefined {
  const { node, req } = Object(event) as { node?: { req?: object }; req?: object };
  return node?.req ?? req;
}

/** Version 1 is told of an answer by the event, version 2 by what is returned. */
function noteAnswer({ failure }: Scope, answer: unknown, event: unknown): void {
  const { handled } = Object(event) as { handled?: boolean };
  if (failure && (handled ?? (answer !== undefined && answer !== null))) failure.handled = true;
}

/** Runs a handler, of which h3 answers what it throws, and takes an error that it returns for one that was thrown. */
export function noting(handle: () => unknown): unknown {
  const scope = activeScope();
  return telling(
    handle,
    (error) => noteError(scope, error),
    (value) => (value instanceof Error ? noteError(scope, value) : readAlong(scope, value)),
  );
}

/** What the application has thrown, of which h3 may have made an error of its own. */
export function noteError(scope: Scope | undefined, error: unknown): void {
  if (scope === undefined) return;
  let thrown = error;
  try {
    const { unhandled, cause, stack } = Object(error) as { unhandled?: boolean } & Partial<Error>;
    const isWrapped = unhandled === true || (stack !== undefined && stack === (cause as Error).stack);
    if (isWrapped && cause !== undefined) thrown = cause;
  } catch {
    // It has no cause, or none that lets itself be looked at.
  }
  // The same, as seen before h3 has made another of it.
  if (scope.failure !== undefined && thrown !== scope.failure.error && thrown === error) return;
  noteEscape(scope, thrown, false);
}
