/** Errors of Elysia's: what is thrown, and whether the application answers it. */
import { activeScope } from '../scope.ts';
import type { ElysiaApp, Hook } from './elysia-routes.ts';
import { routeOf, visitOf } from './elysia-routes.ts';
import { telling } from './outcome.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** Hooks are those of several routes, and of the apps that a plugin is used by. */
let observed: WeakSet<object> | undefined;

/** What answers errors when no hook has done so; Elysia puts what it compiles in its place. */
export function adoptErrors(app: ElysiaApp): void {
  const observe = (answer: AnyFunction): AnyFunction =>
    wrapFunction(answer, (original, self, args) => {
      noteError(args[1], false);
      return Reflect.apply(original, self, args);
    });
  let handleError = observe(app.handleError);
  Object.defineProperty(app, 'handleError', {
    enumerable: true,
    configurable: true,
    get: () => handleError,
    set(answer: AnyFunction) {
      handleError = observe(answer);
    },
  });
}

/** The application's hooks for errors: those of the app, and those of its routes. */
export function observeAnswers({ event, router }: ElysiaApp): void {
  for (const { error } of [event, ...router.history.map(({ hooks }) => hooks)]) {
    if (Array.isArray(error)) for (const hook of error) if (!Object.isFrozen(hook)) observeAnswer(hook);
  }
}

function observeAnswer(hook: Hook): void {
  const { fn } = hook;
  observed ??= new WeakSet();
  if (typeof fn !== 'function' || observed.has(fn)) return;
  hook.fn = wrapFunction(fn, (original, self, args) => {
    const error = (args[0] as { error?: unknown } | undefined)?.error;
    noteError(error, false);
    return telling(
      () => Reflect.apply(original, self, args),
      () => {},
      (answer) => {
        if (answer !== undefined && answer !== null) noteError(error, true);
      },
    );
  });
  // Elysia reads it.
  Object.defineProperty(hook.fn, 'toString', { value: () => fn.toString(), configurable: true });
  observed.add(hook.fn);
}

function noteError(error: unknown, handled: boolean): void {
  try {
    const scope = activeScope();
    if (scope === undefined || isStatus(error)) return;
    const { code } = Object(error) as { code?: unknown };
    // What Elysia says of a path that leads nowhere.
    if (code === 'NOT_FOUND' && routeOf(visitOf(scope)) === undefined) return;
    noteEscape(scope, error, handled || answersItself(error));
  } catch {
    // The error of the application matters, ours does not.
  }
}

/** What `status()` gives is an answer, also where it is thrown. */
function isStatus(error: unknown): boolean {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'response' in error;
}

/** That of a schema does so as well, but it is Elysia that has made it. */
function answersItself(error: unknown): boolean {
  const { code, toResponse } = Object(error) as { code?: unknown; toResponse?: unknown };
  return typeof toResponse === 'function' && code !== 'VALIDATION';
}
