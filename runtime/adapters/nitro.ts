/** Nitro 2 and 3, on h3 1 and 2: its own app, by a plugin of Nitro's. */
import type { OwnDraft } from '../event/build-event.ts';
import { toEndpoint } from '../event/url.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { adoptHandler, adoptRequests } from './h3.ts';
import type { H3Options } from './h3-errors.ts';
import { isCaptured, noteError, observeAnswers } from './h3-errors.ts';
import { adoptEvents } from './h3-events.ts';
import type { Captor } from './request.ts';
import { activeCaptor } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { replaceMethod } from './wrap-function.ts';

/** What Nitro gives its plugins. */
interface NitroApp extends Record<string, unknown> {
  hooks: { hook(name: string, listener: AnyFunction): unknown };
  /** Nitro 2. */
  h3App?: { handler: AnyFunction; options: H3Options };
  /** Nitro 3, by the names that it had before and after version 3.0 was out. */
  _h3?: Record<string, unknown>;
  h3?: Record<string, unknown>;
}

/** What Nitro hands out without asking the application. */
export interface PublicPaths {
  /** Where there are files: paths that are ignored, as the client's options have them. */
  files: readonly string[];
  /** Where there is what was rendered in advance: each path for itself, as others below it may be the application's. */
  pages: readonly string[];
}

/** Where an error comes from, as Nitro tells its hooks. */
interface ErrorContext {
  event?: unknown;
  tags?: readonly string[];
}

/**
 * The plugin of Nitro's: it is called with the app before there is a server.
 *
 * @param publicPaths of which there are no events
 * @param finish adds what a framework around it knows of its answers
 */
export function adoptNitro(
  app: unknown,
  framework: string,
  { files, pages }: PublicPaths = { files: [], pages: [] },
  finish?: (draft: OwnDraft) => void,
): void {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    const findCaptor = ignoring(files);
    const { h3App, h3, _h3, hooks } = app as NitroApp;
    if (h3App !== undefined) {
      passing(pages, h3App, 'handler', () => adoptEvents(h3App, framework, findCaptor, finish));
      return observeAnswers(h3App.options, false);
    }
    passing(pages, app as Record<'fetch', AnyFunction>, 'fetch', () =>
      adoptRequests(app as NitroApp, 'fetch', framework, findCaptor),
    );
    for (const inner of [h3, _h3]) if (inner !== undefined) adoptHandler(inner);
    hooks.hook('error', (error, context) => noteErrorOf(error, Object(context) as ErrorContext));
  } catch {
    // Not the one we know.
  }
}

/** Has a method adopted, but for what asks for one of the pages: an event, or a Request. */
function passing<K extends string>(
  pages: readonly string[],
  owner: Record<K, AnyFunction>,
  name: K,
  adopt: () => void,
): void {
  const plain = owner[name];
  adopt();
  if (pages.length === 0) return;
  const known = new Set(pages);
  replaceMethod(owner, name, (adopted, self, args) => {
    const { method, path, url } = Object(args[0]) as { method?: string; path?: string; url?: string };
    const isPage = (method === 'GET' || method === 'HEAD') && known.has(toEndpoint(path ?? url ?? ''));
    return Reflect.apply(isPage ? plain : adopted, self, args);
  });
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
