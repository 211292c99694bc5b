/** Nitro 2 and 3, on h3 1 and 2: its own app, by a plugin of Nitro's. */
import type { OwnDraft } from '../event/build-event.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { adoptHandler, adoptRequests } from './h3.ts';
import type { H3Options } from './h3-errors.ts';
import { isCaptured, noteError, observeAnswers } from './h3-errors.ts';
import { adoptEvents } from './h3-events.ts';
import type { Captor } from './request.ts';
import { activeCaptor } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';

/** What Nitro gives its plugins. */
interface NitroApp extends Record<string, unknown> {
  hooks: { hook(name: string, listener: AnyFunction): unknown };
  /** Nitro 2. */
  h3App?: { handler: AnyFunction; options: H3Options };
  /** Nitro 3, by the names that it had before and after version 3.0 was out. */
  _h3?: Record<string, unknown>;
  h3?: Record<string, unknown>;
}

/** Where an error comes from, as Nitro tells its hooks. */
interface ErrorContext {
  event?: unknown;
  tags?: readonly string[];
}

/**
 * The plugin of Nitro's: it is called with the app before there is a server.
 *
 * @param publicPaths where there are files, which are ignored
 * @param finish adds what a framework around it knows of its answers
 */
export function adoptNitro(
  app: unknown,
  framework: string,
  publicPaths: readonly string[] = [],
  finish?: (draft: OwnDraft) => void,
): void {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    const findCaptor = ignoring(publicPaths);
    const { h3App, h3, _h3, hooks } = app as NitroApp;
    if (h3App !== undefined) {
      adoptEvents(h3App, framework, findCaptor, finish);
      return observeAnswers(h3App.options, false);
    }
    adoptRequests(app as NitroApp, 'fetch', framework, findCaptor);
    for (const inner of [h3, _h3]) if (inner !== undefined) adoptHandler(inner);
    hooks.hook('error', (error, context) => noteErrorOf(error, Object(context) as ErrorContext));
  } catch {
    // Not the one we know.
  }
}

/** An application may tell of other errors, and of those of what it asks of itself. */
function noteErrorOf(error: unknown, { event, tags }: ErrorContext): void {
  if (tags?.join() === 'request' && isCaptured(event)) noteError(activeScope(), error);
}

/** The client's options are the same for as long as it is there. */
function ignoring(paths: readonly string[]): typeof activeCaptor {
  let known: Captor | undefined;
  return (bindings) => {
    const captor = activeCaptor(bindings);
    if (captor === undefined || captor.client === known?.client) return captor && known;
    const { client, options } = captor;
    const ignoredPaths = [...options.ignoredPaths, ...paths];
    return (known = { client, options: { ...options, ignoredPaths } });
  };
}
