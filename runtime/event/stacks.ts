/** The frames of an error, and of the errors that it brings along: all of them are mapped together. */
import type { MappedStack } from '../platform/types.ts';
import type { StackFrame } from '../protocol.ts';
import { parseStackTrace } from '../stack/parse.ts';
import type { ErrorInfo } from './error-info.ts';

/** Of all that an error brings along together; its own stack has no more either. */
const MAX_FRAMES = 100;

/** Gives frames to every error that has a stack. @returns those of all, undefined if there is no stack */
export function readFrames(thrown: ErrorInfo): StackFrame[] | undefined {
  const errors = withStacks(thrown);
  if (errors.length === 0) return undefined;
  let room = MAX_FRAMES;
  for (const error of errors) {
    error.stackFrames = room > 0 ? framesOf(error).slice(0, room) : [];
    if (error !== thrown) room -= error.stackFrames.length;
  }
  return errors.flatMap(({ stackFrames = [] }) => stackFrames);
}

/** Puts frames that were mapped where {@link readFrames} took them from. */
export function placeFrames(thrown: ErrorInfo, { frames }: MappedStack): void {
  let at = 0;
  for (const error of withStacks(thrown))
    error.stackFrames = frames.slice(at, (at += error.stackFrames?.length ?? 0));
}

function withStacks(error: ErrorInfo): ErrorInfo[] {
  const brought = [error.cause ?? [], error.errors ?? []].flat().flatMap(withStacks);
  return error.stack === undefined ? brought : [error, ...brought];
}

function framesOf({ name, message, stack = '' }: ErrorInfo): StackFrame[] {
  try {
    return parseStackTrace(stack, `${name}: ${String(message)}`);
  } catch {
    return [];
  }
}
