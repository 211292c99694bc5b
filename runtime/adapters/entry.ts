/** Handlers that a framework calls by convention: what the build writes around them, or into them. */
import { activeScope } from '../scope.ts';
import { telling } from './outcome.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** A hook, as injected code calls it: around a value that is exported, or with `args` around all that is in a handler. */
export interface EntryHook {
  <T>(names: string | readonly string[], route: string, value: T): T;
  <R>(name: string, route: string, body: () => R, args: ArrayLike<unknown>): R;
}

/** The hook that runs handlers so. */
export function entryHook(
  run: (handle: () => unknown, args: ArrayLike<unknown>, route: string) => unknown,
): EntryHook {
  return ((names: string | readonly string[], route: string, target: unknown, args?: ArrayLike<unknown>) =>
    openEntry(names, target, args, (handle, values) => run(handle, values, route))) as EntryHook;
}

/** Runs a handler, and knows what it was called with. */
export type Through = (handle: () => unknown, args: ArrayLike<unknown>) => unknown;

/**
 * @param names what is exported, or those of its properties that are handlers; empty if it does not name the value
 * @param target a value that is exported; with `args`, all that is in a handler that was called with them
 * @returns what stands for the value; with `args`, what the handler returns
 */
export function openEntry(
  names: string | readonly string[],
  target: unknown,
  args: ArrayLike<unknown> | undefined,
  through: Through,
): unknown {
  if (args !== undefined) return through(target as () => unknown, args);
  try {
    return typeof names === 'string' ? standIn(names, target, through) : standIns(names, target, through);
  } catch {
    // It does not let itself be looked at.
    return target;
  }
}

function standIn(name: string, value: unknown, through: Through): unknown {
  if (typeof value !== 'function') return value;
  const handler = wrapFunction(value as AnyFunction, (original, self, args) =>
    through(() => Reflect.apply(original, self, args), args),
  );
  // The name that a function without one gets from what it is assigned to.
  if (value.name === '' && name !== '')
    Object.defineProperty(handler, 'name', { value: name, configurable: true });
  return handler;
}

/** `export const { GET, POST } = handlers`: nothing else of it is looked at. */
function standIns(names: readonly string[], value: unknown, through: Through): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const properties: PropertyDescriptorMap = {};
  for (const name of names) {
    properties[name] = { value: standIn('', (value as Record<string, unknown>)[name], through) };
  }
  return Object.create(value, properties);
}

/** Runs a handler whose framework answers what it throws. @param noteValue of what it gives */
export function noting(handle: () => unknown, noteValue?: (value: unknown) => void): unknown {
  const noteError = (error: unknown): void => {
    const scope = activeScope();
    if (scope !== undefined) noteEscape(scope, error, false);
  };
  return telling(handle, noteError, noteValue);
}
