/** What can be told of a thrown value, which may be anything and may throw when it is looked at. */
import type { StackFrame } from '../protocol.ts';

export interface ErrorInfo {
  name?: string;
  /** A text, or the thrown value itself if it carries none. */
  message: unknown;
  stack?: string;
  /** Of the stack, once they were read. */
  stackFrames?: StackFrame[];
  cause?: ErrorInfo;
  /** The errors of an AggregateError. */
  errors?: ErrorInfo[];
}

const MAX_DEPTH = 5;
const MAX_ERRORS = 10;

/**
 * Reads name, message and stack, each once: to read a stack formats it. Causes are read five deep at most; an error met
 * again ends its branch.
 */
export function readError(error: unknown, path: readonly unknown[] = []): ErrorInfo {
  const read = (key: string): unknown => {
    try {
      return typeof error === 'object' && error !== null
        ? (error as Record<string, unknown>)[key]
        : undefined;
    } catch {
      return undefined;
    }
  };
  const [name, message, stack, cause, errors] = ['name', 'message', 'stack', 'cause', 'errors'].map(read);
  const info: ErrorInfo = { message: typeof message === 'string' ? message : error };
  if (typeof name === 'string' && name) info.name = name;
  if (typeof stack === 'string' && stack) info.stack = stack;
  const seen = [...path, error];
  const isNew = (one: unknown): boolean => seen.length <= MAX_DEPTH && !seen.includes(one);
  if (cause !== undefined && isNew(cause)) info.cause = readError(cause, seen);
  try {
    // Validation errors have `errors` that are none.
    if (Array.isArray(errors) && errors[0] instanceof Error) {
      const some = errors.slice(0, MAX_ERRORS).filter(isNew);
      info.errors = some.map((one) => readError(one, seen));
    }
  } catch {
    // A Proxy that was revoked.
  }
  return info;
}
