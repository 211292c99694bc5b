/** What a request came to, where nobody told of a failure. */
import type { OwnDraft } from '../event/build-event.ts';
import { passageOf } from '../observe/trail.ts';
import type { Scope } from '../scope.ts';

/**
 * An answer of 500 and more is about the last error that left an observed function, and one of 400 and more about what was meant for
 * the client.
 */
export function failureBehind({ statusCode = 0 }: OwnDraft, scope: Scope): Scope['failure'] {
  const { thrown, refusal, trail } = scope;
  if (thrown !== undefined && statusCode >= 500) return { ...thrown, handled: true };
  if (refusal === undefined || statusCode < 400) return undefined;
  return { error: refusal, handled: false, passage: passageOf(refusal, trail) };
}
