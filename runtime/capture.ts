/** The way of an event from its capture to its delivery: announced at once, built later, sent when its turn comes. */
import type { Delivery } from './delivery/delivery.ts';
import { createEnding } from './delivery/ending.ts';
import type { Parcel } from './delivery/parcel.ts';
import type { EventBuilder, OwnDraft } from './event/build-event.ts';
import { createLater } from './later.ts';
import type { ResolvedOptions } from './options/resolve-options.ts';
import type { Scope } from './scope.ts';
import { runtime } from './state.ts';
import { defer, lasting } from '#platform';

/** @returns undefined if nobody waits for it to be sent */
export type Capture = (draft: OwnDraft, scope: Scope | undefined) => Promise<void> | undefined;

/** Gives what is called when an event has been sent, or has failed. It waits with the event, and must not know the draft. */
type Ending = (failure?: unknown) => (error?: Error) => void;

function ignore(): void {}

/** Of an event that nobody waits for. */
const nobody: Ending = () => ignore;

/** @param report told of an event that could not be built */
export function createCapture(
  { asyncSend, raiseOnError }: ResolvedOptions,
  builder: EventBuilder,
  delivery: Delivery,
  report: (error: unknown) => void,
): Capture {
  // Where requests share nothing, each has a macrotask of its own.
  const later = lasting ? createLater(report) : defer;

  function build(draft: OwnDraft, parcel: Readonly<Parcel>, ending: Ending): void {
    const complete = (json: string | undefined, failure?: unknown): void =>
      delivery.complete(parcel.id, json, ending(failure));
    const fail = (error: unknown): void => {
      report(error);
      complete(undefined, error);
    };
    if (parcel.build === undefined) return complete(parcel.json);
    let json: string | Promise<string>;
    try {
      json = builder.build(draft);
    } catch (error) {
      return fail(error);
    }
    if (typeof json === 'string') complete(json);
    else json.then(complete).catch(fail);
  }

  return (draft, scope) => {
    const parcel = delivery.begin((isLast) => builder.buildNow(draft, isLast), !('error' in draft));
    runtime().guards?.wake();
    if (parcel === undefined) return undefined;
    if (asyncSend && scope?.waitUntil === undefined) {
      later(() => build(draft, parcel, nobody));
      return undefined;
    }
    const sent = new Promise<void>((resolve, reject) => {
      // With asyncSend: false somebody waits, which keeps the process alive.
      const hold = asyncSend ? undefined : setInterval(() => {}, 2 ** 30);
      const raise = raiseOnError && !asyncSend ? reject : undefined;
      later(() => build(draft, parcel, (failure) => createEnding(resolve, raise, hold, failure)));
    });
    scope?.waitUntil?.(sent.catch(() => {}));
    return asyncSend ? undefined : sent;
  };
}
